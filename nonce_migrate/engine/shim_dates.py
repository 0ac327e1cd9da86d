"""Shims that are to go: those that are overdue, and those that soon will be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from nonce_migrate.engine.options import Options
from nonce_migrate.engine.tree import Tree
from nonce_migrate.expiry import Expiry, parse_expiry
from nonce_migrate.model import Code, Finding, Safety
from nonce_migrate.profile.schema import System
from nonce_migrate.resolve.modules import ModuleIndex
from nonce_migrate.shims.expiry import remove_in
from nonce_migrate.shims.shim import is_shim

_NOTICE = timedelta(days=30)
_STEP = (
    "`nonce-migrate shims list` tells who still uses it, `nonce-migrate shims remove` takes it "
    "away; `nonce-migrate apply --remove-in VALUE` puts it off"
)


def shim_files(index: ModuleIndex, tree: Tree) -> Iterator[tuple[str, System, bytes]]:
    """The legacy modules that are shims by now: path, system and bytes."""
    for module, system in sorted(index.legacy.items()):
        path = index.source_file(module)
        if path is None:
            continue
        try:
            data = tree.read(path)
        except OSError:
            continue
        if is_shim(data):
            yield path, system, data


def due_shims(options: Options, index: ModuleIndex, tree: Tree) -> Iterator[Finding]:
    """The shims, in the paths asked for, whose time is up or nearly so."""
    for path, system, data in shim_files(index, tree):
        named = remove_in(data)
        if named is None or not options.covers(path):
            continue
        line, text = named
        code, reason = _judged(options, index, tree, text)
        if code is not None:
            yield Finding(
                path, line, 1, code, system.name, system.module, Safety.MANUAL, "", reason, _STEP
            )


def _judged(options: Options, index: ModuleIndex, tree: Tree, text: str) -> tuple[Code | None, str]:
    """Whether a shim is due, and why."""
    try:
        expiry = parse_expiry(text)
    except ValueError as error:
        return Code.SHIM_EXPIRED, f"nobody can tell when the shim is to go: {error}"
    if expiry.day is not None:
        return _by_day(options, expiry)
    from nonce_migrate.engine.project_version import project_version

    version = project_version(tree, index.files)
    if version is None:
        return Code.SHIM_DUE, (
            f"the shim was to go {expiry.told}, and nothing tells the version of this project "
            "(pyproject.toml, setup.cfg or __version__)"
        )
    assert expiry.version is not None
    if version >= expiry.version:
        return Code.SHIM_EXPIRED, f"the shim was to go {expiry.told}; this project is {version}"
    return None, ""


def _by_day(options: Options, expiry: Expiry) -> tuple[Code | None, str]:
    if options.today is None or expiry.day is None:
        return None, ""
    left = expiry.day - options.today
    if left <= timedelta(0):
        return Code.SHIM_EXPIRED, f"the shim was to go {expiry.told}"
    if left <= _NOTICE:
        days = "1 day" if left.days == 1 else f"{left.days} days"
        return Code.SHIM_DUE, f"the shim is to go {expiry.told}, in {days}"
    return None, ""

"""The manager at the profile's target, and the shims in place of the legacy modules."""

from __future__ import annotations

import importlib.resources
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from nonce_migrate.engine.gathered import Gathered
from nonce_migrate.engine.options import Options
from nonce_migrate.engine.tree import Tree
from nonce_migrate.errors import ProjectError
from nonce_migrate.model import ChangeKind, FileChange, Refusal, ShimNote
from nonce_migrate.shims import build_shim, is_shim
from nonce_migrate.source import UnparsableError, decode, parse

MANAGER_MARKER = b"# nonce-migrate: consolidated nonce manager"
_VERSION = re.compile(rb'^__version__ = "([^"]+)"', re.M)


def packaged_manager() -> bytes:
    """The manager as this package ships it."""
    folder = importlib.resources.files("nonce_migrate.vendored")
    return folder.joinpath("consolidated_nonce_manager.py").read_bytes()


def manager_version(data: bytes) -> str:
    """The version that a copy of the manager names, "" where it names none."""
    match = _VERSION.search(data)
    return match.group(1).decode() if match else ""


def is_manager(data: bytes) -> bool:
    """Whether a file is a copy of our manager, by its marker."""
    return MANAGER_MARKER in b"\n".join(data.splitlines()[:5])


def manager_changes(
    options: Options, gathered: Gathered, tree: Tree
) -> tuple[list[FileChange], list[str]]:
    """The managers to install, one for each base, and notes on those left alone.

    Raises ProjectError where a file that is not ours stands at the target.
    """
    changes, notes = [], []
    new = packaged_manager()
    for base in gathered.project.index.bases:
        path = gathered.project.index.target_path(base)
        try:
            old: bytes | None = tree.read(path)
        except FileNotFoundError:
            old = None
        except OSError as error:
            raise ProjectError(f"{path}: {error.strerror}: make it readable first") from None
        if old == new:
            continue
        if old is not None and not options.force:
            if not is_manager(old):
                raise ProjectError(
                    f"{path}: a file that is not ours stands where the manager goes: "
                    "move it away, or overwrite it with --force"
                )
            notes.append(
                f"{path}: the manager there (version {manager_version(old) or 'unknown'}) differs "
                "from the packaged one and was left alone; --force replaces it"
            )
            continue
        changes.append(FileChange(path, ChangeKind.MANAGER, old, new))
    return changes, notes


def legacy_files(options: Options, gathered: Gathered, tree: Tree) -> Iterator[tuple[str, bytes]]:
    """The legacy modules that are files of the tree and no shims yet, with their bytes."""
    index = gathered.project.index
    for module in sorted(index.legacy):
        path = index.source_file(module)
        if path is None or not options.covers(path):
            continue
        try:
            data = tree.read(path)
        except OSError:
            continue
        if not is_shim(data):
            yield path, data


def shim_changes(
    options: Options, gathered: Gathered, tree: Tree
) -> tuple[list[FileChange], list[ShimNote], list[Refusal]]:
    """A shim in place of each legacy module."""
    changes: list[FileChange] = []
    notes: list[ShimNote] = []
    refusals: list[Refusal] = []
    index = gathered.project.index
    for path, data in legacy_files(options, gathered, tree):
        if not options.may_edit(path):
            continue
        system = index.legacy.get(path) or index.legacy[str(PurePosixPath(path).parent)]
        try:
            source = decode(path, data)
            parse(source.text)
        except UnparsableError as error:
            refusals.append(Refusal(path, f"no shim can be made of it: {error}"))
            continue
        base = index.base_of(path)
        target = PurePosixPath(index.target_path(base)).relative_to(base or ".")
        here = PurePosixPath(path).relative_to(base or ".")
        shim = build_shim(options.profile, system, here, target, source.text)
        after = shim.text.replace("\n", "\r\n" if source.newline == "\r\n" else "\n").encode()
        changes.append(FileChange(path, ChangeKind.SHIM, data, after))
        notes.append(ShimNote(path, system.name, shim.kept_names, shim.dropped))
    return changes, notes, refusals

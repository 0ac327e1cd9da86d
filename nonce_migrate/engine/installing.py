"""The manager at the profile's target, and the shims in place of the legacy modules."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from nonce_migrate.engine.copies import (
    Standing,
    is_manager,
    lacking,
    manager_version,
    packaged_manager,
    releases,
    standing,
)
from nonce_migrate.engine.gathered import Gathered
from nonce_migrate.engine.options import Options
from nonce_migrate.engine.shim_dates import shim_files
from nonce_migrate.engine.tree import Tree
from nonce_migrate.errors import ProjectError
from nonce_migrate.plans import ChangeKind, FileChange, Refusal, ShimNote
from nonce_migrate.shims.build import build_shim
from nonce_migrate.shims.expiry import remove_in, with_remove_in
from nonce_migrate.shims.shim import is_shim
from nonce_migrate.source import UnparsableError, decode, parse

_MOST_NAMES = 3


def manager_changes(
    options: Options, gathered: Gathered, tree: Tree, *, needed: bool
) -> tuple[list[FileChange], list[str]]:
    """The managers to install or to renew, and notes on those left alone.

    needed: whether something imports the target, so that it is to be installed where it is missing.
    Raises ProjectError where a file that is not ours stands at the target, and where an upgrade was
    asked for that would throw edits away.
    """
    changes, notes = [], []
    for base in gathered.project.index.bases:
        path = gathered.project.index.target_path(base)
        try:
            old: bytes | None = tree.read(path)
        except FileNotFoundError:
            old = None
        except OSError as error:
            raise ProjectError(f"{path}: {error.strerror}: make it readable first") from None
        if old is None:
            if needed:
                changes.append(FileChange(path, ChangeKind.MANAGER, None, packaged_manager()))
            continue
        note = _left_alone(options, path, old, needed=needed)
        if note is None:
            changes.append(_renewed(path, old))
            notes += [_restart(path, old)] if is_manager(old) else []
        elif note:
            notes.append(note)
    return changes, notes


def _left_alone(options: Options, path: str, old: bytes, *, needed: bool) -> str | None:
    """Why a file at the target stays: "" where it is what belongs there, None where it goes.

    needed: whether code is moved onto it. Raises ProjectError.
    """
    found = standing(old, releases())
    if found is Standing.CURRENT:
        return ""
    if options.force or (found is Standing.OUTDATED and options.upgrade):
        return None
    if found is Standing.FOREIGN:
        raise ProjectError(
            f"{path}: a file that is not ours stands where the manager goes: "
            "move it away, or overwrite it with --force"
        )
    version = manager_version(old) or "unknown"
    what = {
        Standing.OUTDATED: "is out of date",
        Standing.NEWER: "is newer than the packaged one",
        Standing.EDITED: "was edited",
    }[found]
    told = f"{path}: the manager there (version {version}) {what}"
    if options.upgrade:
        raise ProjectError(f"{told}: only --force puts version {releases()[-1].version} there")
    option = "--upgrade-manager" if found is Standing.OUTDATED else "--force"
    missing = lacking(old) if needed else ()
    if missing:
        names = ", ".join(missing[:_MOST_NAMES]) + (", ..." if missing[_MOST_NAMES:] else "")
        raise ProjectError(
            f"{told} and lacks what is moved onto it ({names}): {option} replaces it"
        )
    return f"{told} and was left alone; {option} replaces it"


def _renewed(path: str, old: bytes) -> FileChange:
    """The packaged manager in the place of a copy, with the line ends that this one has."""
    new = packaged_manager()
    if b"\r\n" in old:
        new = new.replace(b"\n", b"\r\n")
    return FileChange(path, ChangeKind.MANAGER, old, new)


def _restart(path: str, old: bytes) -> str:
    version = manager_version(old) or "unknown"
    return (
        f"{path}: version {version} was replaced by {releases()[-1].version}; restart every "
        "process of the bot, so that all of them run the same manager"
    )


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


def date_changes(options: Options, gathered: Gathered, tree: Tree) -> list[FileChange]:
    """The shims that are there and name another day or version than the run does."""
    changes = []
    for path, _, data in shim_files(gathered.project.index, tree):
        named = remove_in(data)
        now = named[1] if named else ""
        if options.remove_in is None or options.remove_in == now or not options.may_edit(path):
            continue
        try:
            source = decode(path, data)
        except UnparsableError:
            continue
        text = with_remove_in(source.text.replace("\r\n", "\n"), options.remove_in)
        after = source.encode(text.replace("\n", source.newline))
        if after != data:
            changes.append(FileChange(path, ChangeKind.SHIM, data, after))
    return changes


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
        until = options.remove_in or ""
        shim = build_shim(options.profile, system, here, target, source.text, until)
        after = shim.text.replace("\n", "\r\n" if source.newline == "\r\n" else "\n").encode()
        changes.append(FileChange(path, ChangeKind.SHIM, data, after))
        notes.append(ShimNote(path, system.name, shim.kept_names, shim.dropped))
    return changes, notes, refusals

"""Writes a plan: all new files are staged before the first one is put in place."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

from nonce_migrate.errors import ProjectError
from nonce_migrate.model import ChangeKind, FileChange, Plan

_ORDER = (ChangeKind.MANAGER, ChangeKind.REWRITE, ChangeKind.SHIM)


def write(plan: Plan) -> None:
    """Puts every change in place, each file atomically, modes kept.

    Raises ProjectError with nothing changed where a file has changed since it was read, or cannot
    be staged (folder not writable, disk full).
    """
    root = Path(plan.scan.root)
    staged: list[tuple[Path, Path]] = []
    # The manager first and the shims last: whatever is in place then finds what it imports.
    changes = sorted(plan.changes, key=lambda change: (_ORDER.index(change.kind), change.path))
    done = 0
    try:
        for change in changes:
            _check_unchanged(root, change)
        for change in changes:
            staged.append(_stage(root, change))
        while staged:
            temporary, target = staged[0]
            temporary.replace(target)
            staged.pop(0)
            done += 1
    except OSError as error:
        name = error.filename2 or error.filename or root
        left = f"{done} of {len(changes)} files are in place" if done else "nothing was written"
        raise ProjectError(f"{name}: {error.strerror}: {left}") from None
    finally:
        for temporary, _ in staged:
            temporary.unlink(missing_ok=True)


def _check_unchanged(root: Path, change: FileChange) -> None:
    path = root / change.path
    try:
        now: bytes | None = path.read_bytes()
    except FileNotFoundError:
        now = None
    if now != change.before:
        raise ProjectError(f"{path}: changed while it was looked at: run apply again")


def _stage(root: Path, change: FileChange) -> tuple[Path, Path]:
    target = root / change.path
    if change.before is None:
        target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".nonce-migrate-", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(change.after)
            file.flush()
            os.fsync(file.fileno())
        mode = stat.S_IMODE(target.stat().st_mode) if change.before is not None else 0o644
        temporary.chmod(mode)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    return temporary, target

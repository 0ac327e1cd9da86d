"""What has to be so before a file may be written: everything that is not is told at once."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

from nonce_migrate.errors import ProjectError
from nonce_migrate.transaction.git import Uncommitted
from nonce_migrate.transaction.journal import Role, Write
from nonce_migrate.visible import visible

_LEAVE_OUT = "or leave it out with --exclude"


class GateError(ProjectError):
    """Files that must not be written, one line each. Nothing was."""


def settle_places(root: Path, writes: Iterable[Write]) -> tuple[Write, ...]:
    """The writes with symbolic links in their paths resolved.

    Raises GateError where a link leads a file of the program out of the project.
    """
    settled, problems = [], []
    real_folder = cache(os.path.realpath)
    for write in writes:
        real = _real(root / write.path, real_folder)
        if real.is_relative_to(root):
            path = real.relative_to(root).as_posix()
        elif write.role is Role.REPORT:
            path = str(real)
        else:
            problems.append(
                f"{visible(write.path)}: a symbolic link leads out of the project, to "
                f"{visible(str(real))}: it is never written; {_LEAVE_OUT.removeprefix('or ')}"
            )
            continue
        settled.append(Write(path, write.before, write.after, write.role))
    _stop(problems)
    return tuple(settled)


def _real(path: Path, real_folder: Callable[[Path], str]) -> Path:
    """The path without symbolic links. real_folder: gives that of a folder."""
    if path.name == ".." or path.is_symlink():
        return Path(os.path.realpath(path))
    return Path(real_folder(path.parent), path.name)


def check_writable(root: Path, writes: Iterable[Write]) -> None:
    """Raises GateError for files that cannot or should not be replaced.

    Those are files that are no plain ones, have another name (a hard link, whose other end would
    keep the old content), are read-only, or belong to somebody else.
    """
    _stop([f"{visible(w.path)}: {why}" for w in writes for why in _obstacles(root / w.path)])


def check_unchanged(root: Path, writes: Iterable[Write]) -> None:
    """Raises GateError for files that are not as they were when the run was planned."""
    changed = [w for w in writes if w.role is Role.SOURCE and not _is_unchanged(root, w)]
    _stop([f"{visible(w.path)}: changed while it was looked at: run apply again" for w in changed])


def check_committed(uncommitted: Sequence[Uncommitted]) -> None:
    """Raises GateError where files that would be written have changes that git does not have."""
    if not uncommitted:
        return
    lines = [f"{visible(file.path)}: {file.state.value}" for file in uncommitted]
    lines.append(
        "these files would be rewritten and have uncommitted changes: commit them first, or go on "
        "with --allow-dirty (undo gives them back as they are now)"
    )
    raise GateError("\n".join(lines))


def _obstacles(path: Path) -> Iterator[str]:
    try:
        info = path.lstat()
    except FileNotFoundError:
        folder = _nearest(path.parent)
        if not os.access(folder, os.W_OK | os.X_OK):
            yield f"no permission to write in {visible(str(folder))}"
        return
    except OSError as error:
        yield f"cannot be looked at: {error.strerror}"
        return
    if not stat.S_ISREG(info.st_mode):
        yield "not a plain file: move it away"
    elif info.st_nlink > 1:
        yield f"it has another name (a hard link): copy it to break the link, {_LEAVE_OUT}"
    elif not info.st_mode & 0o222:
        yield f"it is read-only: make it writable (chmod u+w), {_LEAVE_OUT}"
    elif hasattr(os, "geteuid") and os.geteuid() not in (0, info.st_uid):
        yield f"it belongs to user {info.st_uid}: run this as that user, {_LEAVE_OUT}"
    elif not os.access(path.parent, os.W_OK | os.X_OK):
        yield f"no permission to write in its folder: grant it, {_LEAVE_OUT}"


def _is_unchanged(root: Path, write: Write) -> bool:
    try:
        return (root / write.path).read_bytes() == write.before
    except FileNotFoundError:
        return write.before is None
    except OSError:
        return False


def _nearest(folder: Path) -> Path:
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder


def _stop(problems: list[str]) -> None:
    if problems:
        raise GateError("\n".join([*problems, "nothing was written"]))

"""Which files have changes that git does not have."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from nonce_migrate.errors import ProjectError

_ENVIRONMENT = {"LC_ALL": "C", "GIT_LITERAL_PATHSPECS": "1", "GIT_OPTIONAL_LOCKS": "0"}
# These would make git look at another repository than the one around the project.
_MISLEADING = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")
_ANSWER_S = 60
_AT_ONCE = 200
_NO_REPOSITORY = b"not a git repository"
_STATUS = (
    *("status", "--porcelain=v1", "-z", "--no-renames"),
    *("--untracked-files=all", "--ignore-submodules=all"),
)


class FileState(Enum):
    """Why git does not have a file as it stands."""

    UNTRACKED = "not in git yet"
    CHANGED = "uncommitted changes"


@dataclass(frozen=True, slots=True)
class Uncommitted:
    """A file, relative to the project's root."""

    path: str
    state: FileState


def uncommitted(root: Path, paths: Sequence[str]) -> tuple[Uncommitted, ...]:
    """Those of the files (relative to root) with uncommitted changes; none outside of git.

    Reads porcelain format v1 of git-status(1). Raises ProjectError where there is a repository
    and git cannot tell.
    """
    prefix = _prefix(root) if paths else None
    if prefix is None:
        return ()
    wanted = set(paths)
    found = []
    for record in filter(None, b"".join(_statuses(root, paths)).split(b"\0")):
        path = os.fsdecode(record[3:]).removeprefix(prefix)
        state = FileState.UNTRACKED if record[:2] == b"??" else FileState.CHANGED
        if path in wanted:
            found.append(Uncommitted(path, state))
    return tuple(sorted(found, key=lambda file: file.path))


def _statuses(root: Path, paths: Sequence[str]) -> Iterator[bytes]:
    """What git says of the paths, some at a time: the length of a command line is limited."""
    for start in range(0, len(paths), _AT_ONCE):
        done = _git(root, *_STATUS, "--", *paths[start : start + _AT_ONCE])
        if done.returncode:
            raise _cannot_tell(root, _first_line(done))
        yield done.stdout


def _prefix(root: Path) -> str | None:
    """The way from the repository's top to the root (`bots/mine/`), None outside of git."""
    if not any(os.path.lexists(folder / ".git") for folder in (root, *root.parents)):
        return None
    done = _git(root, "rev-parse", "--show-prefix")
    if done.returncode == 0:
        return os.fsdecode(done.stdout).removesuffix("\n")
    if _NO_REPOSITORY in done.stderr:
        return None
    raise _cannot_tell(root, _first_line(done))


def _git(root: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Runs git. Raises ProjectError where it does not run."""
    kept = {key: value for key, value in os.environ.items() if key not in _MISLEADING}
    try:
        return subprocess.run(
            ["git", *arguments],
            cwd=root,
            env={**kept, **_ENVIRONMENT},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_ANSWER_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _cannot_tell(root, str(error)) from None


def _first_line(done: subprocess.CompletedProcess[bytes]) -> str:
    lines = done.stderr.decode(errors="backslashreplace").strip().splitlines()
    return lines[0] if lines else f"exit status {done.returncode}"


def _cannot_tell(root: Path, why: str) -> ProjectError:
    return ProjectError(
        f"{root}: git cannot tell which files have uncommitted changes ({why}): "
        "--allow-dirty goes on without knowing"
    )

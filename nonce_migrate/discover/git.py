"""Asks git about a project."""

from __future__ import annotations

import subprocess
from pathlib import Path

from nonce_migrate.errors import ProjectError


def require_revision(folder: Path, revision: str, option: str) -> None:
    """Raises ProjectError, in the name of an option, where git knows no such revision."""
    if not revision or revision.startswith("-"):
        raise ProjectError(f"{option}: {revision!r} is no revision; give a commit, branch or tag")
    commit = f"{revision}^{{commit}}"
    ask_git(folder, option, "rev-parse", "--verify", "--quiet", "--end-of-options", commit)


def file_at(file: Path, revision: str, option: str) -> bytes:
    """What a file held at a revision. Raises ProjectError, also where it was not there."""
    require_revision(file.parent, revision, option)
    return ask_git(file.parent, option, "show", f"{revision}:./{file.name}")


def ask_git(folder: Path, option: str, *arguments: str) -> bytes:
    """What a git command prints, run in a folder. Raises ProjectError where it fails."""
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments],
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except FileNotFoundError:
        raise ProjectError(f"{option}: git is not installed") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        revision = arguments[-1].removesuffix("^{commit}")
        reason = said[0] if said else f"there is no such revision: {revision}"
        raise ProjectError(f"{option}: {reason}")
    return done.stdout

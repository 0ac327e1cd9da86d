"""Which files of a project differ from a git revision."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from nonce_migrate.errors import ProjectError

_LIST = ("diff", "--name-only", "-z", "--no-renames", "--diff-filter=d", "--relative")
_NEW = ("ls-files", "--others", "--exclude-standard", "-z")


def changed_since(root: Path, revision: str) -> frozenset[str]:
    """The files below root that git would show as changed or new against a revision.

    They are relative to root, with `/`; what is staged, what is not, and what git does not track
    yet all count; a deleted file does not. Raises ProjectError where git cannot tell.
    """
    if revision.startswith("-"):
        raise ProjectError(f"--diff: {revision!r} is no revision; give a commit, branch or tag")
    _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    listed = _git(root, *_LIST, revision, "--") + _git(root, *_NEW)
    return frozenset(os.fsdecode(name) for name in listed.split(b"\0") if name)


def _git(root: Path, *arguments: str) -> bytes:
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments],
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except FileNotFoundError:
        raise ProjectError("--diff: git is not installed; give the files as PATHS") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        reason = said[0] if said else f"there is no such revision: {arguments[-1][:-9]}"
        raise ProjectError(f"--diff: {reason}")
    return done.stdout

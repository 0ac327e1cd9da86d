"""Which files of a project differ from a git revision."""

from __future__ import annotations

import os
from pathlib import Path

from nonce_migrate.discover.git import ask_git, require_revision

_OPTION = "--diff"
_LIST = ("diff", "--name-only", "-z", "--no-renames", "--diff-filter=d", "--relative")
_NEW = ("ls-files", "--others", "--exclude-standard", "-z")


def changed_since(root: Path, revision: str) -> frozenset[str]:
    """The files below root that git would show as changed or new against a revision.

    They are relative to root, with `/`; what is staged, what is not, and what git does not track
    yet all count; a deleted file does not. Raises ProjectError where git cannot tell.
    """
    require_revision(root, revision, _OPTION)
    listed = ask_git(root, _OPTION, *_LIST, revision, "--") + ask_git(root, _OPTION, *_NEW)
    return frozenset(os.fsdecode(name) for name in listed.split(b"\0") if name)

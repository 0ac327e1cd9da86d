"""The files of this project that git tracks."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def tracked(*folders: str) -> list[Path]:
    """The paths from the root of the files that git tracks. Skips outside a git checkout."""
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z", "--", *folders],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if listed.returncode or not listed.stdout:
        pytest.skip("needs a git checkout of nonce-migrate, to know which files belong to it")
    paths = [Path(name) for name in listed.stdout.split("\0") if name]
    return [path for path in paths if (ROOT / path).is_symlink() or (ROOT / path).exists()]


def copy_tracked(folder: Path, *parts: str) -> None:
    """Copies tracked files as they are now, without what else lies in the checkout.

    parts: the files and folders that are wanted; without any, everything.
    """
    for path in tracked(*parts):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, target, follow_symlinks=False)

"""A copy of a project in which modules can be imported without touching the project itself."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from nonce_migrate.discover.walk import SKIPPED_FOLDERS

# Data of that size is linked to: it can be read, and what is written to it is refused.
_LARGEST_COPY = 1 << 20


def shadow(root: Path, place: Path) -> None:
    """Copies the files of a project, without environments, caches and what git keeps.

    What cannot be read is left out. Raises OSError where the copy cannot be written.
    """
    for folder, names, files in os.walk(root):
        here = Path(folder)
        if "pyvenv.cfg" in files:
            names.clear()
            continue
        there = place / here.relative_to(root)
        there.mkdir(exist_ok=True)
        linked = [name for name in names if (here / name).is_symlink()]
        names[:] = [n for n in names if n not in SKIPPED_FOLDERS and n not in linked]
        for name in [*files, *linked]:
            _copy(here / name, there / name)


def _copy(path: Path, new: Path) -> None:
    try:
        if path.is_symlink():
            new.symlink_to(path.readlink())
        elif not path.is_file():
            return
        elif path.stat().st_size > _LARGEST_COPY:
            new.symlink_to(path)
        else:
            shutil.copy2(path, new)
    except PermissionError:
        return

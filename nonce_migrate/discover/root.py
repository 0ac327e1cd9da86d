"""Finds the folder that a project starts at."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from nonce_migrate.errors import ProjectError

_MARKERS = ("pyproject.toml", "setup.py", "setup.cfg", ".git")


def find_root(paths: Sequence[Path]) -> Path:
    """The project root of those files and folders; of the current folder where there are none.

    It is the nearest folder, from the paths' common parent upwards, that holds a pyproject.toml,
    setup.py, setup.cfg or .git; else the common parent. It is absolute, and symbolic links in it
    are resolved. Raises ProjectError where a path does not exist or cannot be looked at.
    """
    folders = [_folder(path) for path in paths or [Path()]]
    try:
        common = Path(os.path.commonpath(folders))
    except ValueError:
        names = ", ".join(_printable(path) for path in paths)
        raise ProjectError(f"{names}: on different drives; run once for each") from None
    for folder in (common, *common.parents):
        if any(os.path.lexists(folder / marker) for marker in _MARKERS):
            return folder
    return common


def _folder(path: Path) -> Path:
    """The resolved folder that a path is, or lies in. Raises ProjectError."""
    try:
        real = path.resolve(strict=True)
        return real if real.is_dir() else real.parent
    except FileNotFoundError:
        raise ProjectError(
            f"{_printable(path)}: no such file or folder; give paths of the bot to migrate"
        ) from None
    except (OSError, RuntimeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ProjectError(f"{_printable(path)}: cannot be looked at: {reason}") from None


def _printable(path: Path) -> str:
    return str(path).encode(errors="backslashreplace").decode().replace("\n", "\\n")

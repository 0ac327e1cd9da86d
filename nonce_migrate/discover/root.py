"""Finds the folder that a project starts at."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from nonce_migrate.errors import ProjectError

_MARKERS = ("pyproject.toml", "nonce-migrate.toml", "setup.py", "setup.cfg", ".git")


def find_root(paths: Sequence[Path]) -> Path:
    """The project root of those files and folders; of the current folder where there are none.

    It is the nearest folder, from the paths' common parent upwards, that holds a pyproject.toml,
    nonce-migrate.toml, setup.py, setup.cfg or .git; else the common parent. It is absolute, and
    symbolic links in it are resolved. Raises ProjectError where a path does not exist or
    cannot be looked at.
    """
    common = _common(paths)
    return _marked(common) or common


def find_roots(paths: Sequence[Path]) -> dict[Path, tuple[Path, ...]]:
    """The project roots of those paths, each with the paths that lie in it, in their order.

    It is one root wherever `find_root` finds a marked one for them all, or no path has one of its
    own. Raises ProjectError as `find_root` does.
    """
    common = _common(paths)
    whole = _marked(common)
    if whole is not None:
        return {whole: tuple(paths)}
    own = {path: _marked(_folder(path)) for path in paths}
    if not any(own.values()):
        return {common: tuple(paths)}
    roots: dict[Path, list[Path]] = {}
    for path, root in own.items():
        roots.setdefault(root or _folder(path), []).append(path)
    return {root: tuple(inside) for root, inside in roots.items()}


def _common(paths: Sequence[Path]) -> Path:
    """The common parent of paths. Raises ProjectError."""
    folders = [_folder(path) for path in paths or [Path()]]
    try:
        return Path(os.path.commonpath(folders))
    except ValueError:
        names = ", ".join(_printable(path) for path in paths)
        raise ProjectError(f"{names}: on different drives; run once for each") from None


def _marked(start: Path) -> Path | None:
    """The nearest folder from one upwards that is marked as a root."""
    for folder in (start, *start.parents):
        if any(os.path.lexists(folder / marker) for marker in _MARKERS):
            return folder
    return None


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

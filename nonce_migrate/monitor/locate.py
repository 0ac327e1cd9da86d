"""Where the manager of a project keeps its state, by the manager's own rules."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nonce_migrate.errors import ProjectError

_MODULE = "consolidated_nonce_manager.py"
_FOLDERS = ("src/utils", "utils", ".")
_MARKS = ("pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", ".git")
_DRIVE = "D:/trading_data"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a project has what. manager: its manager's file; has_manager: whether that is there,
    which makes it certain that root is the folder the manager takes for the project's."""

    root: Path
    manager: Path
    has_manager: bool
    state_directory: Path

    @property
    def legacy_directories(self) -> tuple[Path, ...]:
        """Where the manager looks for the state of legacy managers, each folder once."""
        # On POSIX they took D: for a folder of the current directory.
        folders = [self.state_directory, self.root, self.root / _DRIVE]
        if os.name == "nt":
            folders.append(Path(_DRIVE))
        kept: dict[str, Path] = {}
        for folder in folders:
            kept.setdefault(os.path.realpath(folder), folder)
        return tuple(kept.values())


def find_place(folder: Path, environment: Mapping[str, str], chosen: Path | None = None) -> Place:
    """The place of the project that `folder` lies in.

    chosen: a state directory that was given by hand, relative to `folder`. Raises ProjectError
    where the state directory is not there or is no directory.
    """
    here = folder.resolve()
    found = _manager(here)
    root = _root_of(found) if found else _marked(here)
    manager = found or root / "src/utils" / _MODULE
    state = here / chosen if chosen is not None else _state_directory(root, environment)
    if not state.exists():
        raise ProjectError(f"{state}: no such directory; name the bot's with --state-dir")
    if not state.is_dir():
        raise ProjectError(f"{state}: not a directory; name the one with the state files in it")
    return Place(root, manager, found is not None, state)


def _manager(here: Path) -> Path | None:
    for folder in (here, *here.parents):
        for below in _FOLDERS:
            file = folder / below / _MODULE
            if file.is_file():
                return file.resolve()
    return None


def _root_of(manager: Path) -> Path:
    """The parent of `src`, else the nearest folder with a project's marks, else the own folder."""
    for parent in manager.parents:
        if parent.name == "src":
            return parent.parent
    return _marked(manager.parent)


def _marked(folder: Path) -> Path:
    for parent in (folder, *folder.parents):
        if any((parent / mark).exists() for mark in _MARKS):
            return parent
    return folder


def _state_directory(root: Path, environment: Mapping[str, str]) -> Path:
    given = environment.get("NONCE_STATE_DIR")
    if given:
        return root / Path(given).expanduser()
    if os.name == "nt" and Path("D:/").is_dir():
        return Path(_DRIVE)
    return root

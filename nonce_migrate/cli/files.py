"""Files that a command writes beside the project: an output or a report."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from nonce_migrate.errors import ProjectError


class UnplacedError(ProjectError):
    """A file that could not be put in place when all the rest was done."""


def require_writable(path: Path) -> None:
    """Raises ProjectError where it is plain beforehand that the file cannot be written.

    Folders that are missing count as writable when the nearest one that exists is.
    """
    if path.is_dir():
        raise ProjectError(f"{path}: a folder stands where a file would be written")
    if path.exists():
        _require_access(path, path)
    folder = _existing(path.parent)
    if not folder.is_dir():
        raise ProjectError(f"{path}: cannot be written: {folder} is not a folder")
    if not path.exists() or path.is_file():
        _require_access(folder, path)


@contextmanager
def staged(files: Mapping[Path, bytes]) -> Iterator[None]:
    """Writes the files when the block has run, and leaves no trace of them when it fails.

    Everything that can fail is done before the block: the folders are made and the contents
    written beside their places. Raises ProjectError; UnplacedError after the block.
    """
    ready: list[tuple[Path, Path, bytes]] = []
    folders: list[Path] = []
    try:
        for path, data in files.items():
            with _told(path):
                folders += _make_folder(path.parent)
                ready.append((_beside(path, data), path, data))
        yield
        for temporary, path, data in ready:
            with _told(path, UnplacedError):
                _put(temporary, path, data)
        folders = []
    finally:
        for temporary, path, _ in ready:
            if temporary != path:
                temporary.unlink(missing_ok=True)
        for folder in reversed(folders):
            with suppress(OSError):
                folder.rmdir()


@contextmanager
def _told(path: Path, kind: type[ProjectError] = ProjectError) -> Iterator[None]:
    """Turns a failure into an error that names the file."""
    try:
        yield
    except OSError as error:
        raise kind(f"{path}: cannot be written: {error.strerror}") from None


def _beside(path: Path, data: bytes) -> Path:
    """Writes the contents next to the file; gives path itself for a device or a named pipe."""
    if path.exists() and not path.is_file():
        return path
    real = Path(os.path.realpath(path))
    temporary = real.with_name(f".{real.name}.{os.urandom(4).hex()}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(data)
        if real.exists():
            from shutil import copymode

            copymode(real, temporary)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _put(temporary: Path, path: Path, data: bytes) -> None:
    if temporary == path:
        path.write_bytes(data)
    else:
        temporary.replace(os.path.realpath(path))


def _make_folder(folder: Path) -> list[Path]:
    """Makes a folder and those above it; gives the new ones, outermost first."""
    missing = [folder, *folder.parents]
    new = [f for f in reversed(missing) if not f.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return new


def _existing(folder: Path) -> Path:
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder


def _require_access(place: Path, path: Path) -> None:
    if not os.access(place, os.W_OK):
        raise ProjectError(f"{path}: cannot be written: no permission for {place}")

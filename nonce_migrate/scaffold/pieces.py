"""What becomes of one file that a project should have."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Addition:
    """data: the whole content to write. is_new: nothing stands there yet; else data is what does,
    byte for byte, with lines added.
    """

    path: Path
    data: bytes
    is_new: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """The file has already what it should have."""

    path: Path


@dataclass(frozen=True, slots=True)
class ByHand:
    """The file is somebody's own and stays as it is. text: what a person should add to it."""

    path: Path
    text: str


Piece: TypeAlias = Addition | Kept | ByHand


def whole_file(path: Path, text: str, existing: bytes | None) -> Piece:
    """A file that is wanted with exactly this text; another one in its place is not touched."""
    data = text.encode()
    if existing is None:
        return Addition(path, data, is_new=True)
    if existing.replace(b"\r\n", b"\n") == data:
        return Kept(path)
    return ByHand(path, text)


def appended(path: Path, text: str, existing: bytes) -> Addition:
    """Lines after those of a file, with its line ends, a blank line between."""
    is_dos = b"\r\n" in existing and existing.count(b"\r\n") == existing.count(b"\n")
    end = b"\r\n" if is_dos else b"\n"
    before = existing
    if before.strip(b"\xef\xbb\xbf \t\r\n"):
        before += b"" if before.endswith(b"\n") else end
        before += b"" if before.endswith(end + end) else end
    return Addition(path, before + text.encode().replace(b"\n", end), is_new=False)

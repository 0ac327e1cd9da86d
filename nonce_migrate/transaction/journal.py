"""What a run is about to do, as it is written down before it does it.

The form: JSON with `version`, `started` (UTC), `entries` and `folders`. Paths are relative to the
project with `/`, or absolute for a report outside. A byte of a name that is not UTF-8 stands as a
lone surrogate escape (PEP 383), which JSON keeps.
"""

from __future__ import annotations

import hashlib
import json
import stat
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from nonce_migrate.errors import ProjectError

_VERSION = 1
_NO_FILE = "not a plain file"


class Role(StrEnum):
    """SOURCE: a part of the program. REPORT: about it; nobody is held up because it changed."""

    SOURCE = "source"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class Write:
    """A file to write. path: relative to the project, or absolute. before: None to create it.

    after: None to remove it.
    """

    path: str
    before: bytes | None
    after: bytes | None
    role: Role = Role.SOURCE


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a run.

    staged: the name, in the same folder, under which the new content waits. image: the name, in
    the run's own folder, under which the old file is kept; "" where there was none. before, after:
    SHA-256, "" where there was no file, or is none any more. mode: permission bits before, 0 where
    there was none.
    """

    path: str
    role: Role
    staged: str
    image: str
    before: str
    after: str
    mode: int = 0

    def place(self, root: Path) -> Path:
        """The file itself."""
        return root / self.path

    def waiting(self, root: Path) -> Path:
        """Where its new content waits."""
        return self.place(root).with_name(self.staged)


@dataclass(frozen=True, slots=True)
class Journal:
    """entries: in the order of writing. folders: made for them, outermost first."""

    started: str
    entries: tuple[Entry, ...]
    folders: tuple[str, ...] = ()

    def encode(self) -> bytes:
        """The bytes of the file."""
        document = {"version": _VERSION, **asdict(self)}
        return (json.dumps(document, indent=1) + "\n").encode()


def is_whole(data: bytes) -> bool:
    """Whether a journal was written to its end."""
    try:
        json.loads(data)
    except ValueError:
        return False
    return True


def decode_journal(path: Path, data: bytes) -> Journal:
    """The journal in a file's bytes. Raises ProjectError where it is none that we know."""
    try:
        document = json.loads(data)
        if document["version"] != _VERSION:
            raise ValueError(f"version {document['version']}")
        entries = tuple(_entry(item) for item in document["entries"])
        return Journal(str(document["started"]), entries, tuple(map(str, document["folders"])))
    except (ValueError, KeyError, TypeError) as error:
        raise ProjectError(
            f"{path}: not a journal of this version of nonce-migrate ({error!r}): "
            "use the version that wrote it, or move it away to go on without it"
        ) from None


def _entry(item: Mapping[str, str | int]) -> Entry:
    texts = {key: str(item[key]) for key in ("path", "staged", "image", "before", "after")}
    return Entry(role=Role(str(item["role"])), mode=int(item["mode"]), **texts)


def digest(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def digest_of(path: Path) -> str | None:
    """SHA-256 of a plain file, None where nothing is at that path. Raises OSError."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return _NO_FILE
        return digest(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None

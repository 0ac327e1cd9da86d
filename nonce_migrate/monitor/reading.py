"""Reads one state file: no lock, no following of symbolic links, nothing created or changed."""

from __future__ import annotations

import os
import stat
import time
from dataclasses import dataclass
from pathlib import Path

from nonce_migrate.monitor.record import RECORD_SIZE, SLOT, Record, decode

# The manager writes a slot with one call; a read may still meet it half done.
_TRIES = 5
_PAUSE_S = 0.002


@dataclass(frozen=True, slots=True)
class StateFile:
    """What a file of two slots says.

    records: the valid ones, the newest last. identity: device and inode. changed_ns: when it was
    last written, ns since the epoch. mode: its permission bits. size: in bytes.
    """

    path: Path
    records: tuple[Record, ...]
    identity: tuple[int, int]
    changed_ns: int
    mode: int
    size: int

    @property
    def newest(self) -> Record | None:
        return self.records[-1] if self.records else None

    @property
    def whole(self) -> bool:
        """Whether both slots hold what the manager writes, one the successor of the other."""
        generations = [record.generation for record in self.records]
        return len(generations) == 2 and generations[1] == generations[0] + 1


@dataclass(frozen=True, slots=True)
class Unusable:
    """A file that cannot be used. is_refused: by the manager too, whoever runs it."""

    path: Path
    reason: str
    is_refused: bool


def read_state_file(path: Path) -> StateFile | Unusable | None:
    """What a file says, None where there is none.

    A pair of slots that is not whole is read again a few times, for it may be being written.
    """
    flags = os.O_RDONLY
    for name in ("O_NOFOLLOW", "O_CLOEXEC", "O_BINARY", "O_NONBLOCK"):
        flags |= getattr(os, name, 0)
    try:
        if path.is_symlink():
            return Unusable(path, "a symbolic link, which the manager does not follow", True)
        fd = os.open(path, flags)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        return Unusable(path, f"cannot be read: {error.strerror}", False)
    try:
        return _read(path, fd)
    except OSError as error:
        return Unusable(path, f"cannot be read: {error.strerror}", False)
    finally:
        os.close(fd)


def _read(path: Path, fd: int) -> StateFile | Unusable:
    for attempt in range(_TRIES):
        info = os.fstat(fd)
        if not stat.S_ISREG(info.st_mode):
            return Unusable(path, "not a regular file, which the manager refuses", True)
        records = _records(fd)
        identity, mode = (info.st_dev, info.st_ino), stat.S_IMODE(info.st_mode)
        file = StateFile(path, records, identity, info.st_mtime_ns, mode, info.st_size)
        if file.whole or attempt + 1 == _TRIES:
            break
        time.sleep(_PAUSE_S)
    return file


def _records(fd: int) -> tuple[Record, ...]:
    os.lseek(fd, 0, os.SEEK_SET)
    raw = os.read(fd, SLOT + RECORD_SIZE)
    found = [decode(raw[slot * SLOT :][:RECORD_SIZE], slot) for slot in (0, 1)]
    return tuple(sorted((r for r in found if r), key=lambda record: record.generation))

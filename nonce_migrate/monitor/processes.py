"""Which processes have a file open, as Linux tells it in /proc (proc(5))."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")


@dataclass(frozen=True, slots=True, order=True)
class Process:
    """A process with the file open. has_lock: at this moment. stopped: by a signal or a tracer."""

    pid: int
    name: str
    has_lock: bool
    stopped: bool


@dataclass(frozen=True, slots=True)
class Sharing:
    """The processes with the file open, and how many processes do not let this user look."""

    processes: tuple[Process, ...]
    hidden: int


def sharing(identity: tuple[int, int]) -> Sharing | None:
    """Who has the file of that device and inode open, but for this process.

    None where the system does not tell, as on anything but Linux. Processes of other containers
    and of other users cannot be seen.
    """
    if not (_PROC / "self/fd").is_dir():
        return None
    lockers = _lockers(identity)
    found, hidden = [], 0
    for entry in _PROC.iterdir():
        if not entry.name.isdecimal() or int(entry.name) == os.getpid():
            continue
        try:
            if _has_open(entry / "fd", identity):
                found.append(_process(entry, lockers))
        except PermissionError:
            hidden += 1
        except OSError:
            continue  # it has ended meanwhile
    return Sharing(tuple(sorted(found)), hidden)


def _has_open(folder: Path, identity: tuple[int, int]) -> bool:
    for descriptor in folder.iterdir():
        try:
            info = descriptor.stat()
        except OSError:
            continue  # closed meanwhile, or on a file system that does not answer
        if (info.st_dev, info.st_ino) == identity:
            return True
    return False


def _process(entry: Path, lockers: frozenset[int]) -> Process:
    pid = int(entry.name)
    # The name is in parentheses and may hold any character, so the state follows the last one.
    head, _, rest = (entry / "stat").read_text(errors="backslashreplace").rpartition(")")
    name = head.partition("(")[2]
    return Process(pid, name, pid in lockers, rest.split()[0] in ("T", "t"))


def _lockers(identity: tuple[int, int]) -> frozenset[int]:
    """The processes that have an advisory lock of the file."""
    try:
        lines = (_PROC / "locks").read_text().splitlines()
    except OSError:
        return frozenset()
    return frozenset(_holders(lines, identity))


def _holders(lines: list[str], identity: tuple[int, int]) -> Iterator[int]:
    """Of lines such as `1: FLOCK  ADVISORY  WRITE 708 08:01:131 0 EOF`; `->` marks one waiting."""
    device, inode = identity
    wanted = f"{os.major(device):02x}:{os.minor(device):02x}:{inode}"
    for line in lines:
        words = line.split()
        if len(words) >= 6 and words[1] == "FLOCK" and words[5] == wanted:
            yield int(words[4])

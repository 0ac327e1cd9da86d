"""State files of the legacy managers, by the names and the rules of the consolidated one."""

from __future__ import annotations

import json
import os
import re
import stat
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from nonce_migrate.monitor.scale import why_not_credible

_NAME = re.compile(
    r"(?:unified_|consolidated_)?nonce_state(?:_[^.]+)?"
    r"\.(?:json|tmp|backup|bak)(?:[._](?:backup|bak|tmp|old|orig)[\w.-]*)?"
)
_MOST_BYTES = 16 << 20
LEGACY_FIELD = "last_nonce"


@dataclass(frozen=True, slots=True)
class LegacyFile:
    """nonce: None where the file is of no use, with the reason. changed_ns: since the epoch."""

    path: Path
    nonce: int | None
    reason: str = ""
    changed_ns: int | None = None


def legacy_files(folders: Iterable[Path]) -> Iterator[LegacyFile]:
    """Every legacy state file in the folders, and the folders that cannot be read."""
    for folder in folders:
        try:
            names = sorted(entry.name for entry in folder.iterdir())
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            yield LegacyFile(folder, None, f"cannot be read: {error.strerror}")
            continue
        for name in filter(_NAME.fullmatch, names):
            yield read_legacy(folder / name)


def read_legacy(path: Path, field: str = LEGACY_FIELD) -> LegacyFile:
    """What a JSON file says under `field`, at most a day ahead of the clock in nanoseconds."""
    changed = None
    try:
        raw, changed = _content(path)
        nonce = _nonce(raw, field)
    except OSError as error:
        return LegacyFile(path, None, f"cannot be read: {error.strerror or error}", changed)
    except ValueError as error:
        return LegacyFile(path, None, str(error), changed)
    return LegacyFile(path, nonce, "", changed)


def _content(path: Path) -> tuple[bytes, int]:
    fd = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(fd, "rb") as file:
        info = os.fstat(fd)
        if not stat.S_ISREG(info.st_mode):
            raise OSError("not a regular file")
        raw = file.read(_MOST_BYTES + 1)
    if len(raw) > _MOST_BYTES:
        raise ValueError("larger than any state file")
    return raw, info.st_mtime_ns


def _nonce(raw: bytes, field: str) -> int:
    """Raises ValueError saying why there is no nonce in it."""
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError):
        raise ValueError("not JSON") from None
    nonce = data.get(field) if isinstance(data, dict) else None
    # bool is an int to Python, and no nonce.
    if type(nonce) is not int:
        raise ValueError(f"{field} is not an integer")
    wrong = why_not_credible(nonce, time.time_ns())
    if wrong:
        raise ValueError(f"{field} {wrong}")
    return nonce

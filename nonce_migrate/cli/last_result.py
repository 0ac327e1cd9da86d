"""The last result of each project, kept in the user's cache folder for `nonce-migrate report`.

Never in the project, whose tree scan and check leave as it is. It holds source code, so it is for
the user's eyes alone.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from nonce_migrate.errors import ProjectError

if TYPE_CHECKING:
    from nonce_migrate.reports.record import Record

_VARIABLE = "NONCE_MIGRATE_KEEP_RESULT"
_OFF = ("0", "no", "off", "false")
_MOST_KEPT = 50


@dataclass(frozen=True, slots=True)
class Kept:
    """A record and when it was made, in seconds since the epoch."""

    record: Record
    made_at: float


def keep(record: Record) -> None:
    """Keeps the record in place of the one before it. Where that fails nothing is said."""
    folder = _folder()
    if folder is None:
        return
    from nonce_migrate.reports.stored import dump_record

    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(_file(folder, record.root), dump_record(record))
        _forget_oldest(folder)


def last_result(place: Path) -> Kept:
    """The last result of the project that a place lies in, or of a folder around it.

    Raises ProjectError where there is none that can be read.
    """
    folder = _folder()
    if folder is None:
        raise ProjectError(f"{_VARIABLE} is set so that no result is kept; name a file")
    from nonce_migrate.reports.stored import load_record

    for file in (_file(folder, str(root)) for root in _roots(place)):
        try:
            data, made_at = file.read_bytes(), file.stat().st_mtime
        except OSError:
            continue
        try:
            return Kept(load_record(data), made_at)
        except ProjectError as error:
            raise ProjectError(f"the last result is {error}; run `nonce-migrate scan`") from None
    raise ProjectError(f"{place}: no result is kept of it; run `nonce-migrate scan` first")


def _roots(place: Path) -> Iterator[Path]:
    from nonce_migrate.cli.request import project_root

    yield project_root(str(place))
    resolved = place.resolve()
    yield from (resolved, *resolved.parents)


def _folder() -> Path | None:
    """Where results are kept, None where that is turned off or nobody knows where."""
    if os.environ.get(_VARIABLE, "").lower() in _OFF:
        return None
    base = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME", "")
    try:
        # A relative path is to be ignored (XDG Base Directory Specification 0.8).
        cache = Path(base) if Path(base).is_absolute() else Path.home() / ".cache"
    except RuntimeError:
        return None
    return cache / "nonce-migrate" / "results"


def _file(folder: Path, root: str) -> Path:
    return folder / f"{sha256(os.fsencode(root)).hexdigest()[:32]}.json"


def _write(file: Path, data: bytes) -> None:
    """All or nothing, for this user only. Raises OSError."""
    temporary = file.with_name(f".{file.name}.{os.urandom(4).hex()}.tmp")
    try:
        with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:  # noqa: PTH123
            stream.write(data)
        temporary.replace(file)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def _forget_oldest(folder: Path) -> None:
    """Leaves the newest ones; and what a run that was killed left behind goes, too."""
    files = sorted(folder.glob("*.json"), key=lambda file: file.stat().st_mtime, reverse=True)
    old = time.time() - 3600
    left = [file for file in folder.glob(".*.tmp") if file.stat().st_mtime < old]
    for file in (*files[_MOST_KEPT:], *left):
        file.unlink(missing_ok=True)

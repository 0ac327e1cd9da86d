"""`FILE:LINE[:COL]`, as editors and compilers write a place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from nonce_migrate.errors import ProjectError
from nonce_migrate.reports.wording import visible

_SPOT = re.compile(r"(?P<file>.+?):(?P<line>[0-9]{1,9})(?::(?P<column>[0-9]{1,9}))?:?")


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a file; line and column count from 1. column: None where none was given."""

    file: str
    line: int
    column: int | None


def read_spot(text: str) -> Spot:
    """Reads a place. Raises ProjectError."""
    match = _SPOT.fullmatch(text)
    if match is None:
        raise ProjectError(f"--why {visible(text)}: write FILE:LINE, such as src/bot.py:12")
    file, column = match["file"], match["column"]
    if Path(file).is_dir():
        raise ProjectError(f"--why {visible(text)}: {visible(file)} is a folder")
    return Spot(file, int(match["line"]), int(column) if column else None)

"""When a shim is to go: on a day, or in a version of the bot."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from packaging.version import Version

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_LIKE_A_DAY = re.compile(r"\d{8}|\d{4}([-/])\d{1,2}\1\d{1,2}")


@dataclass(frozen=True, slots=True)
class Expiry:
    """text: as it was given. One of day and version is set."""

    text: str
    day: date | None = None
    version: Version | None = None

    @property
    def told(self) -> str:
        """`on 2027-03-01` or `in 2.0`."""
        return f"{'in' if self.day is None else 'on'} {self.text}"


def parse_expiry(text: str) -> Expiry:
    """Reads `2027-03-01` or a version by PEP 440. Raises ValueError, whose text says what to do."""
    if _DAY.fullmatch(text):
        try:
            return Expiry(text, day=date.fromisoformat(text))
        except ValueError:
            raise ValueError(f"{text!r} is no day of the calendar") from None
    if not _LIKE_A_DAY.fullmatch(text):
        from packaging.version import InvalidVersion, Version

        try:
            return Expiry(text, version=Version(text))
        except InvalidVersion:
            pass
    raise ValueError(f"{text!r}: give a day (2027-03-01) or a version of the bot (2.0)")

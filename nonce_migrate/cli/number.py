"""A nonce given by hand, as a number or in a file."""

from __future__ import annotations

import re
import time
from pathlib import Path

from nonce_migrate.errors import ProjectError
from nonce_migrate.reports.wording import visible

_INTEGER = re.compile(r"[+-]?[0-9]+")
_MOST_DIGITS = 40
_MOST_SHOWN = 60


def is_integer(text: str) -> bool:
    """Whether the text is an integer in digits, whatever its size."""
    return _INTEGER.fullmatch(text) is not None


def parse_nonce(text: str) -> int:
    """The nonce in a text of digits. Raises ProjectError where no bot can have drawn it."""
    from nonce_migrate.monitor.scale import NONCE_LIMIT, why_not_credible

    shown = visible(text) if len(text) <= _MOST_SHOWN else f"{visible(text[:_MOST_SHOWN])}..."
    if not is_integer(text):
        raise ProjectError(f"{shown!r}: not an integer; give the nonce in digits")
    # int() refuses thousands of digits; so many are too much in any case.
    nonce = int(text) if len(text) <= _MOST_DIGITS else NONCE_LIMIT * (-1 if text[0] == "-" else 1)
    wrong = why_not_credible(nonce, time.time_ns())
    if nonce == 0:
        wrong = "is no nonce; it must be above 0"
    if wrong:
        raise ProjectError(f"{shown} {wrong}; nothing was changed")
    return nonce


def nonce_of(text: str, field: str) -> int:
    """The nonce of FILE|VALUE: digits are the value, all else is a file.

    A file is JSON with the nonce under `field`, or a state file of the manager, of which the
    ceiling counts. Raises ProjectError.
    """
    if is_integer(text):
        return parse_nonce(text)
    path = Path(text)
    if not text or not path.exists():
        raise ProjectError(f"{visible(text)!r}: neither an integer nor a file that is there")
    return _of_file(path, field)


def _of_file(path: Path, field: str) -> int:
    from nonce_migrate.monitor.legacy import read_legacy
    from nonce_migrate.monitor.reading import StateFile, read_state_file

    own = read_state_file(path)
    if isinstance(own, StateFile) and own.newest is not None:
        return parse_nonce(str(own.newest.ceiling))
    found = read_legacy(path, field)
    if found.nonce is None:
        hint = "" if found.reason.startswith("cannot") else "; --field names another field"
        raise ProjectError(f"{visible(str(path))}: {found.reason}{hint}")
    return parse_nonce(str(found.nonce))

"""The day that a run takes for today."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime

from nonce_migrate.errors import ProjectError

_VARIABLE = "SOURCE_DATE_EPOCH"


def today() -> date:
    """The day in UTC; that of SOURCE_DATE_EPOCH (reproducible-builds.org) where it is set.

    Raises ProjectError where that is no number of seconds.
    """
    text = os.environ.get(_VARIABLE)
    if not text:
        return datetime.now(UTC).date()
    try:
        return datetime.fromtimestamp(int(text), UTC).date()
    except (ValueError, OverflowError, OSError):
        raise ProjectError(f"{_VARIABLE}: {text!r} is no number of seconds since 1970") from None

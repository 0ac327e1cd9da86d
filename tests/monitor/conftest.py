from __future__ import annotations

import time
from pathlib import Path

import pytest


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """A state directory of no bot yet."""
    folder = tmp_path / "state"
    folder.mkdir()
    return folder


@pytest.fixture
def frozen() -> str:
    """A clock that stands: nanoseconds, for the setting FROZEN of a bot."""
    return str(time.time_ns())

"""Fixtures of the shims' tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from .bots import Bot, make_kraken_bot


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    """A bot with the shims of the kraken profile."""
    return make_kraken_bot(tmp_path)

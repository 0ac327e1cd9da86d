from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from nonce_migrate.vendored import consolidated_nonce_manager as cnm

from .children import SETTINGS


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """A state directory that is not there yet."""
    return tmp_path / "state"


@pytest.fixture
def manager(
    state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[cnm.ConsolidatedNonceManager]:
    """The manager of this process, fresh, with its state in `state`."""
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NONCE_STATE_DIR", str(state))
    monkeypatch.chdir(tmp_path)
    cnm.ConsolidatedNonceManager.reset_instance()
    yield cnm.get_nonce_manager()
    cnm.ConsolidatedNonceManager.reset_instance()


@pytest.fixture
def frozen() -> str:
    """A clock that stands: nanoseconds, for the setting FROZEN of a child."""
    return str(time.time_ns())

"""Who shares a state file, by real processes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from nonce_migrate.monitor.processes import Sharing, sharing
from tests.monitor.bots import DAT, HOLDING, IDLE, bot, wait_until_stopped

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has /proc")


def _sharing(state: Path) -> Sharing:
    info = (state / DAT).stat()
    found = sharing((info.st_dev, info.st_ino))
    assert found is not None
    return found


def test_every_bot_with_the_file_open(state: Path) -> None:
    with bot(state, IDLE) as one, bot(state, IDLE) as other:
        found = _sharing(state)
        assert {process.pid for process in found.processes} == {one.pid, other.pid}
        assert not any(process.has_lock or process.stopped for process in found.processes)

    assert _sharing(state).processes == ()


def test_a_stopped_one_with_the_lock(state: Path) -> None:
    with bot(state, HOLDING) as child:
        wait_until_stopped(child.pid)
        [process] = _sharing(state).processes

    assert (process.pid, process.has_lock, process.stopped) == (child.pid, True, True)


def test_this_process_does_not_count(state: Path) -> None:
    (state / DAT).touch()
    with (state / DAT).open("rb"):
        assert _sharing(state).processes == ()

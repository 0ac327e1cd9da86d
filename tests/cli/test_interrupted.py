"""Ctrl-C while helpers are at work: exit status 130, one line, nobody left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.running import TIMEOUT, environment

# The work is made so slow that it is under way when the key is pressed, and spread over files
# so few that the test is quick.
_SLOW = """
import sys, time
from nonce_migrate.cli.app import run
from nonce_migrate.discover import share, sweep
from nonce_migrate.engine import rewrites
sweep._WORTH_A_PROCESS = rewrites.WORTH_A_PROCESS = 1
def sleep(*given):
    time.sleep(60)
if sys.argv[1] == "apply":
    rewrites._rewritten = sleep
else:
    sweep._SMALLEST_PART = 1
    share.Share.search = sleep
sys.exit(run(sys.argv[1:]))
"""
_TEXT = "from src.utils.unified_kraken_nonce_manager import UnifiedKrakenNonceManager as M\nM()\n"


def _children(pid: int) -> list[int]:
    try:
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [int(child) for child in listed.split()]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="children are listed by Linux")
@pytest.mark.parametrize("command", ["check", "apply"])
def test_ctrl_c_ends_the_helpers_too(tmp_path: Path, command: str) -> None:
    (tmp_path / "pyproject.toml").touch()
    for number in range(4):
        (tmp_path / f"client_{number}.py").write_text(_TEXT)
    process = subprocess.Popen(
        [sys.executable, "-c", _SLOW, command, "-j", "3", "."],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    end = time.monotonic() + TIMEOUT
    # The helpers of a search are gone when those of the work begin.
    while len(helpers := _children(process.pid)) < 2 or (
        command == "apply" and not _sleeps(process.pid)
    ):
        assert process.poll() is None and time.monotonic() < end, "no helper was started"
        time.sleep(0.02)

    os.killpg(process.pid, signal.SIGINT)
    out, errors = process.communicate(timeout=TIMEOUT)

    assert process.returncode == 130
    assert (out, errors.strip()) == ("", "nonce-migrate: interrupted")
    assert not [pid for pid in helpers if Path(f"/proc/{pid}").exists()]
    assert all(path.read_text() == _TEXT for path in tmp_path.glob("client_*.py"))


def _sleeps(pid: int) -> bool:
    """Whether a process waits for the clock, as it does in the slowed work."""
    try:
        return "nanosleep" in Path(f"/proc/{pid}/wchan").read_text()
    except OSError:
        return True

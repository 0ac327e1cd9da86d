"""Bots that keep a state: real processes with the manager."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.manager import children

DAT, BAK = "kraken_nonce_sequence.dat", "kraken_nonce_sequence.bak"
DRAWING = """
    say(int(m.get_nonce()))
    while True:
        m.get_nonce()
        time.sleep(0.001)
"""
IDLE = """
    say(int(m.get_nonce()))
    sys.stdin.readline()
"""
HOLDING = f"""
    import fcntl
    m.get_nonce()
    file = open(os.environ["NONCE_STATE_DIR"] + "/{DAT}", "rb+")
    fcntl.flock(file, fcntl.LOCK_EX)
    say("locked")
    os.kill(os.getpid(), signal.SIGSTOP)
"""


@contextmanager
def bot(state: Path, code: str = DRAWING, **settings: str) -> Iterator[subprocess.Popen[str]]:
    """A process that has said one line; it is killed in the end."""
    child = children.start(state, code, **settings)
    try:
        assert child.stdout is not None and child.stderr is not None
        line = child.stdout.readline()
        assert line, child.stderr.read()
        yield child
    finally:
        kill(child)


def kill(child: subprocess.Popen[str]) -> None:
    """Ends it at once, as a crash does."""
    child.send_signal(signal.SIGKILL)
    child.communicate()


def killed(state: Path, code: str = IDLE, **settings: str) -> None:
    """A bot that said one line and was killed then."""
    with bot(state, code, **settings):
        pass


def wait_until_stopped(pid: int) -> None:
    """Returns when the process is stopped by a signal."""
    for _ in range(1000):
        if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T":
            return
        time.sleep(0.005)
    raise AssertionError("it does not stop")

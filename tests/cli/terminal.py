"""The program on a real terminal, and somebody who answers it."""

from __future__ import annotations

import os
import pty
import select
import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.cli.running import TIMEOUT, environment

# From what was shown since the last answer to the next one, None while there is no question.
Reply = Callable[[bytes], str | None]


def on_terminal(cwd: Path, argv: list[str], **changes: str) -> tuple[int, str]:
    """Runs with standard output and error on a terminal; gives the status and what it showed."""
    return _watch(cwd, argv, None, environment(**changes))


def talk(cwd: Path, argv: list[str], reply: Reply) -> tuple[int, str]:
    """The same with somebody at the keyboard of a plain terminal."""
    return _watch(cwd, argv, reply, environment(TERM="dumb", COLUMNS="100"))


def _watch(
    cwd: Path, argv: list[str], reply: Reply | None, variables: dict[str, str]
) -> tuple[int, str]:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        argv,
        cwd=cwd,
        env=variables,
        stdin=None if reply is None else theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=reply is not None,
    )
    os.close(theirs)
    shown, fresh = b"", b""
    while select.select([ours], [], [], TIMEOUT)[0]:
        try:
            data = os.read(ours, 65536)
        except OSError:
            break
        if not data:
            break
        shown += data
        fresh += data
        answer = None if reply is None else reply(fresh)
        if answer is not None:
            fresh = b""
            os.write(ours, answer.encode() + b"\n")
    os.close(ours)
    return process.wait(TIMEOUT), shown.decode().replace("\r\n", "\n")

"""Runs programs to their end, within a time limit."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

SECONDS = 120


class ToolFailedError(Exception):
    """A tool crashed, gave up or took too long; the message says which, in one line."""


def run(command: Sequence[str], folder: Path) -> subprocess.CompletedProcess[bytes]:
    """Runs a command in a folder. Raises subprocess.TimeoutExpired."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "NONCE_"))}
    environment = {**kept, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, timeout=SECONDS, check=False
    )


def run_program(root: Path, main: str) -> tuple[int, bytes, str]:
    """Runs a program that needs the standard library alone.

    Gives its status, what it printed, and the last line of its error.
    """
    done = run([sys.executable, "-S", "-W", "ignore", main], root)
    return done.returncode, done.stdout, last_line(done.stderr)


def run_tool(command: Sequence[str], folder: Path, allowed: tuple[int, ...] = (0,)) -> str:
    """Runs a tool and gives all it printed.

    Raises ToolFailedError where it takes too long or its exit status is not an allowed one.
    """
    try:
        done = run(command, folder)
    except subprocess.TimeoutExpired:
        raise ToolFailedError(f"took more than {SECONDS} s") from None
    if done.returncode not in allowed:
        raise ToolFailedError(f"status {done.returncode}: {_error(done.stderr or done.stdout)}")
    return (done.stdout + done.stderr).decode("utf-8", "replace")


def last_line(text: bytes) -> str:
    """The last line that says something."""
    lines = text.decode("utf-8", "replace").strip().splitlines()
    return lines[-1].strip() if lines else "no message"


def _error(text: bytes) -> str:
    """The last line that names an exception, or else the last one."""
    named = [line for line in text.splitlines() if re.match(rb"[\w.]+(Error|Exception)\b", line)]
    return last_line(named[-1] if named else text)

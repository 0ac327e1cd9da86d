"""Runs a user's command in the project."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from nonce_migrate.verify.junit import read_junit
from nonce_migrate.verify.outcome import Outcome

_SHOWN_BYTES = 4000


@dataclass(frozen=True, slots=True)
class ShellCommand:
    """A command for the shell, run in the project's root. limit_s: seconds that it may take."""

    text: str
    limit_s: float

    def run(self, root: Path) -> Outcome:
        """Its outcome. Tests are known where it runs pytest, by itself or further down."""
        with tempfile.TemporaryDirectory(prefix="nonce-migrate-") as folder:
            report = Path(folder) / "tests.xml"
            with (Path(folder) / "output").open("w+b") as output:
                status = run_limited(
                    self.text,
                    root,
                    {**os.environ, **_with_report(report), "PYTHONDONTWRITEBYTECODE": "1"},
                    self.limit_s,
                    output.fileno(),
                )
                return Outcome(status, read_junit(report), _end_of(output.fileno()))


def run_limited(
    command: str | list[str],
    cwd: Path,
    environment: dict[str, str],
    limit_s: float,
    output: int,
    given: bytes = b"",
) -> int | None:
    """The exit status of a command with everything it started, None where it took too long.

    given: its standard input. Nothing that it started is left running.
    """
    with tempfile.TemporaryFile() as stdin:
        stdin.write(given)
        stdin.seek(0)
        process = subprocess.Popen(
            command,
            shell=isinstance(command, str),
            cwd=cwd,
            env=environment,
            stdin=stdin,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        with _ended(process):
            try:
                return process.wait(limit_s)
            except subprocess.TimeoutExpired:
                return None


@contextmanager
def _ended(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Ends the process, and the group that it leads, whatever happens."""
    try:
        yield
    finally:
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.wait()


def _with_report(report: Path) -> dict[str, str]:
    """Makes any pytest down the line write a report."""
    options = os.environ.get("PYTEST_ADDOPTS", "")
    return {"PYTEST_ADDOPTS": f"{options} --junitxml='{report}'".strip()}


def _end_of(descriptor: int) -> str:
    size = os.fstat(descriptor).st_size
    data = os.pread(descriptor, _SHOWN_BYTES, max(0, size - _SHOWN_BYTES))
    return data.decode(errors="backslashreplace")

"""Runs the command line as a user does: another process, in another folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nonce_migrate

_CODE = str(Path(nonce_migrate.__file__).parents[1])
TIMEOUT = 120


def environment(**changes: str) -> dict[str, str]:
    """This process's environment without what changes the output, with the package on the path."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if key not in ("NO_COLOR", "COLUMNS", "TERM", "PYTHONIOENCODING", "NONCE_MIGRATE_DEBUG")
    }
    ours = {"PYTHONDONTWRITEBYTECODE": "1", "NONCE_MIGRATE_KEEP_RESULT": "no"}
    return {**kept, "PYTHONPATH": _CODE, **ours, **changes}


def command(*arguments: str) -> list[str]:
    """The command line of another process."""
    return [sys.executable, "-m", "nonce_migrate", *arguments]


def run(cwd: Path, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """Runs a command to its end; changes: environment variables."""
    return subprocess.run(
        command(*arguments),
        cwd=cwd,
        env=environment(**changes),
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
        timeout=TIMEOUT,
        check=False,
    )


def run_python(cwd: Path, code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs a script that may look into the program or disturb it."""
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=cwd,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        timeout=TIMEOUT,
        check=False,
    )


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its content, but for what undo needs."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".nonce-migrate" not in path.parts
    }

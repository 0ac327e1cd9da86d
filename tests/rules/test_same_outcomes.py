"""A bot's own tests, full of mocks, have the same outcomes after the migration as before it.

A renamed string is not enough for that: what a test means to replace must be what the code looks
up, else the test draws real nonces. Each test below fails if it gets the real thing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.rules.mocked_bot import ENGINE, LAZY, LOADER, TESTS

PROJECT = Path(__file__).parents[2]
BOT = PROJECT / "fixtures" / "legacy_bot"
LEGACY = (
    "src/utils/kraken_nonce_manager.py",
    "src/utils/unified_kraken_nonce_manager.py",
    "src/auth/nonce_manager.py",
    "src/exchange/websocket_nonce_coordinator.py",
)


def lay_out(root: Path) -> None:
    """The bot, with the real legacy managers."""
    for path in LEGACY:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(BOT / path, root / path)
    files = {"engine": ENGINE, "lazy": LAZY, "loader": LOADER, "test_mocks": TESTS}
    for name, text in files.items():
        (root / f"{name}.py").write_text(text.lstrip("\n"), encoding="utf-8")
    (root / "pyproject.toml").write_text("[tool.pytest.ini_options]\npythonpath = ['.']\n")


def run(root: Path, *arguments: str) -> str:
    """What a module prints that is run in the bot's folder."""
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "PYTHONDONTWRITEBYTECODE": "1"}
    environment["NONCE_STATE_DIR"] = str(root.parent / "state")
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=root,
        env=environment,
        text=True,
        capture_output=True,
        check=False,
        timeout=120,
    )
    return done.stdout + done.stderr


def outcomes(root: Path) -> Counter[str]:
    """How often each test has passed or failed, by the bot's own pytest."""
    text = run(root, "pytest", "-rA", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--tb=line")
    lines = (line.split() for line in text.splitlines())
    words = ("PASSED", "FAILED", "ERROR", "SKIPPED")
    # The texts in brackets are those of the rows, which change.
    known = (line for line in lines if len(line) > 1 and line[0] in words)
    return Counter(f"{line[1].partition('[')[0]} {line[0]}" for line in known)


@pytest.mark.parametrize("arguments", [(), ("--unsafe",)])
def test_the_bots_tests_have_the_same_outcomes(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    root = tmp_path / "bot"
    root.mkdir()
    (tmp_path / "state").mkdir()
    lay_out(root)
    before = outcomes(root)
    assert before.total() == 15, before
    assert all(line.endswith(" PASSED") for line in before), before
    told = run(root, "nonce_migrate", "apply", ".", *arguments)
    assert "Wrote" in told, told
    assert outcomes(root) == before, told

"""The whole job on a copy of the fixture bot: before, migrate, after. Run by `make demo`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
REPORT = PROJECT / "report"
TOOL = [sys.executable, "-m", "nonce_migrate"]


def main() -> int:
    """Runs every step; gives 0 when all went as the README says."""
    with tempfile.TemporaryDirectory(prefix="nonce-migrate-demo-") as folder:
        bot = Path(folder) / "legacy_bot"
        shutil.copytree(PROJECT / "fixtures" / "legacy_bot", bot, symlinks=True)
        return run_demo(bot)


def run_demo(bot: Path) -> int:
    """The steps of the demo on the bot at `bot`."""
    heading("The bot before: its own tests, then a trading session against a mock Kraken")
    tests_before = run_tests(bot)
    session_before = run_session(bot)

    heading("nonce-migrate scan .")
    run([*TOOL, "scan", "."], bot, last=30)
    heading("nonce-migrate apply --dry-run  (first lines of the diff)")
    run([*TOOL, "apply", "--dry-run", "."], bot, first=40)
    heading("nonce-migrate check .  (must fail now)")
    check_before = run([*TOOL, "check", "."], bot, first=5)
    heading("nonce-migrate apply .")
    shutil.rmtree(REPORT, ignore_errors=True)
    applied = run([*TOOL, "apply", ".", "--report", str(REPORT)], bot, first=60)
    heading("nonce-migrate check .  (must pass now)")
    check_after = run([*TOOL, "check", "."], bot)

    heading("The bot after: its own tests, then the same trading session")
    tests_after = run_tests(bot)
    session_after = run_session(bot)

    heading("Result")
    before = session_before["rejected_invalid_nonce"]
    after = session_after["rejected_invalid_nonce"]
    calls = session_before["calls"], session_after["calls"]
    print(f"bot's own tests             before: {told(tests_before)}, after: {told(tests_after)}")
    print(f"calls in the session        before: {calls[0]}, after: {calls[1]}")
    print(f"EAPI:Invalid nonce          before: {before}, after: {after}")
    print(f"nonce-migrate check         before: {check_before}, after: {check_after}")
    print(f"report                      {REPORT / 'report.md'}")
    good = (
        tests_before == tests_after == 0
        and (check_before, check_after) == (1, 0)
        and applied in (0, 1)
        and before > 0
        and after == 0
    )
    return 0 if good else 1


def heading(text: str) -> None:
    """Prints a step's title."""
    print(f"\n=== {text}", flush=True)


def told(status: int) -> str:
    """An exit status in words."""
    return "passed" if status == 0 else f"failed ({status})"


def run(command: Sequence[str], cwd: Path, first: int = 0, last: int = 0) -> int:
    """Runs a command and prints its output, or the first or last lines of it."""
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "COLUMNS": "140"}
    done = subprocess.run(
        command, cwd=cwd, env=environment, text=True, encoding="utf-8", errors="replace",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    shown = lines[:first] if first else lines[-last:] if last else lines
    print("\n".join(shown))
    if len(shown) < len(lines):
        print(f"... {len(lines) - len(shown)} more lines")
    return done.returncode


def run_tests(bot: Path) -> int:
    """The bot's own tests, in the bot's own environment."""
    return run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "ignore"],
        bot,
        last=1,
    )


def run_session(bot: Path) -> dict[str, int]:
    """A trading session; gives the exchange's counts."""
    with tempfile.TemporaryDirectory() as state:
        environment = {**os.environ, "NONCE_STATE_DIR": state}
        done = subprocess.run(
            [sys.executable, "scripts/trading_session.py", "--json"],
            cwd=bot, env=environment, text=True, capture_output=True, check=False,
        )  # fmt: skip
    lines = done.stdout.splitlines()
    if not lines:
        raise SystemExit(f"the trading session printed nothing:\n{done.stderr}")
    print(lines[-1])
    counts: dict[str, int] = json.loads(lines[-1])
    return counts


if __name__ == "__main__":
    raise SystemExit(main())

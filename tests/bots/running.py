"""Runs Python, the tool and the fixture bot's own programs in folders."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[2]
BOT = PROJECT / "fixtures" / "legacy_bot"
SYSTEMS = (
    "kraken_nonce_manager",
    "unified_kraken_nonce_manager",
    "nonce_manager",
    "websocket_nonce_coordinator",
    "emergency_nonce_fix",
)
NUMBERS = {"rogue": 0} | {name: number for number, name in enumerate(SYSTEMS, start=1)}


@dataclass(frozen=True)
class Run:
    """What a command did: its exit status and standard output."""

    status: int
    out: str
    err: str


def run(cwd: Path, *arguments: str, state: Path | None = None) -> Run:
    """Runs Python in a folder with those arguments."""
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "PYTHONDONTWRITEBYTECODE": "1"}
    if state is not None:
        environment["NONCE_STATE_DIR"] = str(state)
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env=environment,
        text=True,
        encoding="utf-8",
        errors="surrogateescape",
        capture_output=True,
        check=False,
        timeout=240,
    )
    return Run(done.returncode, done.stdout, done.stderr)


def tool(cwd: Path, *arguments: str) -> Run:
    """Runs nonce-migrate in a folder."""
    return run(cwd, "-m", "nonce_migrate", *arguments)


def own_tests(bot: Path, *paths: str) -> Run:
    """Runs the bot's own tests."""
    return run(bot, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *paths)


def session(bot: Path, state: Path) -> dict[str, int]:
    """The counts of a trading session against the mock exchange."""
    state.mkdir()
    done = run(bot, "scripts/trading_session.py", "--json", state=state)
    assert done.status == 0, done.err
    counts: dict[str, int] = json.loads(done.out.splitlines()[-1])
    return counts


def planted(*folders: Path) -> Counter[str]:
    """The references that the planted.txt of some folders list, written by hand."""
    texts = [(folder / "planted.txt").read_text("utf-8") for folder in folders]
    kept = (line.split("#")[0].strip() for text in texts for line in text.splitlines())
    return Counter(line for line in kept if line)


def found(bot: Path) -> Counter[str]:
    """What a scan of a bot finds, as planted.txt writes it."""
    done = tool(bot, "scan", ".", "--format", "json")
    assert done.status == 0, done.err
    return Counter(
        f"{f['path']}:{f['line']} {f['code']} {NUMBERS[f['system']]} "
        f"{_name(f['code'], f['symbol'])} {f['safety']}"
        for f in json.loads(done.out)["findings"]
    )


def _name(code: str, symbol: str) -> str:
    """A symbol as planted.txt writes it: the last name, or the whole name of state files."""
    return symbol if code == "NM404" else symbol.rpartition(".")[2]

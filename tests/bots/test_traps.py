"""The fixture bot with every trap of a migration planted in it, left safe and made unsafe."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.bots.running import BOT, found, own_tests, planted, session, tool

TRAPS = BOT.with_name("legacy_bot_traps")
# The tests that rely on the planted traps.
LEDGER = "tests/test_ledger.py"

pytestmark = pytest.mark.xdist_group("legacy_bot_traps")


def lay_out(root: Path) -> Path:
    """A copy of the bot with the traps laid over it."""
    shutil.copytree(BOT, root, symlinks=True)
    for folder in ("src", "tests"):
        shutil.copytree(TRAPS / folder, root / folder, dirs_exist_ok=True)
    return root


def test_every_trap_is_found_at_its_level(tmp_path: Path) -> None:
    wanted, told = planted(BOT, TRAPS), found(lay_out(tmp_path / "bot"))
    assert sorted((wanted - told).elements()) == [], "planted, not found"
    assert sorted((told - wanted).elements()) == [], "found, not planted"


def test_every_trap_is_planted() -> None:
    places = {" ".join(line.split()[:2]) for line in planted(BOT, TRAPS)}
    lines = (TRAPS / "traps.txt").read_text("utf-8").splitlines()
    traps = dict(line.split(": ") for line in lines if line and not line.startswith("#"))
    assert {trap: place for trap, place in traps.items() if place not in places} == {}
    assert len(traps) >= 30


def test_what_is_left_to_a_person_works_on_the_shims(tmp_path: Path) -> None:
    bot = lay_out(tmp_path / "bot")
    before = own_tests(bot, LEDGER)
    assert before.status == 0, before.out[-3000:]
    assert tool(bot, "apply", ".").status == 1
    text = (bot / "src/trading/ledger.py").read_text("utf-8")
    assert "ledger.ledger_nonces.handle_invalid_nonce_error(rejected)" in text
    after = own_tests(bot, LEDGER)
    assert after.status == 0, after.out[-3000:]


def test_the_bot_works_after_unsafe_edits(tmp_path: Path) -> None:
    bot = lay_out(tmp_path / "bot")
    assert tool(bot, "apply", ".", "--unsafe").status == 1
    text = (bot / "src/trading/ledger.py").read_text("utf-8")
    assert "ledger.ledger_nonces.handle_invalid_nonce_error(failed_nonce=rejected)" in text
    done = own_tests(bot)
    assert done.status == 0, done.out[-3000:]
    counts = session(bot, tmp_path / "state")
    assert counts["rejected_invalid_nonce"] == 0
    assert counts["accepted"] == counts["calls"] > 0

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import run, snapshot

_INJECTED = {
    "src/desk.py": """\
class Desk:
    def __init__(self, nonces):
        self.nonces = nonces

    def next_id(self):
        return self.nonces.get_nonce("desk") + 1

    def label(self, other):
        return other.get_nonce("x")
""",
    "src/utils/kraken_nonce_manager.py": """\
class KrakenNonceManager:
    def get_nonce(self, connection_id):
        return 1
""",
    "start.py": """\
from src.desk import Desk
from src.utils.kraken_nonce_manager import KrakenNonceManager

desk = Desk(KrakenNonceManager())
""",
}


@pytest.fixture
def desk(bot: Path) -> Path:
    """The bot, with a manager that goes through a constructor of another file."""
    for name, text in _INJECTED.items():
        (bot / name).write_text(text)
    return bot


def test_a_finding_is_told_with_its_chain_of_reasons(desk: Path) -> None:
    before = snapshot(desk)
    done = run(desk, "scan", "--why", "src/desk.py:6")

    assert (done.returncode, done.stderr) == (0, "")
    lines = [line.strip() for line in done.stdout.splitlines()]
    assert lines[0] == "src/desk.py:6:16: NM301 safe call"
    assert "becomes  int(self.nonces.get_nonce(connection_id))" in lines
    reasons = lines[lines.index("why      src/desk.py:6: `self.nonces` is a KrakenNonceManager") :]
    assert reasons[1:5] == [
        "src/desk.py:3: `self.nonces` is set to `nonces`",
        "src/desk.py:2: `nonces` is a parameter of `__init__`",
        "start.py:4: `nonces` is given `KrakenNonceManager()` there",
        "start.py:4: `KrakenNonceManager()` makes a KrakenNonceManager",
    ]
    assert snapshot(desk) == before


def test_a_manual_finding_says_what_to_do(stubborn_bot: Path) -> None:
    told = run(stubborn_bot, "scan", "--why", "src/jump.py:5").stdout

    assert "NM302 manual member" in told
    assert "\n  reason   " in told and "\n  do       " in told and "\n  why      " in told


def test_an_import_says_where_it_was_looked_up(bot: Path) -> None:
    told = run(bot, "scan", "--why", "src/rest.py:1").stdout

    assert "is src/utils/unified_kraken_nonce_manager.py, looked up in the project's root" in told


def test_a_column_picks_one_of_several(desk: Path) -> None:
    both = json.loads(run(desk, "scan", "--why", "start.py:4", "--format", "json").stdout)
    column = both["findings"][0]["column"]
    picked = run(desk, "scan", "--why", f"start.py:4:{column}", "--format", "json")
    other = run(desk, "scan", "--why", f"start.py:4:{column + 1}", "--format", "json")

    assert [f["column"] for f in json.loads(picked.stdout)["findings"]] == [column]
    assert json.loads(other.stdout)["findings"] == []


def test_a_look_alike_says_why_it_is_none(desk: Path) -> None:
    done = run(desk, "scan", "--why", "src/desk.py:9")

    assert done.returncode == 0
    assert done.stdout.startswith("src/desk.py:9: no finding here\n")
    assert "`other.get_nonce`: nothing says that `other` is a KrakenNonceManager" in done.stdout
    assert "src/desk.py:6:16: NM301 safe KrakenNonceManager.get_nonce" in done.stdout


def test_a_file_that_was_not_read_says_so(bot: Path) -> None:
    told = run(bot, "scan", "--why", "src/clean.py:1").stdout

    assert "mentions nothing that a legacy system has" in told


def test_the_place_is_relative_to_the_folder_it_is_asked_from(desk: Path) -> None:
    inside = run(desk / "src", "scan", "--why", "desk.py:6").stdout
    assert inside == run(desk, "scan", "--why", "src/desk.py:6").stdout


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("src/desk.py", "write FILE:LINE"),
        ("src/desk.py:", "write FILE:LINE"),
        ("src/desk.py:x", "write FILE:LINE"),
        ("src/none.py:3", "no such file"),
        ("src/desk.py:99", "has 9 lines"),
        ("src/desk.py:0", "has 9 lines"),
        ("src:1", "is a folder"),
    ],
)
def test_a_wrong_place_is_one_clear_line(desk: Path, place: str, message: str) -> None:
    done = run(desk, "scan", "--why", place)

    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr and done.stderr.count("\n") == 1


def test_paths_beside_it_are_an_error(desk: Path) -> None:
    done = run(desk, "scan", "src", "--why", "src/desk.py:6")

    assert done.returncode == 2 and "leave PATHS out" in done.stderr

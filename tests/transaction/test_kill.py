"""SIGKILL at any moment: after the next command the tree is as before or as after."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from nonce_migrate.transaction.recovery import settle
from nonce_migrate.transaction.store import FOLDER
from tests.transaction.trees import HastyDisk, make_tree, nodes, undo_all, write_all

PROJECT = Path(__file__).parents[2]


def kill(folder: Path, work: str, mode: str) -> dict[str, int]:
    """What tests/transaction/killing.py counted."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.transaction.killing", str(folder), work, mode],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    outcomes: dict[str, int] = json.loads(done.stdout)
    return outcomes


@pytest.mark.parametrize("work", ["apply", "undo", "recover"])
def test_a_kill_at_every_system_call_leaves_no_mixture(tmp_path: Path, work: str) -> None:
    outcomes = kill(tmp_path / "bot", work, "each")
    assert sum(outcomes.values()) > 20
    settled = {
        "apply": "before (an apply was cut short)",
        "undo": "before (an undo was cut short)",
        "recover": "before (an apply was cut short)",
    }
    assert outcomes[settled[work]] > 5, outcomes


def test_a_journal_cut_short_anywhere_holds_nobody_up(tmp_path: Path) -> None:
    """As a power cut may leave it: nothing was made yet, since the journal comes first."""
    root = make_tree(tmp_path / "bot")
    before = nodes(root)
    write_all(root, HastyDisk())
    whole = next((root / FOLDER).glob("*.done/journal.json")).read_bytes()
    undo_all(root)
    for length in range(0, len(whole), 97):
        run = root / FOLDER / "0001.writing"
        run.mkdir(parents=True)
        (run / "journal.json").write_bytes(whole[:length])
        assert len(settle(root, HastyDisk())) == 1
        assert nodes(root) == before and not (root / FOLDER).exists()


@pytest.mark.parametrize(("work", "kills"), [("apply", 100), ("undo", 60), ("command", 40)])
def test_kills_at_200_random_moments_leave_no_mixture(
    tmp_path: Path, work: str, kills: int
) -> None:
    outcomes = kill(tmp_path / "bot", work, str(kills))
    assert sum(outcomes.values()) == kills
    assert len(outcomes) > 1, outcomes

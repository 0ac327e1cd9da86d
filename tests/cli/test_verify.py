"""`apply --verify`: the user's own commands decide whether the result is kept."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from tests.cli.running import run, snapshot
from tests.transaction.trees import nodes

_PYTEST = f"{sys.executable} -m pytest -q -p no:xdist -p no:cacheprovider"
_TESTS = """\
import inspect
import sys

sys.path.insert(0, ".")
import src.rest
import src.futures


def test_that_holds():
    assert int(src.rest.sign()) > 0


def test_that_one_rewrite_breaks():
    assert "unified_kraken" in inspect.getsource(src.futures)


def test_that_failed_before():
    assert False
"""


@pytest.fixture
def tested_bot(bot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bot with tests, one of which holds only while src/futures.py is as it is."""
    # What the tests draw is the program's business; it stays, since nonces never go back.
    monkeypatch.setenv("NONCE_STATE_DIR", str(tmp_path / "state"))
    (tmp_path / "state").mkdir()
    for name in ("futures", "spot"):
        shutil.copy(bot / "src/rest.py", bot / f"src/{name}.py")
    (bot / "test_bot.py").write_text(_TESTS)
    return bot


def test_a_passing_suite_keeps_the_result(tested_bot: Path) -> None:
    done = run(tested_bot, "apply", "--verify", f"{_PYTEST} -k holds", "--verify", "imports")

    assert done.returncode == 0, done.stderr
    assert "after: imports: exit status 0, " in done.stderr
    assert "consolidated_nonce_manager" in (tested_bot / "src/futures.py").read_text()
    assert run(tested_bot, "undo").returncode == 0


def test_a_suite_that_gets_worse_rolls_back_and_shows_the_test(tested_bot: Path) -> None:
    before = nodes(tested_bot)
    done = run(tested_bot, "apply", "--verify", _PYTEST)

    assert (done.returncode, done.stdout) == (2, "")
    assert nodes(tested_bot) == before
    assert not (tested_bot / ".nonce-migrate").exists()
    assert "test_bot::test_that_one_rewrite_breaks: failed, before passed" in done.stderr
    assert "test_that_failed_before" not in done.stderr
    assert "is worse than before: everything was put back" in done.stderr.splitlines()[-1]
    assert "--bisect finds" in done.stderr


def test_bisect_names_the_culprit_and_shows_its_diff(tested_bot: Path) -> None:
    before = nodes(tested_bot)
    done = run(tested_bot, "apply", "--verify", _PYTEST, "--bisect")

    assert done.returncode == 2
    assert nodes(tested_bot) == before
    assert "it fails with the rewriting of src/futures.py, and not with less" in done.stderr
    assert "diff --git a/src/futures.py" in done.stderr
    assert "diff --git a/src/rest.py" not in done.stderr


def test_a_failure_in_a_rewritten_file_names_it_by_its_traceback(bot: Path) -> None:
    (bot / "src/picky.py").write_text(
        "from src.utils.unified_kraken_nonce_manager import get_unified_nonce_manager\n"
        "manager = get_unified_nonce_manager()\n"
        "assert 'Unified' in type(manager).__name__\n"
    )
    done = run(bot, "apply", "--verify", "imports")

    assert done.returncode == 2
    assert "src.picky: error, before passed" in done.stderr
    assert "rewritten files in the traceback, the nearest first: src/picky.py" in done.stderr
    assert "diff --git a/src/picky.py" in done.stderr


def test_commands_of_the_project_are_run_and_can_be_left_out(bot: Path) -> None:
    with (bot / "pyproject.toml").open("a") as file:
        file.write('[tool.nonce-migrate]\nverify = ["test ! -e src/utils/consol*"]\n')
    before = snapshot(bot)
    done = run(bot, "apply")

    assert done.returncode == 2
    assert "the command: exit status 1, before 0" in done.stderr
    assert snapshot(bot) == before
    assert run(bot, "apply", "--no-verify").returncode == 0


def test_a_command_that_takes_too_long_is_ended_and_counts_as_worse(bot: Path) -> None:
    before = snapshot(bot)
    slow = "grep -q unified src/rest.py || sleep 300"
    done = run(bot, "apply", "--verify", slow, "--time-limit", "1")

    assert done.returncode == 2
    assert "it did not come to its end in the time allowed" in done.stderr
    assert snapshot(bot) == before


def test_a_command_that_fails_before_proves_nothing_and_says_so(bot: Path) -> None:
    done = run(bot, "apply", "--verify", "false")
    assert done.returncode == 0
    assert "it fails before, so it cannot tell" in done.stderr


def test_a_check_that_is_not_steady_is_told_from_a_culprit(bot: Path) -> None:
    """It passes the first time and never again, whatever is rewritten."""
    mark = bot.parent / "mark"
    unsteady = f"test ! -e {mark} && touch {mark}"
    done = run(bot, "apply", "--verify", unsteady, "--bisect")

    assert done.returncode == 2
    assert "worse even with nothing changed" in done.stderr


def test_a_command_may_run_nonce_migrate_itself(bot: Path) -> None:
    """It sees all files in place, and does not wait for the run that it is a part of."""
    done = run(bot, "apply", "--verify", f"! {sys.executable} -m nonce_migrate check . || exit 0")
    assert done.returncode == 0, done.stderr
    assert "cut short" not in done.stderr
    checked = run(bot, "undo") and run(
        bot, "apply", "--verify", f"{sys.executable} -m nonce_migrate check ."
    )
    assert "after: " in checked.stderr and "check .: exit status 0" in checked.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--bisect"], "--bisect: there is no --verify command"),
        (["--verify", " "], "--verify: the command is empty"),
        (["--verify", "true", "--time-limit", "0"], "--time-limit"),
    ],
)
def test_wrong_use_is_one_clear_line(bot: Path, arguments: list[str], said: str) -> None:
    before = snapshot(bot)
    done = run(bot, "apply", *arguments)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert said in done.stderr
    assert snapshot(bot) == before


def test_verify_of_the_wrong_type_in_the_settings_is_told(bot: Path) -> None:
    with (bot / "pyproject.toml").open("a") as file:
        file.write('[tool.nonce-migrate]\nverify = "pytest"\n')
    done = run(bot, "apply")
    assert done.returncode == 2
    assert "verify: must be an array of strings" in done.stderr

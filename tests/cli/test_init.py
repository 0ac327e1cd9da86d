"""`init` writes what is missing, all of it or nothing, and changes nothing that is there."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from nonce_migrate.cli.setting_up import STATE_FILES
from nonce_migrate.monitor.record import BACKUP_NAME, STATE_NAME
from tests.cli.running import command, run, snapshot
from tests.cli.terminal import talk

_SOURCE = ("--source", "nonce-migrate==0.1.0")
_ALL = ("--ci", "github", "--ci", "gitlab", "--ci", "pre-commit")
_BASELINE = "nonce-migrate-baseline.toml"
_FILES = {".github/workflows/nonce-migrate.yml", ".gitlab-ci.yml", ".pre-commit-config.yaml"}


def answer(cwd: Path, answers: list[str], *arguments: str) -> tuple[int, str]:
    """Types an answer whenever a question waits; gives the status and what was shown."""
    waiting = list(answers)
    done = talk(
        cwd,
        command("init", *arguments),
        lambda shown: waiting.pop(0) if shown.endswith(b": ") else None,
    )
    assert not waiting, done
    return done


def test_without_a_word_it_writes_the_configuration_alone(bot: Path) -> None:
    before = snapshot(bot)

    done = run(bot, "init")

    assert (done.returncode, done.stdout) == (0, "added to pyproject.toml\n"), done.stderr
    after = snapshot(bot)
    assert after.keys() == before.keys()
    assert after["pyproject.toml"].startswith(before["pyproject.toml"])
    assert run(bot, "check").returncode == 1


def test_it_writes_the_files_that_are_asked_for_and_check_takes_them(bot: Path) -> None:
    (bot / ".git").mkdir()
    before = snapshot(bot)

    done = run(bot, "init", *_ALL, *_SOURCE, "--gitignore")

    assert done.returncode == 0, done.stderr
    after = snapshot(bot)
    assert after.keys() - before.keys() == {*_FILES, ".gitignore"}
    assert {name for name in before if before[name] != after[name]} == {"pyproject.toml"}
    assert run(bot, "check").returncode == 1
    assert run(bot, "apply").returncode == 0
    assert run(bot, "check").returncode == 0


def test_once_more_it_changes_nothing(bot: Path) -> None:
    run(bot, "init", *_ALL, *_SOURCE, "--gitignore")
    before = snapshot(bot)

    done = run(bot, "init", *_ALL, *_SOURCE, "--gitignore")

    assert done.returncode == 0
    assert snapshot(bot) == before
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["kept"] * 5


def test_a_file_that_is_there_is_left_and_the_rest_is_written(bot: Path) -> None:
    """Most projects have hooks already: those stay, and what to add is shown as it has to stand."""
    (bot / ".pre-commit-config.yaml").write_text("repos: []\n")

    done = run(bot, "init", *_ALL, *_SOURCE)

    assert done.returncode == 1
    assert (bot / ".pre-commit-config.yaml").read_text() == "repos: []\n"
    assert (bot / ".gitlab-ci.yml").is_file()
    assert "kept     .pre-commit-config.yaml: add by hand" in done.stdout
    assert "\n# for .pre-commit-config.yaml\nrepos:\n  - repo: local\n" in done.stdout


def test_where_one_file_cannot_be_written_none_is(bot: Path) -> None:
    (bot / ".github").write_text("a file where a folder would be\n")
    before = snapshot(bot)

    done = run(bot, "init", *_ALL, *_SOURCE)

    assert done.returncode == 2
    assert ".github" in done.stderr and "Traceback" not in done.stderr
    assert snapshot(bot) == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--ci", "github"), "--source: say where CI installs nonce-migrate from"),
        (("--ci", "github", "--source", "nonce-migrate"), "give NAME==VERSION"),
        (("--ci", "jenkins"), "'jenkins' is not one of"),
        (("--ci", "none", "--ci", "github"), "exclude each other"),
        (("--profile", "gone.toml"), "gone.toml: no such file"),
        (("--profile", "../mine.toml"), "not in the project"),
        (("missing",), "missing: no such file or folder"),
    ],
)
def test_wrong_use_is_one_line_and_writes_nothing(
    bot: Path, arguments: tuple[str, ...], said: str
) -> None:
    (bot.parent / "mine.toml").write_text(_PROFILE)
    before = snapshot(bot)

    done = run(bot, "init", *arguments)

    assert done.returncode == 2
    assert said in done.stderr and done.stderr.count("\n") == 1
    assert snapshot(bot) == before


def test_a_profile_is_named_from_the_project_wherever_init_runs(bot: Path) -> None:
    (bot / "src/mine.toml").write_text(_PROFILE)

    assert run(bot / "src", "init", "--profile", "mine.toml").returncode == 0

    assert 'profile = "./src/mine.toml"' in (bot / "pyproject.toml").read_text()
    assert "NM101" in run(bot / "src", "check", "..").stdout


def test_files_of_services_stand_where_the_repository_begins(bot: Path, tmp_path: Path) -> None:
    """A bot in a folder of a larger repository: services look at its top only."""
    (tmp_path / ".git").mkdir()

    done = run(bot, "init", *_ALL, *_SOURCE, "--gitignore")

    assert done.returncode == 0, done.stderr
    assert all((tmp_path / name).is_file() for name in _FILES)
    assert "nonce-migrate check bot " in (tmp_path / ".gitlab-ci.yml").read_text()
    assert 'args: ["bot"]' in (tmp_path / ".pre-commit-config.yaml").read_text()
    assert (bot / ".gitignore").is_file()


def test_the_ignored_files_are_those_that_the_manager_makes(bot: Path) -> None:
    (bot / ".gitignore").write_bytes(b"*.log\r\nkraken_call_*.lock\r\n__pycache__/")

    assert run(bot, "init", "--gitignore").returncode == 0

    lines = b"*.log\r\nkraken_call_*.lock\r\n__pycache__/\r\n\r\nkraken_nonce_sequence.*\r\n"
    assert (bot / ".gitignore").read_bytes() == lines
    subprocess.run(["git", "init", "--quiet"], cwd=bot, check=True)
    for name in (STATE_NAME, BACKUP_NAME):
        ignored = subprocess.run(["git", "check-ignore", "--quiet", name], cwd=bot, check=False)
        assert ignored.returncode == 0, name
    packaged = Path(__file__).parents[2] / "nonce_migrate/vendored/consolidated_nonce_manager.py"
    for pattern in STATE_FILES:
        assert pattern.partition("*")[0] in packaged.read_text()


def test_a_baseline_accepts_what_is_there_and_is_kept(bot: Path) -> None:
    done = run(bot, "init", "--baseline", "--ci", "gitlab", *_SOURCE)

    assert done.returncode == 0, done.stderr
    assert f'baseline = "{_BASELINE}"' in (bot / "pyproject.toml").read_text()
    assert "src/rest.py" in (bot / _BASELINE).read_text()
    assert f'DIFF_BASE_SHA":{_BASELINE}' in (bot / ".gitlab-ci.yml").read_text()
    assert run(bot, "check").returncode == 0

    (bot / "src/more.py").write_bytes((bot / "src/rest.py").read_bytes())
    before = snapshot(bot)
    again = run(bot, "init", "--baseline", "--ci", "gitlab", *_SOURCE)
    assert (again.returncode, snapshot(bot)) == (0, before), again.stderr
    assert run(bot, "check").returncode == 1


def test_where_nothing_is_found_there_is_no_baseline(clean: Path) -> None:
    assert run(clean, "init", "--baseline").returncode == 0

    assert (clean / "pyproject.toml").read_text() == '[tool.nonce-migrate]\nprofile = "kraken"\n'
    assert not (clean / _BASELINE).exists()


def test_a_baseline_is_made_with_the_profile_that_is_named(bot: Path) -> None:
    (bot / "mine.toml").write_text(_PROFILE.replace("unified_kraken_nonce_manager", "absent"))

    assert run(bot, "init", "--baseline", "--profile", "mine.toml").returncode == 0

    assert not (bot / _BASELINE).exists()
    assert run(bot, "check").returncode == 0


def test_on_a_terminal_it_asks(bot: Path) -> None:
    answers = ["gone.toml", "kraken", "jenkins", "github pre-commit", "nonce-migrate", _SOURCE[1]]

    status, shown = answer(bot, [*answers, "y", "", ""])

    assert status == 0, shown
    assert "gone.toml: no such file" in shown and "'jenkins': known are" in shown
    assert "'nonce-migrate': give NAME==VERSION" in shown
    assert (bot / ".pre-commit-config.yaml").is_file()
    assert (bot / ".github/workflows/nonce-migrate.yml").is_file()
    assert not (bot / ".gitlab-ci.yml").exists()
    assert (bot / ".gitignore").is_file() and (bot / _BASELINE).is_file()


def test_it_asks_for_nothing_that_an_option_says(bot: Path) -> None:
    status, shown = answer(
        bot,
        [""],
        *("--profile", "kraken", "--ci", "github", *_SOURCE, "--no-baseline", "--no-gitignore"),
    )

    assert status == 0, shown
    assert answer(bot, [], "--yes", "--ci", "gitlab", *_SOURCE)[0] == 0


def test_no_to_the_last_question_writes_nothing(bot: Path) -> None:
    before = snapshot(bot)

    status, shown = answer(bot, ["", "", "", "n", "n"])

    assert (status, "Nothing was written." in shown) == (0, True)
    assert snapshot(bot) == before


_PROFILE = """\
name = "mine"
target = "src.new"

[[system]]
module = "src.utils.unified_kraken_nonce_manager"
description = "the old one"
"""

"""`report`: the last result once more."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.cli.running import run, snapshot


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def _run(
    cache: Path, cwd: Path, *arguments: str, **changes: str
) -> subprocess.CompletedProcess[str]:
    kept = {"XDG_CACHE_HOME": str(cache), "NONCE_MIGRATE_KEEP_RESULT": "yes"}
    return run(cwd, *arguments, **{**kept, **changes})


@pytest.mark.parametrize("command", [["scan"], ["check"], ["apply", "--dry-run"], ["apply"]])
def test_the_last_result_is_shown_in_another_format(
    stubborn_bot: Path, cache: Path, command: list[str]
) -> None:
    asked = ("--format", "json", "--output", "-", "--output", "markdown:../told.md")
    told = _run(cache, stubborn_bot, *command, *asked)
    asked = ("--format", "json", "--output", "-", "--output", "../again.md")
    done = _run(cache, stubborn_bot, "report", *asked)

    assert told.returncode == (0 if command[0] == "scan" else 1)
    assert (done.returncode, done.stdout) == (0, told.stdout)
    assert done.stderr.startswith(f"{' '.join(command)} of {stubborn_bot.resolve()}, 20")
    assert (cache.parent / "again.md").read_text() == (cache.parent / "told.md").read_text()


def test_the_last_result_stands_in_the_cache_and_not_in_the_project(bot: Path, cache: Path) -> None:
    before = snapshot(bot)
    for command in (["scan"], ["apply", "--dry-run"]):
        _run(cache, bot, *command)

    assert snapshot(bot) == before and not (bot / ".nonce-migrate").exists()
    (file,) = (cache / "nonce-migrate/results").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700


def test_it_is_that_of_the_project_that_the_folder_lies_in(
    bot: Path, clean: Path, cache: Path
) -> None:
    for root in (bot, clean):
        _run(cache, root, "scan")

    assert "src/rest.py" in _run(cache, bot / "src", "report").stdout
    assert "0 findings" in _run(cache, clean, "report").stdout
    assert "0 findings" in _run(cache, bot, "report", "--project", "../clean").stdout


def test_a_check_in_text_keeps_nothing(bot: Path, cache: Path) -> None:
    _run(cache, bot, "check")
    done = _run(cache, bot, "report")

    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1 and "run `nonce-migrate scan` first" in done.stderr


def test_keeping_can_be_turned_off_and_may_fail(bot: Path, cache: Path) -> None:
    _run(cache, bot, "scan", NONCE_MIGRATE_KEEP_RESULT="0")
    assert not cache.exists()
    assert "KEEP_RESULT" in _run(cache, bot, "report", NONCE_MIGRATE_KEEP_RESULT="0").stderr
    cache.write_text("a file where a folder should be")
    done = _run(cache, bot, "scan")

    assert (done.returncode, done.stderr) == (0, "")


def test_a_kept_result_that_is_damaged_is_told(bot: Path, cache: Path) -> None:
    _run(cache, bot, "scan")
    (file,) = (cache / "nonce-migrate/results").iterdir()
    file.write_bytes(file.read_bytes()[:-9])
    done = _run(cache, bot, "report")

    assert (done.returncode, done.stdout) == (2, "")
    assert "damaged" in done.stderr and len(done.stderr.splitlines()) == 1


def test_old_results_are_forgotten(bot: Path, cache: Path) -> None:
    folder = cache / "nonce-migrate/results"
    folder.mkdir(parents=True)
    for number in range(60):
        (folder / f"{number}.json").touch()
        os.utime(folder / f"{number}.json", (number, number))
    _run(cache, bot, "scan")

    assert len(list(folder.iterdir())) == 50
    assert not (folder / "0.json").exists() and (folder / "59.json").exists()


def test_a_result_in_a_file_needs_no_project(bot: Path, tmp_path: Path) -> None:
    told = run(bot, "scan", "--format", "json", "--output", "-", "--output", "json:../r.json")
    done = run(tmp_path, "report", "r.json", "--format", "json")

    assert (done.returncode, done.stdout, done.stderr) == (0, told.stdout, "")
    assert "NM101" in run(tmp_path, "report", "--format", "github", "r.json").stdout


def test_a_file_that_is_no_result_is_told(tmp_path: Path) -> None:
    (tmp_path / "r.json").write_text(json.dumps({"command": "undo", "version": 1}))
    for name, said in (("r.json", "not a result of scan or check or apply"), ("no", "read")):
        done = run(tmp_path, "report", name)

        assert (done.returncode, done.stdout) == (2, "")
        assert f"{name}: " in done.stderr and said in done.stderr
        assert len(done.stderr.splitlines()) == 1


def test_help_names_both_commands(tmp_path: Path) -> None:
    done = run(tmp_path, "report", "--help")

    assert done.returncode == 0
    assert "render" in done.stdout and "merge" in done.stdout

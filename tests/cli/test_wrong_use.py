from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.running import run, run_python, snapshot


def _one_line(folder: Path, *arguments: str) -> str:
    """Runs wrong use: status 2, one line on standard error, nothing on standard output."""
    before = snapshot(folder)
    done = run(folder, *arguments)

    assert done.returncode == 2, done
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert done.stderr.startswith("nonce-migrate: ")
    assert snapshot(folder) == before
    return done.stderr


@pytest.mark.parametrize("command", ["scan", "check", "apply"])
def test_no_such_path(bot: Path, command: str) -> None:
    assert "nowhere: no such file or folder" in _one_line(bot, command, "nowhere")


@pytest.mark.parametrize("command", ["scan", "check", "apply"])
def test_a_file_that_is_never_looked_at(bot: Path, command: str) -> None:
    (bot / "bot.log").write_text("started\n")

    line = _one_line(bot, command, "bot.log")

    assert "bot.log: neither a folder nor a file that can be looked at" in line


def test_a_loop_of_links(bot: Path) -> None:
    (bot / "a").symlink_to("b")
    (bot / "b").symlink_to("a")

    assert "a: " in _one_line(bot, "scan", "a")


def test_paths_without_a_common_project(bot: Path) -> None:
    # Their only common folder is the root of the file system, which is no project.
    assert "in different projects" in _one_line(bot, "apply", "--dry-run", "src", "/usr")


def test_an_exclude_pattern_that_is_none(bot: Path) -> None:
    assert "'!'" in _one_line(bot, "scan", "--exclude", "!")


def test_an_empty_path(bot: Path) -> None:
    assert "a path is empty" in _one_line(bot, "scan", "")


def test_every_bad_path_is_named(bot: Path) -> None:
    done = run(bot, "scan", "no1", "src", "no2")

    assert done.returncode == 2
    assert [line.split(":")[1] for line in done.stderr.splitlines()] == [" no1", " no2"]


def test_a_bad_name_is_shown_on_one_line(bot: Path) -> None:
    assert r"no\n\x1b[31m: no such" in _one_line(bot, "scan", "no\n\x1b[31m")


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["scam"], "scam"),
        (["scan", "--nothing"], "--nothing"),
        (["scan", "--format", "xml"], "xml"),
        (["check", "--format"], "--format"),
        (["undo", "--output", "x"], "--output"),
    ],
)
def test_a_wrong_word_is_named_with_where_to_look(
    bot: Path, arguments: list[str], text: str
) -> None:
    line = _one_line(bot, *arguments)

    assert text in line
    assert "-h`" in line


def test_no_command_shows_the_help_and_fails(tmp_path: Path) -> None:
    done = run(tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    assert "scan" in done.stderr and "check" in done.stderr and "apply" in done.stderr


@pytest.mark.parametrize("name", ["no-such-profile", "no/such/profile.toml"])
def test_an_unknown_profile(bot: Path, name: str) -> None:
    assert name in _one_line(bot, "scan", "--profile", name)


def test_a_bad_profile_lists_everything_wrong(bot: Path) -> None:
    (bot / "bad.toml").write_text('name = 1\ntarget = "a.b"\nnames = "x"\n[[system]]\n')
    done = run(bot, "apply", "--profile", "bad.toml")

    assert done.returncode == 2
    lines = done.stderr.splitlines()
    assert len(lines) >= 3
    assert all(line.startswith("nonce-migrate: ") and "bad.toml" in line for line in lines)


def test_an_output_that_cannot_be_written(bot: Path) -> None:
    for name in ("src", "pyproject.toml/x.txt"):
        assert f"{name}: " in _one_line(bot, "scan", "--output", name)


def test_a_report_folder_that_cannot_be_made(bot: Path) -> None:
    for name in ("pyproject.toml", "pyproject.toml/report"):
        assert name in _one_line(bot, "apply", "--report", name)
    assert "empty" in _one_line(bot, "apply", "--report", "")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_folders_without_permission(bot: Path) -> None:
    (bot / "shut").mkdir(mode=0o500)

    assert "no permission" in _one_line(bot, "scan", "--output", "shut/x.txt")
    assert "no permission" in _one_line(bot, "apply", "--report", "shut/report")


def test_an_unexpected_failure_is_one_line_too(bot: Path) -> None:
    code = (
        "import nonce_migrate.engine as engine\n"
        "def fail(*_): raise ZeroDivisionError('a\\nb')\n"
        "engine.scan = fail\n"
        "from nonce_migrate.cli import main\n"
        "main()\n"
    )
    done = run_python(bot, code, "scan")

    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert "internal error" in done.stderr and "ZeroDivisionError" in done.stderr

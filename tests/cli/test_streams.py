from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import TIMEOUT, command, environment, run
from tests.cli.terminal import on_terminal


def _on_terminal(cwd: Path, *arguments: str, **changes: str) -> tuple[int, str]:
    return on_terminal(cwd, command(*arguments), **changes)


def test_a_terminal_gets_a_table_in_colour(bot: Path) -> None:
    status, shown = _on_terminal(bot, "scan", COLUMNS="140", TERM="xterm-256color")

    assert status == 0
    assert "what becomes of it" in shown and "\x1b[" in shown


@pytest.mark.parametrize("changes", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_a_terminal_may_ask_for_no_colour(bot: Path, changes: dict[str, str]) -> None:
    settings = {"TERM": "xterm", "COLUMNS": "140", **changes}
    for arguments in (["scan"], ["apply", "--dry-run"], ["apply"]):
        status, shown = _on_terminal(bot, *arguments, **settings)
        assert status in (0, 1)
        # A slow machine shows the progress bar, which moves the cursor: no colour all the same.
        assert not re.search(r"\x1b\[[\d;]*(?:3|4|9|10)\d[\d;]*m", shown)


def test_a_dry_run_on_a_terminal_shows_a_coloured_diff(bot: Path) -> None:
    path = bot / "src/rest.py"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    status, shown = _on_terminal(bot, "apply", "--dry-run", TERM="xterm", COLUMNS="100")

    assert status == 1
    assert "\x1b[31m-from src.utils.unified_kraken" in shown
    assert "\x1b[32m+from src.utils.consolidated" in shown
    assert "^M" in shown


def test_a_pipe_gets_neither_table_nor_colour(bot: Path) -> None:
    done = run(bot, "scan", TERM="xterm-256color")

    assert "\x1b" not in done.stdout and "what becomes of it" not in done.stdout


def test_a_narrow_terminal_gets_lines_that_fit(bot: Path) -> None:
    _, shown = _on_terminal(bot, "scan", COLUMNS="40", TERM="dumb")

    found = [line for line in shown.splitlines() if line.startswith("  ") and "NM" in line]
    assert found and all(len(line) <= 40 for line in found)


def _start(cwd: Path, stdout: int, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command(*arguments), cwd=cwd, env=environment(), stdout=stdout, stderr=subprocess.PIPE
    )


@pytest.mark.parametrize(("arguments", "status"), [(["scan"], 0), (["check"], 1), (["-h"], 1)])
def test_a_reader_that_went_away_is_quiet_and_keeps_the_status(
    bot: Path, arguments: list[str], status: int
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    process = _start(bot, writing, *arguments)
    os.close(writing)
    _, errors = process.communicate(timeout=TIMEOUT)

    assert process.returncode == status
    assert b"Traceback" not in errors and b"BrokenPipe" not in errors
    assert b"nonce-migrate:" not in errors


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_behind_standard_output_is_an_error(bot: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        process = _start(bot, full.fileno(), "scan")
    _, errors = process.communicate(timeout=TIMEOUT)

    assert process.returncode == 2
    assert errors.startswith(b"nonce-migrate: standard output cannot be written: ")
    assert len(errors.splitlines()) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_migration_that_cannot_be_shown_is_complete(bot: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        process = _start(bot, full.fileno(), "apply")
    _, errors = process.communicate(timeout=TIMEOUT)

    assert process.returncode == 0
    assert b"the migration itself is complete" in errors
    assert run(bot, "check").returncode == 0


def test_closed_streams_are_no_error(bot: Path) -> None:
    for redirect in (">&-", "2>&-", ">&- 2>&-"):
        done = subprocess.run(
            ["sh", "-c", f'exec "$@" {redirect}', "sh", *command("check")],
            cwd=bot,
            env=environment(),
            stderr=subprocess.PIPE,
            timeout=TIMEOUT,
            check=False,
        )
        assert done.returncode == 1
        assert b"Traceback" not in done.stderr


def test_an_encoding_that_lacks_a_character_gets_an_escape(bot: Path) -> None:
    (bot / "src/é.py").write_bytes((bot / "src/rest.py").read_bytes())
    done = run(bot, "check", PYTHONIOENCODING="ascii", PYTHONUTF8="0")

    assert done.returncode == 1
    assert "src/\\xe9.py:1:" in done.stdout


def test_a_name_that_is_not_utf_8_is_escaped(bot: Path) -> None:
    name = os.fsencode(bot) + b"/src/\xff.py"
    try:
        with open(name, "wb") as file:  # noqa: PTH123
            file.write((bot / "src/rest.py").read_bytes())
    except OSError:
        pytest.skip("the file system takes no such name")
    for arguments in (["scan"], ["check"], ["check", "--format", "json"], ["apply"]):
        done = run(bot, *arguments)
        assert done.returncode in (0, 1), done.stderr
        assert "\\xff.py" in done.stdout or arguments == ["apply"]


def test_a_long_run_shows_its_progress_on_a_terminal(bot: Path) -> None:
    code = (
        "from nonce_migrate.cli.progress import DelayedBar\n"
        "times = iter([0.0, 0.5, 1.5])\n"
        "bar = DelayedBar('scanning', lambda: next(times))\n"
        "bar.update(3, 10)\n"
        "bar.update(7, 10)\n"
        "bar.close()\n"
    )
    _, shown = on_terminal(bot, [sys.executable, "-c", code], TERM="xterm", COLUMNS="80")

    assert "scanning" in shown and "7/10" in shown
    assert "3/10" not in shown


def test_an_interrupt_ends_it_with_130_and_one_line(bot: Path) -> None:
    code = (
        "import time\n"
        "import nonce_migrate.engine as engine\n"
        "def wait(*_):\n"
        "    print('ready', flush=True)\n"
        "    time.sleep(60)\n"
        "engine.scan = wait\n"
        "from nonce_migrate.cli import main\n"
        "main()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, "scan"],
        cwd=bot,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=TIMEOUT)

    assert process.returncode == 130
    assert errors.split(b"\n")[-2:] == [b"nonce-migrate: interrupted", b""]
    assert b"Traceback" not in errors

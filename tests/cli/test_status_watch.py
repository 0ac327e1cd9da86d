from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.bots import migrated
from tests.cli.running import command, environment
from tests.cli.terminal import on_terminal
from tests.monitor.bots import bot, killed


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return migrated(tmp_path / "bot")


def test_watching_until_interrupted(project: Path) -> None:
    with bot(project):
        watching = subprocess.Popen(
            [*command("status", "--watch", "--interval", "0.1", "--format", "json")],
            cwd=project,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert watching.stdout is not None
        views = [json.loads(watching.stdout.readline()) for _ in range(4)]
        watching.send_signal(signal.SIGINT)
        _, err = watching.communicate(timeout=30)

    assert (watching.returncode, err) == (0, "")
    writes = [view["state_writes"] for view in views]
    assert writes == sorted(writes) and writes[0] < writes[-1]


def test_watching_for_days_lets_go_of_garbage(project: Path) -> None:
    killed(project)
    code = (
        "import gc, sys, time\n"
        "from nonce_migrate.cli import main\n"
        "def at_the_first_pause(seconds):\n"
        "    print('looked for:', gc.isenabled(), file=sys.stderr)\n"
        "    raise KeyboardInterrupt\n"
        "time.sleep = at_the_first_pause\n"
        "sys.argv = ['nonce-migrate', 'status', '--watch']\n"
        "main()\n"
    )
    watching = subprocess.run(
        [sys.executable, "-c", code],
        cwd=project,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=30,
    )

    assert "looked for: True" in watching.stderr


def test_watching_ends_with_its_reader(project: Path) -> None:
    killed(project)
    watching = subprocess.Popen(
        [*command("status", "--watch", "--interval", "0.1")],
        cwd=project,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert watching.stdout is not None
    watching.stdout.readline()
    watching.stdout.close()

    assert watching.wait(timeout=30) == 0


def test_watching_on_a_terminal(project: Path) -> None:
    killed(project)
    code = (
        "import os, signal, threading\n"
        "threading.Timer(1.5, os.kill, (os.getpid(), signal.SIGINT)).start()\n"
        "from nonce_migrate.cli import run\n"
        "raise SystemExit(run(['status', '--watch', '--interval', '0.2']))\n"
    )
    status, shown = on_terminal(project, [sys.executable, "-c", code], TERM="xterm")

    assert status == 0
    assert shown.count("\x1b[H\x1b[2J") >= 2
    assert "\x1b[32mok" in shown

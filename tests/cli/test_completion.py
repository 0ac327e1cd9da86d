"""Shell completion, by a real bash that has read the script."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import environment, run

_ASK = """\
source completion.bash
COMP_WORDS=({words})
COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 ))
_nonce_migrate_completion nonce-migrate
printf '%s\\n' "${{COMPREPLY[@]}}"
"""

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")


@pytest.fixture
def shell(tmp_path: Path) -> Path:
    """A folder with the script for bash, and with the command on its path."""
    script = tmp_path / "nonce-migrate"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m nonce_migrate "$@"\n')
    script.chmod(0o755)
    (tmp_path / "completion.bash").write_text(run(tmp_path, "completion", "bash").stdout)
    return tmp_path


def _offered(folder: Path, words: str) -> list[str]:
    """What bash offers for the last of the words."""
    path = f"{folder}:{environment()['PATH']}"
    done = subprocess.run(
        ["bash", "--norc", "-c", _ASK.format(words=words)],
        cwd=folder,
        env=environment(PATH=path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_bash_completes_commands(shell: Path) -> None:
    assert _offered(shell, "nonce-migrate exp") == ["explain"]


def test_bash_completes_codes_in_any_case(shell: Path) -> None:
    assert _offered(shell, "nonce-migrate explain nm3") == ["NM301", "NM302", "NM303"]


def test_bash_completes_the_last_code_of_a_list(shell: Path) -> None:
    assert _offered(shell, "nonce-migrate check --select NM101,NM5") == ["NM101,NM501"]


def test_bash_completes_options(shell: Path) -> None:
    assert "--select" in _offered(shell, "nonce-migrate scan --se")


@pytest.mark.parametrize("name", ["zsh", "fish"])
def test_other_shells_get_a_script(tmp_path: Path, name: str) -> None:
    done = run(tmp_path, "completion", name)

    assert (done.returncode, done.stderr) == (0, "")
    assert f"_NONCE_MIGRATE_COMPLETE={name}_complete" in done.stdout


def test_another_shell_is_one_line(tmp_path: Path) -> None:
    done = run(tmp_path, "completion", "csh")

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1 and "'bash', 'zsh', 'fish'" in done.stderr

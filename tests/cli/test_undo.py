from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.running import TIMEOUT, command, environment, run, run_python, snapshot
from tests.transaction.trees import nodes

_FIXTURE = Path(__file__).parents[2] / "fixtures" / "legacy_bot"
# Kills the process at the third file that is put in place.
_KILLED = """\
import os, signal
from nonce_migrate.transaction.disk import Disk
real, moves = Disk.replace, []
def replace(self, path, new):
    if ".nonce-migrate/" not in str(new):
        moves.append(new)
        if len(moves) == 3:
            os.kill(os.getpid(), signal.SIGKILL)
    real(self, path, new)
Disk.replace = replace
from nonce_migrate.cli import main
main()
"""


def test_three_applies_of_the_fixture_bot_are_undone_to_the_last_bit(tmp_path: Path) -> None:
    bot = tmp_path / "bot"
    shutil.copytree(_FIXTURE, bot, symlinks=True)
    states = []
    for paths in (["src/auth"], ["src"], ["."]):
        states.append(nodes(bot))
        assert run(bot, "apply", *paths).returncode in (0, 1)
        assert nodes(bot) != states[-1]
    for state in reversed(states):
        done = run(bot, "undo")
        assert done.returncode == 0, done.stderr
        assert nodes(bot) == state
    assert not (bot / ".nonce-migrate").exists()
    assert run(bot, "undo").stdout.startswith("Nothing to undo")


def test_undo_says_what_it_did_and_warns_of_used_nonces(bot: Path) -> None:
    run(bot, "apply")
    done = run(bot, "undo")
    assert re.match(r"Undid the apply of \S+: 3 files as before\.\n", done.stdout)
    assert "nonces drawn meanwhile stay used" in done.stderr


def test_an_edit_since_refuses_and_names_the_file(bot: Path) -> None:
    run(bot, "apply")
    (bot / "src/rest.py").write_text("# mine now\n")
    before = snapshot(bot)
    done = run(bot, "undo")

    assert (done.returncode, done.stdout) == (2, "")
    assert "nonce-migrate: src/rest.py: edited since apply wrote it" in done.stderr
    assert snapshot(bot) == before


def test_the_rest_is_undone_only_if_asked_for(bot: Path) -> None:
    before = snapshot(bot)
    run(bot, "apply")
    (bot / "src/rest.py").write_text("# mine now\n")
    done = run(bot, "undo", "--skip-edited")

    assert done.returncode == 0
    assert "src/rest.py: edited since and left alone; as it was before it is" in done.stderr
    assert snapshot(bot) == {**before, "src/rest.py": b"# mine now\n"}


def test_force_undoes_an_edit_too_and_tells_where_it_is_kept(bot: Path) -> None:
    before = snapshot(bot)
    run(bot, "apply")
    (bot / "src/rest.py").write_text("# mine now\n")
    done = run(bot, "undo", "--force")

    assert done.returncode == 0
    assert snapshot(bot) == before
    kept = re.search(r"the edited version is (\S+)", done.stderr)
    assert kept and Path(kept[1]).read_text() == "# mine now\n"


def test_a_report_goes_with_the_apply_that_wrote_it(bot: Path, tmp_path: Path) -> None:
    before = snapshot(bot)
    run(bot, "apply", "--report", "reports")
    run(bot, "apply", "--report", "reports")  # Says that nothing is left to do.
    assert run(bot, "undo").returncode == 0
    assert {k: v for k, v in snapshot(bot).items() if "report" not in k} == before


def test_a_second_apply_makes_no_entry(bot: Path) -> None:
    run(bot, "apply")
    runs = sorted(path.name for path in (bot / ".nonce-migrate").iterdir())
    run(bot, "apply")
    assert sorted(path.name for path in (bot / ".nonce-migrate").iterdir()) == runs
    assert "0001.done" in runs


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_git_does_not_see_the_journal(bot: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=bot, check=True)
    run(bot, "apply", "--allow-dirty")
    listed = subprocess.run(
        ["git", "status", "--porcelain", "--untracked-files=all"],
        cwd=bot,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert "rest.py" in listed and ".nonce-migrate" not in listed


def test_no_command_looks_into_the_journal(bot: Path) -> None:
    (bot / "src/other.py").write_bytes((bot / "src/rest.py").read_bytes())
    run(bot, "apply")
    kept = bot / ".nonce-migrate" / "kept"
    kept.mkdir()
    shutil.copy(bot / ".nonce-migrate/0001.done/0002", kept / "rest.py")
    assert run(bot, "check").returncode == 0
    assert "kept" not in run(bot, "scan").stdout


@pytest.mark.parametrize("next_command", ["scan", "check", "apply", "undo"])
def test_any_next_command_settles_a_killed_apply_and_says_so(bot: Path, next_command: str) -> None:
    before = nodes(bot)
    killed = run_python(bot, _KILLED, "apply")
    assert killed.returncode == -9
    assert nodes(bot) != before
    done = run(bot, next_command)

    assert "nonce-migrate: an apply was cut short: rolled it back; 2 files" in done.stderr
    if next_command == "apply":
        assert done.returncode == 0
        assert run(bot, "undo").returncode == 0
    assert nodes(bot) == before
    assert run(bot, "undo").stdout.startswith("Nothing to undo")


def test_check_fails_for_a_killed_apply_as_it_did_before_it(bot: Path) -> None:
    run_python(bot, _KILLED, "apply")
    assert run(bot, "check").returncode == 1


def test_a_dry_run_does_not_even_settle_a_killed_apply(bot: Path) -> None:
    run_python(bot, _KILLED, "apply")
    before = {path: path.read_bytes() for path in bot.rglob("*") if path.is_file()}
    done = run(bot, "apply", "--dry-run")

    assert (done.returncode, done.stdout) == (2, "")
    assert "cut short" in done.stderr
    assert {path: path.read_bytes() for path in bot.rglob("*") if path.is_file()} == before


def test_two_applies_at_once_do_each_other_no_harm(bot: Path, tmp_path: Path) -> None:
    for number in range(30):
        (bot / f"src/more{number}.py").write_bytes((bot / "src/rest.py").read_bytes())
    alone = tmp_path / "alone"
    shutil.copytree(bot, alone)
    run(alone, "apply")
    before = snapshot(bot)
    processes = [
        subprocess.Popen(
            command("apply"),
            cwd=bot,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    ended = [(*process.communicate(timeout=TIMEOUT), process.returncode) for process in processes]

    assert snapshot(bot) == snapshot(alone)
    assert sorted(path.name for path in (bot / ".nonce-migrate").glob("0*")) == ["0001.done"]
    for _, errors, status in ended:
        assert status == 0 or (status == 2 and "changed while it was looked at" in errors)
    assert run(bot, "undo").returncode == 0
    assert snapshot(bot) == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a file system")
@pytest.mark.parametrize("kilobytes", [40, 80, 120, 160, 200])
def test_a_disk_that_is_full_changes_nothing(bot: Path, tmp_path: Path, kilobytes: int) -> None:
    """A real file system, full at one point or another of the run."""
    place = tmp_path / "small"
    place.mkdir()
    size = f"size={kilobytes}k"
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", size, "none", str(place)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"no file system can be mounted: {mounted.stderr.decode().strip()}")
    try:
        small = place / "bot"
        shutil.copytree(bot, small)
        before = nodes(small)
        done = run(small, "apply")
        if done.returncode == 2:
            assert done.stderr.count("\n") == 1, done.stderr
            assert "No space left on device: nothing was written" in done.stderr
        else:
            assert run(small, "undo").returncode == 0
        assert nodes(small) == before
        assert not (small / ".nonce-migrate").exists()
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.mark.parametrize(
    "name",
    [b"two words.py", b"a\nb.py", b"\xff\xfe.py", b"-rf.py", b"--force.py", b"'quoted\".py"],
)
def test_any_name_of_a_file_works_there_and_back(bot: Path, name: bytes) -> None:
    path = os.fsencode(bot) + b"/src/" + name
    try:
        with open(path, "wb") as file:  # noqa: PTH123
            file.write((bot / "src/rest.py").read_bytes())
    except OSError:
        pytest.skip("the file system takes no such name")
    before = nodes(bot)
    done = run(bot, "apply")
    assert done.returncode == 0, done.stderr
    with open(path, "rb") as file:  # noqa: PTH123
        assert b"consolidated_nonce_manager" in file.read()
    assert run(bot, "undo").returncode == 0
    assert nodes(bot) == before


def test_undo_of_what_is_no_project_is_one_clear_line(tmp_path: Path) -> None:
    done = run(tmp_path, "undo", "nowhere")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


def test_an_interrupt_puts_everything_back(bot: Path) -> None:
    before = nodes(bot)
    late = "grep -q unified src/rest.py || { kill -INT $PPID; sleep 20; }"
    done = run(bot, "apply", "--verify", late)
    assert done.returncode == 130
    assert "stopped: everything was put back" in done.stderr
    assert nodes(bot) == before and not (bot / ".nonce-migrate").exists()

from __future__ import annotations

import os
import pty
import subprocess
import time
from pathlib import Path

import pytest

from tests.cli.bots import ahead, legacy, migrated
from tests.cli.running import command, environment, run, snapshot
from tests.manager import children
from tests.monitor.bots import DAT, bot, killed

_FIRST = "say(int(m.get_nonce()))"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return migrated(tmp_path / "bot")


def test_a_floor_by_hand(project: Path) -> None:
    killed(project)
    floor = ahead(300)

    done = run(project, "state", "floor", "--yes", str(floor))

    assert done.returncode == 0, done
    before, after = done.stdout.splitlines()
    assert before.startswith("before: last nonce ") and after.startswith("after:  last nonce ")
    assert str(floor) not in done.stdout + done.stderr
    assert children.run(project, _FIRST) > floor


def test_a_running_bot_goes_on_above_it(project: Path) -> None:
    code = """
        say(int(m.get_nonce()))
        while True:
            sys.stdin.readline()
            say(int(m.get_nonce()))
    """
    floor = ahead(300)
    with bot(project, code) as child:
        assert child.stdin is not None and child.stdout is not None
        done = run(project, "state", "floor", "--yes", str(floor))
        child.stdin.write("\n")
        child.stdin.flush()

        assert done.returncode == 0, done
        # To raise the sequence a nonce is drawn; the bot's comes after that.
        assert floor + 1 < int(child.stdout.readline()) < floor + 10


def test_the_first_start_still_carries_legacy_state_over(project: Path, tmp_path: Path) -> None:
    # The state directory is elsewhere, the legacy state in the root of the project.
    state, nonce = tmp_path / "state", ahead(7200)
    state.mkdir()
    legacy(project, "unified_nonce_state.json", {"last_nonce": nonce})

    done = run(project, "state", "floor", "--yes", str(ahead(60)), NONCE_STATE_DIR=str(state))

    assert done.returncode == 0, done
    assert "carried over from" in done.stderr
    assert children.run(state, _FIRST) > nonce


def test_a_first_start_from_elsewhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()

    done = run(tmp_path, "state", "floor", "--yes", "--state-dir", "state", str(ahead(60)))

    assert done.returncode == 2
    assert "run this in the folder of the bot" in done.stderr
    assert snapshot(tmp_path) == {}


@pytest.mark.parametrize("arguments", [["show"], ["floor", "--yes", "5"]])
def test_a_sequence_in_redis_is_left_alone(project: Path, arguments: list[str]) -> None:
    done = run(project, "state", *arguments, NONCE_REDIS_URL="redis://127.0.0.1:1/0")

    assert (done.returncode, done.stdout) == (2, "")
    assert "the sequence is in Redis" in done.stderr


@pytest.mark.parametrize("extra", [{}, {"NONCE_VOLATILE": "1"}, {"NONCE_FLOOR": "nonsense"}])
def test_the_settings_of_the_bot_do_not_interfere(project: Path, extra: dict[str, str]) -> None:
    floor = ahead(300)

    done = run(project, "state", "floor", "--yes", str(floor), **extra)

    assert done.returncode == 0, done
    assert children.run(project, _FIRST) > floor


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("-5", "-5 is negative"),
        ("0", "must be above 0"),
        ("1.5e15", "not an integer"),
        ("1_000", "not an integer"),
        ("\u0661\u0662", "not an integer"),
        ("", "not an integer"),
        ("--yess", "not an integer"),
        (str(1 << 63), "2^63 or above"),
        ("9" * 5000, "2^63 or above"),
        # The year 2200 in ns, as xdist wants the same parameters in all processes.
        ("7258118400000000000", "more than a day ahead"),
    ],
)
def test_nonsense_is_refused(project: Path, value: str, said: str) -> None:
    killed(project)
    before = snapshot(project)

    done = run(project, "state", "floor", "--yes", "--", value)

    assert (done.returncode, done.stdout) == (2, "")
    [line] = done.stderr.splitlines()
    assert said in line
    assert snapshot(project) == before


def test_a_negative_number_is_no_option(project: Path) -> None:
    assert "-5 is negative" in run(project, "state", "floor", "-5").stderr


def test_what_is_below_changes_nothing(project: Path) -> None:
    done = run(project, "state", "floor", "--yes", str(ahead(-60)))

    assert done.returncode == 0
    assert "nothing to do" in done.stdout
    assert not (project / DAT).exists()


def test_a_file_of_another_name_and_field(project: Path) -> None:
    killed(project)
    nonce = time.time_ns() // 10
    legacy(project, "old.json", {"working_nonce": nonce})

    wrong = run(project, "state", "import", "--yes", "old.json")
    done = run(project, "state", "import", "--yes", "old.json", "--field", "working_nonce")

    assert wrong.returncode == 2
    assert "old.json: last_nonce is not an integer; --field" in wrong.stderr
    assert done.returncode == 0, done
    assert "is in 10ns" in done.stderr
    # At the most a start goes on above the ceiling, which counts in the same scale.
    assert nonce < children.run(project, _FIRST) < nonce + 10_000_000


def test_a_state_file_of_another_bot_counts_by_its_ceiling(project: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    killed(other, "m.get_nonce()\nsay(int(m.recover_from_error()))\nsys.stdin.readline()")
    last = children.run(other, "say(m.get_statistics()['base_nonce'] or int(m.get_nonce()))")

    done = run(project, "state", "import", "--yes", str(other / DAT))

    assert done.returncode == 0, done
    assert children.run(project, _FIRST) > last + 4_000_000


@pytest.mark.parametrize("source", ["nowhere.json", "src", "pyproject.toml", ""])
def test_a_source_of_no_use(project: Path, source: str) -> None:
    done = run(project, "state", "import", "--yes", source)

    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1


def test_without_a_terminal_it_needs_yes(project: Path) -> None:
    killed(project)
    before = snapshot(project)

    done = run(project, "state", "floor", str(ahead(300)))

    assert done.returncode == 2
    assert "add --yes" in done.stderr
    assert snapshot(project) == before


@pytest.mark.parametrize(("answer", "status"), [("y", 0), ("n", 130)])
def test_on_a_terminal_it_asks(project: Path, answer: str, status: int) -> None:
    killed(project)
    before = snapshot(project)
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command("state", "floor", str(ahead(300))),
        cwd=project,
        env=environment(),
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.write(ours, f"{answer}\n".encode())
    out, err = process.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)

    assert process.returncode == status, err
    assert "This cannot be undone" in err
    assert ("after: " in out) == (answer == "y")
    assert (snapshot(project) == before) == (answer == "n")


@pytest.mark.parametrize("volatile", ["", "1"])
def test_a_state_that_cannot_be_kept_is_said(project: Path, volatile: str) -> None:
    (project / DAT).mkdir()

    done = run(project, "state", "floor", "--yes", str(ahead(300)), NONCE_VOLATILE=volatile)

    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith(f"nonce-migrate: nonce state {project / DAT}: ")
    assert "Traceback" not in done.stderr

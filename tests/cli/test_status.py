from __future__ import annotations

import json
import os
import re
import stat
import sys
import time
from pathlib import Path

import pytest

from tests.cli.bots import migrated
from tests.cli.exposition import samples
from tests.cli.running import run, snapshot
from tests.manager import children
from tests.monitor.bots import BAK, DAT, HOLDING, IDLE, bot, killed, wait_until_stopped


def test_a_running_bot(project: Path) -> None:
    with bot(project) as child:
        done = run(project / "src", "status")

    assert done.returncode == 0, done
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert lines[0] == f"{project / DAT}: ok"
    facts = {line[2:17].strip(): line[17:] for line in lines[1:]}
    assert float(facts["rate"].split()[0]) > 10
    assert re.fullmatch(r"\d{4}\.\.\.\d{4} \(us\)", facts["last nonce"])
    assert facts["recoveries"] == facts["connections"] == "not in the state file"
    assert facts["persistence"] == "ok"
    if sys.platform == "linux":
        assert str(child.pid) in facts["processes"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return migrated(tmp_path / "bot")


def test_no_nonce_in_full(project: Path) -> None:
    with bot(project, IDLE) as child:
        nonce = str(children.run(project, "say(int(m.get_nonce()))"))
        shown = [run(project, "status", "--format", f) for f in ("text", "json", "prometheus")]
        assert child.poll() is None

    for done in shown:
        assert nonce not in done.stdout
    assert f"{nonce[:4]}...{nonce[-4:]}" in shown[0].stdout


def test_json(project: Path) -> None:
    with bot(project) as child:
        done = run(project, "status", "--format", "json")

    document = json.loads(done.stdout)
    assert done.returncode == 0
    assert document["condition"] == "ok"
    assert document["draws_per_second"] > 10
    assert document["state_file"] == str(project / DAT)
    assert "recoveries" not in document and "connections" not in document
    assert "last_recovery" not in document
    if sys.platform == "linux":
        assert [process["pid"] for process in document["processes"]] == [child.pid]


def test_prometheus(tmp_path: Path) -> None:
    state = tmp_path / 'odd "name" \\ here'
    with bot(state):
        done = run(tmp_path, "status", "--state-dir", str(state), "--format", "prometheus")

    found = samples(done.stdout, str(state))
    assert done.returncode == 0
    assert found["kraken_nonce_state_found"] == found["kraken_nonce_state_healthy"] == 1
    assert found["kraken_nonce_draws_per_second"] > 10
    assert found["kraken_nonce_state_writes_total"] > 10
    assert abs(found["kraken_nonce_last_draw_timestamp_seconds"] - time.time()) < 60
    assert "kraken_nonce_moved_since_recovery_seconds" not in found


def test_prometheus_where_nothing_is(project: Path) -> None:
    done = run(project, "status", "--format", "prometheus")

    assert done.returncode == 1
    found = samples(done.stdout, str(project))
    assert found["kraken_nonce_state_found"] == found["kraken_nonce_state_healthy"] == 0
    assert "kraken_nonce_lead_seconds" not in found


def test_a_file_for_the_collector_is_replaced_at_once(project: Path, tmp_path: Path) -> None:
    killed(project)
    folder = tmp_path / "textfile"
    folder.mkdir()
    target = folder / "nonce.prom"
    target.write_text("old\n")
    target.chmod(0o644)
    old = target.stat().st_ino

    done = run(project, "status", "--format", "prometheus", "--output", str(target))

    assert done.returncode == 0 and done.stdout == ""
    assert samples(target.read_text(), str(project))["kraken_nonce_state_found"] == 1
    # Another file under the name, and nothing else left: it was renamed into place.
    assert target.stat().st_ino != old
    assert stat.S_IMODE(target.stat().st_mode) == 0o644
    assert list(folder.iterdir()) == [target]


def test_a_writer_is_neither_held_up_nor_changed(project: Path, tmp_path: Path) -> None:
    # The clock of the writer stands: a draw by anybody else would show as a gap.
    frozen = str(time.time_ns())
    code = """
        say(int(m.get_nonce()))
        drawn, slowest = [], 0.0
        while not os.path.exists(os.environ["STOP"]):
            start = time.monotonic()
            drawn.append(int(m.get_nonce()))
            slowest = max(slowest, time.monotonic() - start)
            if len(drawn) % 50 == 0:
                time.sleep(0.001)
        say([drawn[0], drawn[-1], len(drawn), slowest])
    """
    child = children.start(project, code, FROZEN=frozen, STOP=str(tmp_path / "stop"))
    assert child.stdout is not None
    before = int(child.stdout.readline())
    seen = [run(project, "status", "--format", "json").returncode for _ in range(3)]
    (tmp_path / "stop").touch()
    out, err = child.communicate(timeout=60)
    first, last, count, slowest = json.loads(out)

    assert seen == [0, 0, 0], err
    assert (first, last) == (before + 1, before + count)
    # A status that held the lock over its half second would show.
    assert slowest < 0.4


def test_the_lock_of_another_does_not_hold_it_up(project: Path) -> None:
    with bot(project, HOLDING) as child:
        wait_until_stopped(child.pid)
        done = run(project, "status")

    assert done.returncode == 1
    assert f"process {child.pid} is stopped and has the lock" in done.stdout


def test_files_are_left_as_they_are(project: Path) -> None:
    killed(project)
    before = snapshot(project), (project / DAT).stat().st_mtime_ns

    for format_ in ("text", "json", "prometheus"):
        run(project, "status", "--format", format_)

    assert (snapshot(project), (project / DAT).stat().st_mtime_ns) == before


def test_no_state(project: Path) -> None:
    done = run(project, "status")

    assert (done.returncode, done.stdout) == (1, "")
    [line] = done.stderr.splitlines()
    assert line.startswith(f"nonce-migrate: {project}: no nonce has been drawn here")
    assert not (project / DAT).exists()


def test_corrupt_state(project: Path) -> None:
    for name in (DAT, BAK):
        (project / name).write_bytes(os.urandom(5000))

    done = run(project, "status")

    assert (done.returncode, done.stdout) == (1, "")
    [line] = done.stderr.splitlines()
    assert "no state file has a valid record" in line


def test_one_damaged_file(project: Path) -> None:
    killed(project)
    (project / BAK).write_bytes(b"")

    done = run(project, "status")

    assert done.returncode == 1
    assert done.stdout.startswith(f"{project / DAT}: unhealthy\n")
    assert "problem: kraken_nonce_sequence.bak is damaged" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--state-dir", "nowhere"], "nowhere: no such directory"),
        (["--state-dir", "pyproject.toml"], "not a directory"),
        (["--state-dir", ""], "--state-dir: the name of the directory is empty"),
        (["--format", "xml"], "xml"),
        (["--watch", "--interval", "0"], "interval"),
        (["--output", "src"], "src: a folder stands"),
    ],
)
def test_wrong_use(project: Path, arguments: list[str], said: str) -> None:
    done = run(project, "status", *arguments)

    assert (done.returncode, done.stdout) == (2, "")
    [line] = done.stderr.splitlines()
    assert said in line

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from tests.cli.bots import ahead, legacy, migrated
from tests.cli.running import run
from tests.monitor.bots import BAK, DAT, killed


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return migrated(tmp_path / "bot")


def uses(folder: Path, *arguments: str, **settings: str) -> dict[str, str]:
    """What `state show` says becomes of each file."""
    done = run(folder, "state", "show", "--format", "json", *arguments, **settings)
    return {Path(f["path"]).name: f["use"] for f in json.loads(done.stdout)["files"]}


def test_before_the_first_start_the_highest_legacy_file_decides(project: Path) -> None:
    legacy(project, "unified_nonce_state.json", {"last_nonce": ahead(3600)})
    legacy(project, "nonce_state_abc.json", {"last_nonce": 99})
    legacy(project, "nonce_state.json", ["junk"])

    assert uses(project) == {
        "nonce_state.json": "ignored",
        "nonce_state_abc.json": "ignored",
        "unified_nonce_state.json": "decides",
    }


def test_after_it_the_sequence_decides(project: Path) -> None:
    legacy(project, "unified_nonce_state.json", {"last_nonce": ahead(-3600)})
    killed(project)
    legacy(project, "nonce_state.json", {"last_nonce": ahead(3600)})

    done = run(project, "state", "show")

    assert done.returncode == 0
    assert uses(project) == {
        DAT: "decides",
        BAK: "in reserve",
        "nonce_state.json": "ignored",
        "unified_nonce_state.json": "ignored",
    }
    [higher] = [part for part in done.stdout.split("\n\n") if "/nonce_state.json" in part]
    [lower] = [part for part in done.stdout.split("\n\n") if "/unified_nonce_state.json" in part]
    assert "above the sequence, and read at a first start alone" in higher
    assert "the sequence is above it already" in lower


def test_nonces_are_masked_unless_they_are_asked_for(project: Path) -> None:
    nonce = ahead(0)
    legacy(project, "nonce_state.json", {"last_nonce": nonce})

    masked, revealed = run(project, "state", "show"), run(project, "state", "show", "--reveal")

    assert str(nonce) not in masked.stdout
    assert f"{str(nonce)[:4]}...{str(nonce)[-4:]} (us)" in masked.stdout
    assert f"{nonce} (us)" in revealed.stdout


def test_scales_are_told(project: Path) -> None:
    now = time.time_ns()
    divisors = {"s": 10**9, "ms": 10**6, "us": 1000, "10ns": 10, "ns": 1}
    for name, divisor in divisors.items():
        legacy(project, f"nonce_state_{name}.json", {"last_nonce": now // divisor})

    done = run(project, "state", "show", "--format", "json")

    files = json.loads(done.stdout)["files"]
    assert {Path(f["path"]).stem[12:]: f["scale"] for f in files} == {n: n for n in divisors}
    assert [Path(f["path"]).stem[12:] for f in files if f["use"] == "decides"] == ["ns"]
    assert all(0 <= f["age_seconds"] < 60 for f in files)


def test_no_state_file(project: Path) -> None:
    done = run(project, "state", "show")

    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1


def test_a_damaged_slot_and_a_link_are_said(project: Path) -> None:
    killed(project)
    data = bytearray((project / DAT).read_bytes())
    data[40] ^= 1
    (project / DAT).write_bytes(data)

    assert "damaged in one slot" in run(project, "state", "show").stdout

    (project / DAT).rename(project / "elsewhere")
    (project / DAT).symlink_to("elsewhere")
    done = run(project, "state", "show")
    assert "a symbolic link, which the manager does not follow" in done.stdout
    assert done.returncode == 1


def test_without_a_command_it_shows_its_help(project: Path) -> None:
    done = run(project, "state")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Usage: nonce-migrate state")

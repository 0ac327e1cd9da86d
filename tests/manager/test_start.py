"""Where the sequence starts: state directory, carry-over of legacy state, floor by hand."""

from __future__ import annotations

import json
import logging
import os
import shutil
import time
from pathlib import Path

import pytest

from nonce_migrate.vendored import consolidated_nonce_manager as cnm

from . import children

Manager = cnm.ConsolidatedNonceManager
HOUR_US = 3_600_000_000
CONTENTS_OF_NO_USE = {
    "text": '{"last_nonce": "1790000000000000"}',
    "true": '{"last_nonce": true}',
    "float": '{"last_nonce": 1.79e15}',
    "negative": '{"last_nonce": -5}',
    "2^63": json.dumps({"last_nonce": 1 << 63}),
    "huge": '{"last_nonce": 1' + "0" * 5000 + "}",
    "far": json.dumps({"last_nonce": time.time_ns() + 2 * 86_400 * 10**9}),
    "list": "[1, 2]",
    "deep": "[" * 100_000,
    "no field": "{}",
    "not JSON": "\x00\xff",
    "empty": "",
}


def legacy(directory: Path, name: str, nonce: int) -> int:
    directory.mkdir(parents=True, exist_ok=True)
    (directory / name).write_text(json.dumps({"last_nonce": nonce, "timestamp": 1.0}))
    return nonce


def ahead(microseconds: int = HOUR_US) -> int:
    return time.time_ns() // 1000 + microseconds


@pytest.mark.parametrize(
    "name",
    [
        "nonce_state.json",
        "unified_nonce_state.json",
        "consolidated_nonce_state.json",
        "nonce_state_0123456789abcdef.json",
        "nonce_state_rYOFiSAo.json",
        "unified_nonce_state.json.backup",
        "unified_nonce_state.backup",
        "unified_nonce_state.tmp",
        "nonce_state_rYOFiSAo.tmp",
        "nonce_state.json.backup_20250801",
    ],
)
def test_every_legacy_file_counts(
    state: Path, manager: Manager, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    nonce = legacy(state, name, ahead())
    before = (state / name).read_bytes()
    assert manager.get_nonce() == str(nonce + 1)
    assert (state / name).read_bytes() == before
    assert name in caplog.text
    assert str(nonce) not in caplog.text


def test_the_highest_decides_at_whatever_scale(
    state: Path, manager: Manager, caplog: pytest.LogCaptureFixture
) -> None:
    legacy(state, "nonce_state.json", time.time_ns() // 10**6)
    legacy(state, "unified_nonce_state.json", ahead())
    nanoseconds = legacy(state, "nonce_state_feedfacefeedface.json", time.time_ns())
    assert manager.get_nonce() == str(nanoseconds + 1)
    assert manager.get_nonce() == str(nanoseconds + 2)
    [decided] = [record for record in caplog.records if "carried over" in record.message]
    assert "feedface" in decided.message


@pytest.mark.parametrize("what", CONTENTS_OF_NO_USE)
def test_nonsense_is_ignored_and_named(
    state: Path, manager: Manager, caplog: pytest.LogCaptureFixture, what: str
) -> None:
    state.mkdir()
    (state / "nonce_state_bad.json").write_text(CONTENTS_OF_NO_USE[what], encoding="latin-1")
    good = legacy(state, "nonce_state.json", ahead())
    assert manager.get_nonce() == str(good + 1)
    assert "nonce_state_bad.json: ignored" in caplog.text


def test_what_cannot_be_read_is_named(
    state: Path, manager: Manager, caplog: pytest.LogCaptureFixture
) -> None:
    (state / "nonce_state_folder.json").mkdir(parents=True)
    os.mkfifo(state / "nonce_state_fifo.json")
    (state / "nonce_state_gone.json").symlink_to("nowhere")
    good = legacy(state, "nonce_state.json", ahead())
    assert manager.get_nonce() == str(good + 1)
    for name in ("folder", "fifo", "gone"):
        assert f"nonce_state_{name}.json: cannot be read" in caplog.text


def test_other_files_do_not_count(state: Path, manager: Manager) -> None:
    for name in ("nonce_states.json", "my_nonce_state.json", "nonce_state.py", "nonce_state"):
        legacy(state, name, ahead())
    assert int(manager.get_nonce()) < ahead(HOUR_US // 2)


def test_carried_over_at_the_first_start_only(state: Path, manager: Manager) -> None:
    manager.get_nonce()
    nonce = legacy(state, "nonce_state.json", ahead())
    Manager.reset_instance()
    assert int(cnm.get_nonce()) < nonce


def bot(root: Path) -> Path:
    """A bot with the manager in place; gives the path of the module."""
    module = root / "src" / "utils" / "consolidated_nonce_manager.py"
    module.parent.mkdir(parents=True)
    shutil.copy(children.MODULE, module)
    return module


@pytest.mark.parametrize("place", [".", "D:/trading_data"])
def test_without_a_setting_the_project_s_root_is_the_place(tmp_path: Path, place: str) -> None:
    module = bot(tmp_path / "bot")
    nonce = legacy(tmp_path / "bot" / place, "unified_nonce_state.json", ahead())
    code = 'say([int(m.get_nonce()), m.get_status()["state_file"]])'
    (tmp_path / "elsewhere").mkdir()
    drawn, file = children.run(
        tmp_path / "elsewhere" / "x", code, NONCE_STATE_DIR="", CNM=str(module)
    )
    assert drawn == nonce + 1
    assert Path(file).parent == tmp_path / "bot"


def test_the_project_s_legacy_files_count_beside_a_state_directory(
    tmp_path: Path, state: Path
) -> None:
    module = bot(tmp_path / "bot")
    nonce = legacy(tmp_path / "bot", "unified_nonce_state.json", ahead())
    assert children.run(state, "say(int(m.get_nonce()))", CNM=str(module)) == nonce + 1


def test_a_relative_state_directory_is_taken_from_the_root(tmp_path: Path) -> None:
    module = bot(tmp_path / "bot")
    code = 'm.get_nonce(); say(m.get_status()["state_file"])'
    file = children.run(tmp_path / "x", code, NONCE_STATE_DIR="var/nonce", CNM=str(module))
    assert Path(file).parent == tmp_path / "bot" / "var" / "nonce"


def test_the_root_is_the_nearest_folder_with_a_project_s_marks(tmp_path: Path) -> None:
    module = tmp_path / "bot" / "lib" / "nonces.py"
    module.parent.mkdir(parents=True)
    shutil.copy(children.MODULE, module)
    (tmp_path / "bot" / "requirements.txt").touch()
    root = children.run(tmp_path / "x", "say(str(cnm._project_root()))", CNM=str(module))
    assert Path(root) == tmp_path / "bot"


def test_the_floor_by_hand(manager: Manager, monkeypatch: pytest.MonkeyPatch) -> None:
    floor = ahead()
    monkeypatch.setenv("NONCE_FLOOR", str(floor))
    assert manager.get_nonce() == str(floor + 1)
    monkeypatch.setenv("NONCE_FLOOR", "5")
    Manager.reset_instance()
    assert cnm.get_nonce() == str(floor + 2)


@pytest.mark.parametrize("floor", ["soon", "-1", "1.5", "0", str(1 << 63), str(1 << 62)])
@pytest.mark.parametrize("volatile", ["0", "1"])
def test_a_floor_of_no_use_is_an_error(
    manager: Manager, monkeypatch: pytest.MonkeyPatch, floor: str, volatile: str
) -> None:
    monkeypatch.setenv("NONCE_FLOOR", floor)
    monkeypatch.setenv("NONCE_VOLATILE", volatile)
    with pytest.raises(cnm.NonceStateError, match="NONCE_FLOOR"):
        manager.get_nonce()


def test_a_further_directory_before_the_first_nonce(manager: Manager, tmp_path: Path) -> None:
    nonce = legacy(tmp_path / "old", "nonce_state_ab.json", ahead())
    same = cnm.get_nonce_manager("key", carry_over_from=tmp_path / "old")
    assert same is manager
    assert manager.get_nonce() == str(nonce + 1)


def test_a_further_directory_while_the_manager_runs(
    manager: Manager, tmp_path: Path, state: Path
) -> None:
    manager.get_nonce()
    total = manager.get_status()["total_generated"]
    nonce = legacy(tmp_path / "old", "nonce_state_ab.json", ahead())
    Manager(carry_over_from=str(tmp_path / "old"))
    assert manager.get_status()["total_generated"] == total
    assert children.run(state, "say(int(m.get_nonce()))") > nonce
    behind = int(manager.get_nonce())
    legacy(tmp_path / "older", "nonce_state_ab.json", 5)
    Manager.get_instance(carry_over_from=tmp_path / "older")
    assert int(manager.get_nonce()) > behind


def test_a_further_directory_that_is_not_there(
    manager: Manager, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    cnm.get_nonce_manager(carry_over_from=tmp_path / "nowhere")
    assert int(manager.get_nonce()) < ahead()


def test_import_does_nothing(state: Path) -> None:
    code = """
        say([os.path.exists(os.environ["NONCE_STATE_DIR"]), threading.active_count(),
             logging.getLogger("cnm").handlers, logging.getLogger().handlers])
    """
    assert children.run(state, code) == [False, 1, [], []]

"""Legacy state counts for us exactly where it counts for the manager."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from nonce_migrate.monitor.legacy import legacy_files, read_legacy
from nonce_migrate.monitor.scale import Scale, lead_seconds, scale_of
from tests.manager import children

HOUR_US = 3_600_000_000
NAMES = {
    "nonce_state.json": True,
    "unified_nonce_state.json": True,
    "consolidated_nonce_state.json": True,
    "nonce_state_0123456789abcdef.json": True,
    "unified_nonce_state.json.backup": True,
    "nonce_state_rYOFiSAo.tmp": True,
    "nonce_state.json.backup_20250801": True,
    "my_nonce_state.json": False,
    "nonce_state.txt": False,
}
CONTENTS = {
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
    "ns": json.dumps({"last_nonce": time.time_ns()}),
    "us": json.dumps({"last_nonce": time.time_ns() // 1000 + HOUR_US}),
}
START = "say(int(m.get_nonce()))"


@pytest.mark.parametrize("name", NAMES)
def test_the_same_names_count(state: Path, frozen: str, name: str) -> None:
    nonce = int(frozen) // 1000 + HOUR_US
    (state / name).write_text(json.dumps({"last_nonce": nonce}))

    ours = [file.nonce for file in legacy_files([state])]

    assert ours == ([nonce] if NAMES[name] else [])
    assert (children.run(state, START, FROZEN=frozen) == nonce + 1) is NAMES[name]


@pytest.mark.parametrize("content", CONTENTS)
def test_the_same_contents_count(state: Path, frozen: str, content: str) -> None:
    (state / "nonce_state.json").write_text(CONTENTS[content], encoding="latin-1")

    [file] = legacy_files([state])

    expected = int(frozen) // 1000 if file.nonce is None else file.nonce + 1
    assert children.run(state, START, FROZEN=frozen) == expected
    assert (file.reason == "") == (file.nonce is not None)


def test_a_field_of_another_name(state: Path) -> None:
    path = state / "working.json"
    path.write_text('{"working_nonce": 179000000000000000}')

    assert read_legacy(path).reason == "last_nonce is not an integer"
    assert read_legacy(path, "working_nonce").nonce == 179_000_000_000_000_000


@pytest.mark.parametrize("scale", Scale)
def test_each_scale_is_told(scale: Scale) -> None:
    now = time.time_ns()
    nonce = now * scale.value // 10**9

    for seconds in (-86_400 * 365, 0, 86_400):
        assert scale_of(nonce + seconds * scale.value, now) is scale
    assert lead_seconds(nonce + 60 * scale.value, scale, now) == pytest.approx(60, abs=1.01)


def test_no_scale() -> None:
    assert scale_of(99, time.time_ns()) is None
    assert scale_of(0, time.time_ns()) is None
    assert scale_of(time.time_ns() * 10, time.time_ns()) is None

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given

from nonce_migrate.errors import ProjectError
from nonce_migrate.reports.record import Record
from nonce_migrate.reports.stored import dump_record, load_record
from tests.reports.results import IMPORT, applied, full_plan, scanned
from tests.reports.strategies import few, records


@few
@given(records())
def test_a_record_is_read_back_as_it_was(record: Record) -> None:
    assert load_record(dump_record(record)) == record


def test_surrogates_that_would_make_a_pair_stay_two() -> None:
    # JSON's escapes would put them together to one character.
    record = replace(scanned(), root="/\ud83d\ude00")

    assert load_record(dump_record(record)).root == "/\ud83d\ude00"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"null",
        b"\xff",
        b'{"form": 1}',
        b'{"form": 1, "record": {}}',
        b'{"form": 1, "record": []}',
        b'{"form": 0, "record": {}}',
    ],
)
def test_what_is_no_record_is_told(data: bytes) -> None:
    with pytest.raises(ProjectError, match="another version"):
        load_record(data)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("command", "undo"),
        ("files_seen", "1"),
        ("dry_run", 1),
        ("entries", {}),
        ("changes", [{"path": "x"}]),
        ("systems", [["a", "b"]]),
        ("new", 1),
    ],
)
def test_a_field_that_is_wrong_is_told(key: str, value: object) -> None:
    document = json.loads(dump_record(applied(full_plan())))
    document["record"][key] = value
    with pytest.raises(ProjectError):
        load_record(json.dumps(document).encode())


def test_bytes_that_are_no_base64_are_told() -> None:
    document = json.loads(dump_record(applied(full_plan())))
    document["record"]["changes"][0]["after"] = "?"
    with pytest.raises(ProjectError):
        load_record(json.dumps(document).encode())


def test_identities_are_kept() -> None:
    record = scanned(IMPORT).identified(lambda _: b"\n\nold()\n")

    assert load_record(dump_record(record)).entries[0].fingerprint == record.entries[0].fingerprint

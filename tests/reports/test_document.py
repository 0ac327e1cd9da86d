from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from nonce_migrate.errors import ProjectError
from nonce_migrate.model import Accepted, AcceptedBy
from nonce_migrate.plans import ChangeKind, FileChange
from nonce_migrate.reports.diff import diff_text
from nonce_migrate.reports.document import read_record, record_of_document
from nonce_migrate.reports.formats.as_json import render_json
from nonce_migrate.reports.record import Record, record_of_check
from tests.reports.results import (
    BROKEN,
    IMPORT,
    PRIVATE,
    UNREADABLE,
    USE,
    applied,
    dry_run,
    empty_plan,
    full_plan,
    scan_of,
    scanned,
)


def _identified(record: Record) -> Record:
    return record.identified(lambda _: b"x = 1\n" * 20)


def _again(record: Record) -> Record:
    return record_of_document(json.loads(render_json(record)))


@pytest.mark.parametrize(
    "record",
    [
        scanned(IMPORT, USE, PRIVATE, BROKEN, unreadable=(UNREADABLE,)),
        record_of_check(scan_of(IMPORT, PRIVATE), (PRIVATE,)),
        record_of_check(scan_of()),
        applied(empty_plan()),
        replace(scanned(), accepted=(Accepted(USE, AcceptedBy.COMMENT, "it is a test"),)),
        _identified(scanned(IMPORT, USE)),
        _identified(record_of_check(scan_of(IMPORT))),
    ],
)
def test_a_document_gives_the_record_that_it_was_made_from(record: Record) -> None:
    assert _again(record) == record


def test_of_an_apply_the_contents_of_files_are_not_known() -> None:
    plan = replace(full_plan(), applied=(IMPORT, USE))
    record = applied(plan)

    again = _again(record)
    assert again == replace(record, changes=again.changes)
    assert [(c.path, c.kind, c.before, c.after, c.findings) for c in again.changes] == [
        (c.path, c.kind, None if c.before is None else b"", b"", c.findings) for c in record.changes
    ]
    assert render_json(again) == render_json(record)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"a\n", b"b\n"),
        (b"a", b"b\n"),
        (b"a\nb", b"a\nc"),
        (None, b"a\nb\n"),
        (None, b"a"),
        (b"a\r\nb\r\n", b"a\r\nc\r\n"),
        (b"a\n" * 9 + b"-- x\n" + b"b\n" * 9, b"a\n" * 9 + b"++ y\n" + b"b\n" * 9),
        (
            b"".join(b"%d\n" % n for n in range(60)),
            b"".join(b"%d\n" % (n if n % 20 != 10 else -n) for n in range(60)) + b"end\n",
        ),
        (b"1\n2\n", b""),
    ],
)
def test_a_diff_gives_its_lines_back_where_they_were(before: bytes | None, after: bytes) -> None:
    change = FileChange("a.py", ChangeKind.REWRITE, before, after)
    record = replace(dry_run(empty_plan()), changes=(change,))

    (again,) = _again(record).changes
    assert diff_text(again) == diff_text(change)


def test_a_document_of_an_earlier_minor_version_lacks_what_came_later() -> None:
    document = json.loads(render_json(_identified(scanned(IMPORT))))
    del document["systems"]
    for key in ("statement", "ordinal", "fingerprint"):
        del document["findings"][0][key]
    record = record_of_document(document)

    assert record.findings() == (IMPORT,)
    assert [name for name, _, _ in record.systems] == [name for name, _, _ in scanned().systems]


@pytest.mark.parametrize(
    ("key", "value"),
    [("findings", [{}]), ("findings", 1), ("summary", None), ("unreadable", [1]), ("root", None)],
)
def test_a_document_that_is_not_whole_is_told(tmp_path: Path, key: str, value: object) -> None:
    document = json.loads(render_json(scanned(IMPORT)))
    document[key] = value
    if value is None:
        del document[key]
    file = tmp_path / "r.json"
    file.write_text(json.dumps(document))
    with pytest.raises(ProjectError, match=r"r\.json: not a whole result"):
        read_record(file)

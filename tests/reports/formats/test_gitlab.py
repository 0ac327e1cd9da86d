from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import jsonschema
from hypothesis import given

from nonce_migrate.reports.formats.gitlab import render_gitlab
from nonce_migrate.reports.issues import issues
from nonce_migrate.reports.record import Record, record_of_check
from tests.reports.results import (
    IMPORT,
    PRIVATE,
    UNREADABLE,
    USE,
    applied,
    empty_plan,
    full_plan,
    scan_of,
)
from tests.reports.strategies import few, records

# docs.gitlab.com, "Code Quality report format": every key there is required.
_SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^[^/]"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}


def _issues(record: Record) -> list[dict[str, Any]]:
    document: list[dict[str, Any]] = json.loads(render_gitlab(record))
    jsonschema.validate(document, _SCHEMA)
    return document


def test_an_issue_has_its_place_and_severity() -> None:
    (issue,) = _issues(record_of_check(scan_of(IMPORT)))

    assert issue["check_name"] == "NM101"
    assert issue["severity"] == "major"
    assert issue["location"] == {"path": "src/app.py", "lines": {"begin": 3}}


def test_the_fingerprint_is_that_of_the_statement_and_not_of_the_line() -> None:
    lines = ["", "", "if 1: from a import b", *[""] * 8, "        b()", "", "    b._c"]
    text = "\n".join(lines).encode()
    found = [IMPORT, USE, PRIVATE]
    lower = [finding._replace(line=finding.line + 1) for finding in found]
    before = record_of_check(scan_of(*found)).identified(lambda _: text)
    after = record_of_check(scan_of(*lower)).identified(lambda _: b"# new\n" + text)

    assert _prints(before) == _prints(after)
    assert len(set(_prints(before))) == 3


def _prints(record: Record) -> list[str]:
    return [issue["fingerprint"] for issue in _issues(record)]


def test_what_an_apply_leaves_has_the_fingerprint_that_the_next_run_gives_it() -> None:
    plan = replace(empty_plan(), applied=(IMPORT,), remaining=(IMPORT._replace(line=4),))
    line = b"from a import b\n"
    left = applied(plan).identified(lambda _: b"\n\n" + line * 2)
    after = record_of_check(scan_of(IMPORT)).identified(lambda _: b"\n\n" + line)

    assert _prints(left) == _prints(after)


def test_without_an_identity_findings_are_told_apart_by_their_symbols() -> None:
    prints = _prints(record_of_check(scan_of(IMPORT, USE, PRIVATE, unreadable=(UNREADABLE,))))

    assert len(set(prints)) == 4


def test_what_was_edited_is_no_issue() -> None:
    assert [issue["check_name"] for issue in _issues(applied(full_plan()))] == [
        "NM302",
        "refused",
        "unreadable",
    ]


@few
@given(records())
def test_every_record_is_a_valid_report(record: Record) -> None:
    assert len(_issues(record)) == len(issues(record))

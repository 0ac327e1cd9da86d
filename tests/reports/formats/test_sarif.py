from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nonce_migrate.model import Accepted, AcceptedBy, Code
from nonce_migrate.plans import ChangeKind, FileChange
from nonce_migrate.reports.formats.sarif import render_sarif
from nonce_migrate.reports.formats.sarif.fixes import NEWLINES, encoding_of, fix_of
from nonce_migrate.reports.issues import issues
from nonce_migrate.reports.record import Record, record_of_check
from tests.reports.formats.sarif_applier import replaced
from tests.reports.results import (
    HOSTILE,
    IMPORT,
    PRIVATE,
    UNREADABLE,
    USE,
    applied,
    dry_run,
    full_plan,
    scan_of,
    scanned,
)
from tests.reports.strategies import few, records

_SCHEMA = json.loads(
    (Path(__file__).parents[1] / "schemas/sarif-2.1.0-rtm.5.json").read_text("utf-8")
)
_VALIDATOR = jsonschema.Draft4Validator(
    _SCHEMA, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER
)
_NEWLINE = re.compile("|".join(NEWLINES))


def _run(record: Record) -> dict[str, Any]:
    """The run of a log, held to the schema of the standard."""
    log = json.loads(render_sarif(record))
    _VALIDATOR.validate(log)
    (run,) = log["runs"]
    return dict(run)


def test_a_result_has_its_rule_place_and_level() -> None:
    run = _run(record_of_check(scan_of(IMPORT)))
    (result,) = run["results"]
    rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]

    assert (result["ruleId"], rule["id"], result["level"]) == ("NM101", "NM101", "error")
    assert rule["shortDescription"]["text"] and "# NM101" in rule["help"]["markdown"]
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "src/app.py", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 3, "startColumn": 5},
    }
    assert run["originalUriBaseIds"] == {"%SRCROOT%": {"uri": "file:///project/"}}
    assert run["columnKind"] == "unicodeCodePoints"


def test_every_code_is_a_rule() -> None:
    rules = _run(scanned())["tool"]["driver"]["rules"]

    assert [rule["id"] for rule in rules] == sorted(Code)


def test_levels_follow_what_is_asked_for() -> None:
    results = _run(scanned(IMPORT, PRIVATE))["results"]

    assert [result["level"] for result in results] == ["note", "warning"]


def test_the_fingerprint_stays_when_lines_move() -> None:
    text = b"\n\nfrom a import b\n"
    below = IMPORT._replace(line=IMPORT.line + 1)
    runs = [
        _run(scanned(IMPORT).identified(lambda _: text)),
        _run(scanned(below).identified(lambda _: b"\n" + text)),
    ]
    prints = [run["results"][0]["partialFingerprints"] for run in runs]

    assert prints[0] == prints[1] and len(prints[0]["nonceMigrate/v1"]) == 64


def test_what_was_accepted_is_a_suppressed_result() -> None:
    accepted = (
        Accepted(IMPORT, AcceptedBy.COMMENT, "the fixture's own"),
        Accepted(USE, AcceptedBy.PER_FILE, ""),
    )
    results = _run(replace(scanned(), accepted=accepted))["results"]

    assert [result["suppressions"] for result in results] == [
        [{"kind": "inSource", "justification": "the fixture's own"}],
        [{"kind": "external"}],
    ]


def test_files_that_were_not_looked_into_are_notifications() -> None:
    run = _run(scanned(unreadable=(UNREADABLE,)))
    ((notification,),) = [i["toolExecutionNotifications"] for i in run["invocations"]]

    assert run["results"] == []
    assert "syntax error" in notification["message"]["text"]
    assert notification["locations"][0]["physicalLocation"]["region"]["startLine"] == 4


def test_edits_that_are_pending_are_fixes_and_those_made_are_no_results() -> None:
    pending, made = _run(dry_run(full_plan())), _run(applied(full_plan()))

    fixed = [result["ruleId"] for result in pending["results"] if "fixes" in result]
    assert fixed == ["NM101", "NM201"]
    assert [result["ruleId"] for result in made["results"]] == ["NM302"]


def test_a_fix_has_all_edits_of_its_file() -> None:
    # One alone would rename an import and leave its uses, or the other way round.
    results = _run(dry_run(full_plan()))["results"]
    (one, other) = [result["fixes"] for result in results if "fixes" in result]

    assert one == other
    (change,) = one[0]["artifactChanges"]
    assert change["replacements"] == [
        {
            "deletedRegion": {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 11},
            "insertedContent": {"text": "import new"},
        }
    ]


def test_a_legacy_module_is_fixed_by_its_shim() -> None:
    module = IMPORT._replace(path="src/old.py", code=Code.LEGACY_MODULE, line=1, column=1)
    shim = FileChange("src/old.py", ChangeKind.SHIM, b"old = 1\n", b"new = 1\n")
    (result,) = _run(replace(scanned(module), planned=(shim,)))["results"]

    assert len(result["fixes"]) == 1


def test_text_is_neither_a_placeholder_nor_a_link() -> None:
    found = HOSTILE._replace(reason="{0} [x](http://y) [a] {", step="")
    (result,) = _run(scanned(found))["results"]

    assert result["message"]["text"].endswith("{{0}} \\[x](http://y) [a] {{")


def test_a_name_that_is_no_utf_8_is_its_bytes_in_the_uri() -> None:
    (result,) = _run(scanned(HOSTILE))["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]

    assert uri.isascii()
    assert unquote_to_bytes(uri) == HOSTILE.path.encode(errors="surrogateescape")


@few
@given(records())
def test_every_record_is_a_valid_log(record: Record) -> None:
    run = _run(record)

    found = [issue for issue in issues(record) if issue.finding is not None]
    assert len(run["results"]) == len(found) + len(record.accepted)


def _replacements(change: FileChange) -> list[dict[str, Any]]:
    fix: dict[str, Any] = fix_of(change, {"uri": "x"})
    (edits,) = fix["artifactChanges"]
    found: list[dict[str, Any]] = edits["replacements"]
    return found


_LINES = st.lists(st.sampled_from(["a", "b", "\n", "\r\n", "\r", "é", "😀", "\x0c", "\u2028"]))


@few
@given(_LINES.map("".join), _LINES.map("".join), st.sampled_from(["a.py", "a.md"]))
def test_the_replacements_make_the_new_bytes_of_the_old(before: str, after: str, path: str) -> None:
    change = FileChange(path, ChangeKind.REWRITE, before.encode(), after.encode())

    assert replaced(before.encode(), _replacements(change), "utf-8", _NEWLINE) == after.encode()


@pytest.mark.parametrize(
    ("path", "before", "after", "encoding"),
    [
        ("a.py", b"# coding: latin-1\n\xe9 = 1\n", b"# coding: latin-1\n\xe9 = 2\n", "iso-8859-1"),
        ("a.py", b"\xef\xbb\xbfa = 1\r\n", b"\xef\xbb\xbfb = 1\r\n", ""),
        ("a.md", b"\xef\xbb\xbfa", b"\xef\xbb\xbfb", ""),
        ("a.py", b"a\r\n", b"b\n", ""),
        ("a.md", b"\xff old\n", b"\xff new\n", ""),
        ("a.ipynb", b"", b"{}", ""),
    ],
)
def test_encodings_are_told_and_kept(path: str, before: bytes, after: bytes, encoding: str) -> None:
    change = FileChange(path, ChangeKind.REWRITE, before, after)

    assert encoding_of(change) == encoding
    made = replaced(before, _replacements(change), encoding or "utf-8", _NEWLINE)
    assert made == after

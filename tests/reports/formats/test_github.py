from __future__ import annotations

import re

from hypothesis import given

from nonce_migrate.reports.formats.github import render_github
from nonce_migrate.reports.issues import issues
from nonce_migrate.reports.record import Record, record_of_check
from nonce_migrate.visible import visible
from tests.reports.results import (
    BROKEN,
    HOSTILE,
    HOSTILE_PATH,
    IMPORT,
    PRIVATE,
    UNREADABLE,
    applied,
    full_plan,
    scan_of,
    scanned,
)
from tests.reports.strategies import few, records

Annotation = tuple[str, dict[str, str], str]


def _read(line: str) -> Annotation:
    """One line as actions/runner reads it: ActionCommand.TryParseV2, with its unescaping."""
    assert line.startswith("::")
    head, _, data = line[2:].partition("::")
    command, _, told = head.partition(" ")
    properties = {}
    for pair in told.split(","):
        name, _, value = pair.partition("=")
        properties[name.strip()] = _unescaped(value, {"%3A": ":", "%2C": ","})
    return command, properties, _unescaped(data, {})


def _unescaped(text: str, more: dict[str, str]) -> str:
    known = {"%0D": "\r", "%0A": "\n", "%25": "%", **more}
    return re.sub("|".join(known), lambda match: known[match.group()], text)


def _annotations(record: Record) -> list[Annotation]:
    return [_read(line) for line in render_github(record).split("\n")[:-1]]


def test_a_finding_is_annotated_at_its_place() -> None:
    assert _annotations(record_of_check(scan_of(IMPORT))) == [
        (
            "error",
            {"file": "/project/src/app.py", "line": "3", "col": "5", "title": "NM101 import"},
            "import get_unified_nonce_manager (unified_kraken_nonce_manager), safe: "
            "get_nonce_manager",
        )
    ]


def test_the_gravest_come_first() -> None:
    told = _annotations(scanned(IMPORT, PRIVATE, unreadable=(UNREADABLE,)))

    assert [command for command, _, _ in told] == ["warning", "warning", "notice"]
    assert [properties["line"] for _, properties, _ in told] == ["14", "4", "3"]


def test_what_was_edited_is_not_annotated_and_what_was_refused_is() -> None:
    told = _annotations(applied(full_plan()))

    files = [properties["file"] for _, properties, _ in told]
    assert files == ["/project/src/app.py", "/project/src/odd.py", "/project/src/old.py"]


def test_names_that_look_like_commands_stay_in_their_place() -> None:
    path = "a,line=9::b%0A\n::error file=x::y.py"
    told = _annotations(scanned(HOSTILE._replace(path=path), BROKEN))

    assert len(told) == 2
    assert told[0][1]["file"] == f"/project/{path}"
    assert told[0][1]["line"] == str(HOSTILE.line)


def test_a_name_that_a_log_cannot_show_is_escaped() -> None:
    ((_, properties, text),) = _annotations(scanned(HOSTILE))

    assert properties["file"].endswith("\n\\x1b[31m\\xff.py")
    assert visible(HOSTILE_PATH.rpartition("\n")[2]) in properties["file"]
    assert "\\n# heading <img>" in text


@few
@given(records())
def test_every_record_reads_back_as_its_issues(record: Record) -> None:
    text = render_github(record)
    told = _annotations(record)

    text.encode()
    found = issues(record)
    assert sorted(data for _, _, data in told) == sorted(issue.message for issue in found)
    for _, properties, _ in told:
        assert set(properties) <= {"file", "line", "col", "title"}

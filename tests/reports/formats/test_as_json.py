from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import jsonschema
from hypothesis import given

from nonce_migrate import __version__
from nonce_migrate.model import Explained
from nonce_migrate.reports.formats.as_json import explained_json, render_json
from nonce_migrate.reports.record import Record, record_of_check, record_of_scan
from tests.reports.results import (
    BROKEN,
    HOSTILE,
    IMPORT,
    PRIVATE,
    TARGET,
    UNREADABLE,
    USE,
    applied,
    dry_run,
    empty_plan,
    full_plan,
    scan_of,
    scanned,
)
from tests.reports.strategies import few, records


def test_every_document_says_what_it_is() -> None:
    head = {
        "version": 1,
        "tool": {"name": "nonce-migrate", "version": __version__},
        "profile": "kraken",
        "target": TARGET,
        "root": "/project",
    }
    scan = scan_of()
    texts = {
        "scan": render_json(record_of_scan(scan)),
        "check": render_json(record_of_check(scan)),
        "apply": render_json(applied(empty_plan())),
    }
    for command, text in texts.items():
        document = json.loads(text)
        assert {key: document[key] for key in head} == head
        assert document["command"] == command


def test_a_finding_has_every_field_of_the_model_and_its_kind() -> None:
    finding = json.loads(render_json(scanned(PRIVATE)))["findings"][0]

    assert finding.pop("kind") == "member"
    assert finding == {**PRIVATE._asdict(), "why": list(PRIVATE.why)}


def test_the_order_does_not_depend_on_the_order_given() -> None:
    assert render_json(scanned(IMPORT, PRIVATE, BROKEN)) == render_json(
        scanned(BROKEN, PRIVATE, IMPORT)
    )


def test_the_summary_counts_zeros_too() -> None:
    summary = json.loads(render_json(scanned(IMPORT, USE, PRIVATE)))["summary"]

    assert (summary["findings"], summary["files"], summary["files_seen"]) == (3, 1, 10)
    assert summary["by_system"] == {"unified_kraken_nonce_manager": 3, "nonce_manager": 0}
    assert summary["by_safety"] == {"safe": 2, "unsafe": 0, "manual": 1}
    assert summary["by_kind"]["import"] == 1 and summary["by_kind"]["string"] == 0


def test_check_tells_whether_it_passed_and_lists_what_fails_it() -> None:
    failing = record_of_check(scan_of(IMPORT, unreadable=(UNREADABLE,)))
    failed, passed = (json.loads(render_json(r)) for r in (failing, record_of_check(scan_of())))

    assert (failed["passed"], passed["passed"]) == (False, True)
    assert [finding["code"] for finding in failed["findings"]] == ["NM101"]
    assert failed["unreadable"] == [UNREADABLE._asdict()]


def test_a_plan_has_everything_in_it() -> None:
    document = json.loads(render_json(applied(full_plan())))

    assert document["dry_run"] is False
    assert document["manager_version"] == "1.2.3"
    assert document["summary"]["findings"] == 3
    assert document["summary"]["changes"] == 3
    assert [(c["path"], c["kind"], c["created"]) for c in document["changes"]] == [
        ("src/app.py", "rewrite", False),
        ("src/auth/nonce_manager.py", "shim", False),
        ("src/utils/manager.py", "manager", True),
    ]
    assert [edit["line"] for edit in document["changes"][0]["edits"]] == [3, 12]
    assert [finding["step"] for finding in document["remaining"]] == ["read get_status() instead"]
    assert document["broken_before"][0]["broken"] == "always raised TypeError"
    assert document["shims"][0]["kept_names"] == ["LIMIT"]
    assert document["shims"][0]["dropped"] == ["line 40: atexit.register"]
    assert document["refusals"][0]["path"] == "src/odd.py"
    assert document["notes"] == ["git status is not clean"]
    assert document["unreadable"] == [UNREADABLE._asdict()]


def test_only_a_dry_run_carries_the_diffs() -> None:
    dry = json.loads(render_json(dry_run(full_plan())))
    wet = json.loads(render_json(applied(full_plan())))

    assert "-import old\r\n+import new\r\n" in dry["changes"][0]["diff"]
    assert all("diff" not in change for change in wet["changes"])


def test_a_name_that_is_not_utf_8_gives_valid_unicode() -> None:
    text = render_json(scanned(HOSTILE))

    path = json.loads(text)["findings"][0]["path"]
    assert path.endswith("\x1b[31m\\xff.py")
    assert path.encode()


_SCHEMA = json.loads(
    files("nonce_migrate.reports.schema").joinpath("report-1.schema.json").read_text("utf-8")
)


def _closed(schema: Any) -> Any:
    """The schema with no room for a key that it does not describe."""
    if isinstance(schema, list):
        return [_closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _closed(value) for key, value in schema.items()}
    if "properties" in closed and closed.get("type") == "object":
        closed["additionalProperties"] = False
    return closed


_CLOSED = jsonschema.Draft202012Validator(_closed(_SCHEMA))


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(_SCHEMA)


@few
@given(records())
def test_every_document_is_as_its_schema_says_and_has_no_key_beside(record: Record) -> None:
    _CLOSED.validate(json.loads(render_json(record)))


def test_so_is_that_of_why() -> None:
    told = Explained("src/app.py", 3, (IMPORT,), ("a note",), (PRIVATE,))

    _CLOSED.validate(json.loads(explained_json(told)))


def test_a_reader_of_version_1_bears_keys_that_come() -> None:
    document = json.loads(render_json(scanned(IMPORT)))
    document["new"] = document["findings"][0]["new"] = 1

    jsonschema.validate(document, _SCHEMA)


def test_a_finding_has_its_identity_where_that_is_known() -> None:
    record = scanned(IMPORT).identified(lambda _: b"\n\nif 1: from a import get_x\n")
    (finding,) = json.loads(render_json(record))["findings"]

    assert "fingerprint" not in json.loads(render_json(scanned(IMPORT)))["findings"][0]
    assert (finding["statement"], finding["ordinal"]) == ("if 1:", 1)
    assert finding["fingerprint"] == record.entries[0].fingerprint


def test_a_warning_of_a_check_does_not_fail_it() -> None:
    record = record_of_check(scan_of(IMPORT, PRIVATE), (IMPORT, PRIVATE))
    document = json.loads(render_json(record))

    assert document["passed"] is True and document["findings"] == []
    assert len(document["warnings"]) == 2

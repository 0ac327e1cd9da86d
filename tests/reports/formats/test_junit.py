from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import xmlschema
from hypothesis import given
from junitparser import Failure, JUnitXml, Skipped

from nonce_migrate.reports.formats.junit import render_junit
from nonce_migrate.reports.record import Fate, Record, record_of_check
from tests.reports.results import (
    HOSTILE,
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
from tests.reports.strategies import few, records

_XSD = xmlschema.XMLSchema(str(Path(__file__).parents[1] / "schemas/junit-10.xsd"))


def _read(record: Record) -> JUnitXml:
    """The document, held to Jenkins's schema, as junitparser reads it."""
    text = render_junit(record)
    _XSD.validate(text)
    return JUnitXml.fromstring(text.encode())


def test_a_finding_that_fails_the_check_is_a_failure_in_the_suite_of_its_file() -> None:
    (suite,) = _read(record_of_check(scan_of(IMPORT)))
    (case,) = suite

    assert (suite.name, suite.tests, suite.failures) == ("src/app.py", 1, 1)
    assert (case.classname, case.name) == ("src/app.py", "NM101 get_unified_nonce_manager")
    (result,) = case.result
    assert isinstance(result, Failure)
    assert result.type == "NM101" and result.message.endswith("safe: get_nonce_manager")
    assert result.text.startswith("src/app.py:3:5: NM101 ")


def test_tests_have_names_without_lines_that_differ() -> None:
    again = USE._replace(line=40)
    (suite,) = _read(record_of_check(scan_of(USE, again)))

    symbol = "NM201 get_unified_nonce_manager"
    assert [case.name for case in suite] == [symbol, f"{symbol} (2)"]


@pytest.mark.parametrize(
    ("record", "failures", "skipped"),
    [
        # Red exactly where the exit status is 1.
        (record_of_check(scan_of()), 0, 0),
        (record_of_check(scan_of(unreadable=(UNREADABLE,))), 0, 1),
        (record_of_check(scan_of(IMPORT, PRIVATE), (PRIVATE,)), 1, 1),
        (scanned(IMPORT, PRIVATE), 0, 2),
        (applied(empty_plan()), 0, 0),
        (applied(full_plan()), 2, 1),  # one is left, one file was refused
        (dry_run(full_plan()), 5, 1),  # and three edits are pending
    ],
)
def test_it_is_red_where_the_command_fails(record: Record, failures: int, skipped: int) -> None:
    document = _read(record)
    cases = [case for suite in document for case in suite]
    kinds = Counter(type(result) for case in cases for result in case.result)

    assert cases
    assert (kinds[Failure], kinds[Skipped]) == (failures, skipped)
    assert document.failures == failures and document.tests == len(cases)


@few
@given(records())
def test_every_record_is_a_valid_document(record: Record) -> None:
    document = _read(record)

    number = len(record.entries) + len(record.unreadable) + len(record.refusals)
    assert sum(len(list(suite)) for suite in document) == max(number, 1)


def test_what_xml_forbids_is_escaped() -> None:
    found = HOSTILE._replace(symbol="a\x00\x0b\ufffe\ud800]]><x/>", reason="\x1b")
    (suite,) = _read(scanned(found))
    (case,) = suite

    assert case.name == "NM302 a\\x00\\x0b\\ufffe\\ud800]]><x/>"
    assert scanned(found).entries[0].fate is Fate.LISTED

"""A record as JUnit's XML: a suite for each file, a test for each finding.

It is red exactly where the exit status of the command is 1. Source: junit-10.xsd of Jenkins's xUnit
plugin, which pytest holds its own reports to.
"""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from nonce_migrate.reports.issues import message
from nonce_migrate.reports.record import Entry, Fate, Record
from nonce_migrate.reports.wording import place, unreadable_place, visible


class _Outcome(StrEnum):
    PASSED = "passed"
    SKIPPED = "skipped"
    FAILURE = "failure"


_OUTCOMES = {
    Fate.LISTED: _Outcome.SKIPPED,
    Fate.WARNS: _Outcome.SKIPPED,
    Fate.FAILS: _Outcome.FAILURE,
    Fate.PENDING: _Outcome.FAILURE,
    Fate.LEFT: _Outcome.FAILURE,
    Fate.MADE: _Outcome.PASSED,
}


@dataclass(frozen=True, slots=True)
class _Test:
    path: str
    name: str
    outcome: _Outcome
    kind: str = ""
    message: str = ""
    text: str = ""


def render_junit(record: Record) -> str:
    """The document. A record with nothing to tell is one test that passed."""
    tests = [*_of_entries(record), *_of_files(record)]
    if not tests:
        tests = [_Test(".", "no finding", _Outcome.PASSED)]
    tests.sort(key=lambda test: test.path)
    root = ElementTree.Element("testsuites", {"name": f"nonce-migrate {record.command}"})
    root.attrib.update(_counts(tests, with_skipped=False))
    for path, group in groupby(tests, key=lambda test: test.path):
        members = list(group)
        attributes = {"name": visible(path), **_counts(members, with_skipped=True)}
        suite = ElementTree.SubElement(root, "testsuite", attributes)
        for test in members:
            _add(suite, test)
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ElementTree.tostring(root, "unicode")}\n'


def _of_entries(record: Record) -> Iterable[_Test]:
    counts: Counter[tuple[str, str]] = Counter()
    for entry in record.entries:
        found = entry.finding
        name = f"{found.code} {found.symbol}".rstrip()
        counts[found.path, name] += 1
        number = counts[found.path, name]
        # Without its line, so that servers know the test again in the next revision.
        told = visible(name) + (f" ({number})" if number > 1 else "")
        yield _Test(
            found.path,
            told,
            _OUTCOMES[entry.fate],
            found.code.value,
            message(found),
            _text(entry),
        )


def _text(entry: Entry) -> str:
    found = entry.finding
    lines = [f"{place(found)}: {found.code} {message(found)}", *map(visible, found.why)]
    return "\n".join(lines)


def _of_files(record: Record) -> Iterable[_Test]:
    for item in record.unreadable:
        text = f"{unreadable_place(item)}: {visible(item.reason)}"
        said = f"could not be looked into: {visible(item.reason)}"
        yield _Test(item.path, "is looked into", _Outcome.SKIPPED, "unreadable", said, text)
    for refusal in record.refusals:
        said = visible(refusal.reason)
        yield _Test(refusal.path, "is not refused", _Outcome.FAILURE, "refused", said, said)


def _counts(tests: list[_Test], *, with_skipped: bool) -> dict[str, str]:
    outcomes = Counter(test.outcome for test in tests)
    skipped = {"skipped": str(outcomes[_Outcome.SKIPPED])} if with_skipped else {}
    failures = str(outcomes[_Outcome.FAILURE])
    return {"tests": str(len(tests)), "failures": failures, "errors": "0", **skipped}


def _add(suite: ElementTree.Element, test: _Test) -> None:
    attributes = {"classname": visible(test.path), "name": test.name}
    case = ElementTree.SubElement(suite, "testcase", attributes)
    if test.outcome is not _Outcome.PASSED:
        told = {"type": test.kind, "message": test.message}
        ElementTree.SubElement(case, test.outcome.value, told).text = test.text

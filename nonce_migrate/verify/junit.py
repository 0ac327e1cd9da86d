"""The outcome of each test from a JUnit XML file, as pytest writes it with --junitxml."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

from nonce_migrate.verify.outcome import CaseResult, Verdict

_TAGS = {"failure": Verdict.FAILED, "error": Verdict.ERROR, "skipped": Verdict.SKIPPED}
# An entity is the one way in which such a file could be more than data.
_DOCTYPE = re.compile(rb"<!DOCTYPE", re.I)


def read_junit(path: Path) -> dict[str, CaseResult]:
    """Tests by `class::name`; empty where there is no such file or it is cut short."""
    try:
        data = path.read_bytes()
        if _DOCTYPE.search(data):
            return {}
        root = ET.fromstring(data)
    except (OSError, ET.ParseError):
        return {}
    tests: dict[str, CaseResult] = {}
    for case in root.iter("testcase"):
        name = "::".join(filter(None, (case.get("classname"), case.get("name"))))
        tested = _tested(case)
        # A test may be told of twice, once for its body and once for its teardown.
        if name not in tests or tests[name].verdict is Verdict.PASSED:
            tests[name] = tested
    return tests


def _tested(case: ET.Element) -> CaseResult:
    for child in case:
        verdict = _TAGS.get(child.tag)
        if verdict is not None:
            return CaseResult(verdict, child.text or child.get("message") or "")
    return CaseResult(Verdict.PASSED)

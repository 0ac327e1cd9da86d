"""The log file with its one run. Numbers of sections are those of SARIF 2.1.0."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePath
from urllib.parse import quote

from nonce_migrate import __version__
from nonce_migrate.model import Accepted, AcceptedBy, Code, Finding
from nonce_migrate.plans import ChangeKind, FileChange
from nonce_migrate.reports.formats.sarif.fixes import NEWLINES, encoding_of, fix_of
from nonce_migrate.reports.formats.sarif.rules import rule_indices, rules
from nonce_migrate.reports.issues import Issue, issues, message
from nonce_migrate.reports.record import Record
from nonce_migrate.visible import valid_unicode

Object = dict[str, object]

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT = "%SRCROOT%"
_FINGERPRINT = "nonceMigrate/v1"
_LINK = re.compile(r"\[(?=[^\[\]]*\]\()")
_KINDS = {
    AcceptedBy.COMMENT: "inSource",
    AcceptedBy.PER_FILE: "external",
    AcceptedBy.BASELINE: "external",
}


class _Fix:
    """The fix of a file. told: as SARIF has it."""

    def __init__(self, change: FileChange) -> None:
        self._is_shim = change.kind is ChangeKind.SHIM
        self._places = {(f.line, f.column, f.code) for f in change.findings}
        self.told = fix_of(change, _artifact(change.path))

    def settles(self, found: Finding) -> bool:
        """Whether a finding of the file is gone after it."""
        if found.code is Code.LEGACY_MODULE:
            return self._is_shim
        return (found.line, found.column, found.code) in self._places


def render_sarif(record: Record) -> str:
    """The log of a record. What was edited is no result; what was accepted is a suppressed one."""
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [_run(record)]}
    return json.dumps(log, indent=1) + "\n"


def _run(record: Record) -> Object:
    driver = {"name": "nonce-migrate", "version": __version__, "rules": rules()}
    found = issues(record)
    changes = [change for change in record.fixes if change.kind is not ChangeKind.MANAGER]
    fixes = {change.path: _Fix(change) for change in changes}
    results = [_result(i.finding, i, fixes) for i in found if i.finding is not None]
    results += [_accepted(item) for item in record.accepted]
    root = quote(PurePath(record.root).as_posix().encode(errors="surrogateescape"))
    return {
        "tool": {"driver": driver},
        "invocations": [_invocation(issue for issue in found if issue.finding is None)],
        "originalUriBaseIds": {_ROOT: {"uri": f"file:///{root.strip('/')}/"}},
        "artifacts": list(_artifacts(changes)),
        "columnKind": "unicodeCodePoints",
        "newlineSequences": list(NEWLINES),
        "results": results,
    }


def _invocation(told: Iterable[Issue]) -> Object:
    """Files that could not be looked into, or were refused, are told of the run itself (3.58)."""
    notifications = [
        {
            "level": issue.severity.value,
            "message": _message(issue.message),
            "locations": [_location(issue.path, issue.line, issue.column)],
        }
        for issue in told
    ]
    return {"executionSuccessful": True, "toolExecutionNotifications": notifications}


def _artifacts(changes: Iterable[FileChange]) -> Iterator[Object]:
    """The files whose fixes are told in another encoding than UTF-8, which is the run's."""
    for change in changes:
        encoding = encoding_of(change)
        if encoding:
            yield {"location": _artifact(change.path), "encoding": encoding}


def _result(found: Finding, issue: Issue, fixes: Mapping[str, _Fix]) -> Object:
    result = {
        **_core(found),
        "level": issue.severity.value,
        "partialFingerprints": {_FINGERPRINT: issue.fingerprint},
    }
    fix = fixes.get(found.path)
    if fix is not None and fix.settles(found):
        result["fixes"] = [fix.told]
    return result


def _accepted(accepted: Accepted[Finding]) -> Object:
    suppression = {"kind": _KINDS[accepted.by]}
    if accepted.reason:
        suppression["justification"] = valid_unicode(accepted.reason)
    return {**_core(accepted.finding), "level": "warning", "suppressions": [suppression]}


def _core(found: Finding) -> Object:
    return {
        "ruleId": found.code.value,
        "ruleIndex": rule_indices()[found.code],
        "message": _message(message(found)),
        "locations": [_location(found.path, found.line, found.column)],
    }


def _location(path: str, line: int, column: int) -> Object:
    physical: Object = {"artifactLocation": _artifact(path)}
    if line:
        physical["region"] = {"startLine": line, "startColumn": max(column, 1)}
    return {"physicalLocation": physical}


def _artifact(path: str) -> Object:
    uri = quote(path.encode(errors="surrogateescape"))
    return {"uri": uri, "uriBaseId": _ROOT}


def _message(text: str) -> Object:
    """Plain text in which nothing is a placeholder (3.11.5) or a link (3.11.6)."""
    return {"text": _LINK.sub(r"\\[", text.replace("{", "{{").replace("}", "}}"))}

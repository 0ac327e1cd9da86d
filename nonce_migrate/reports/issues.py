"""What of a record is open, in the one shape that tools of CI know: a place, a rule, a severity."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from nonce_migrate.engine.identity import Identity
from nonce_migrate.model import Finding, Safety, Unreadable
from nonce_migrate.plans import Refusal
from nonce_migrate.reports.record import Entry, Fate, Record
from nonce_migrate.reports.wording import fate, visible

UNREADABLE = "unreadable"
REFUSED = "refused"


class Severity(StrEnum):
    """ERROR: it fails a check. WARNING: somebody has to do something. NOTE: it is told, no more."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Issue:
    """rule: a finding code, UNREADABLE or REFUSED. line, column: 0 where there is none.

    title: a few words. message: one line. fingerprint: the same in every revision, unique in the
    record. finding: what it is made from, None for a file as a whole.
    """

    path: str
    line: int
    column: int
    rule: str
    severity: Severity
    title: str
    message: str
    fingerprint: str
    finding: Finding | None = None


def issues(record: Record) -> tuple[Issue, ...]:
    """Everything that is open, in the order of path, line and column. What was edited is not."""
    found = [*_of_entries(record), *_of_files(record)]
    return tuple(sorted(found, key=lambda issue: (issue.path, issue.line, issue.column)))


def severity(entry: Entry) -> Severity | None:
    """How much a finding asks for, None where it was settled."""
    match entry.fate:
        case Fate.MADE:
            return None
        case Fate.FAILS:
            return Severity.ERROR
        case Fate.LISTED if entry.finding.safety is Safety.SAFE:
            return Severity.NOTE
        case _:
            return Severity.WARNING


def message(finding: Finding) -> str:
    """What it is, how sure an edit is, and what becomes of it, on one line."""
    what = f"{finding.kind} {finding.symbol} ({finding.system})" if finding.symbol else finding.kind
    becomes = fate(finding)
    return visible(f"{what}, {finding.safety}" + (f": {becomes}" if becomes else ""))


def _of_entries(record: Record) -> Iterator[Issue]:
    counts: Counter[tuple[str, str, str]] = Counter()
    for entry in record.entries:
        found, grade = entry.finding, severity(entry)
        key = found.path, found.code.value, found.symbol
        counts[key] += 1
        if grade is None:
            continue
        yield Issue(
            path=found.path,
            line=found.line,
            column=found.column,
            rule=found.code.value,
            severity=grade,
            title=f"{found.code} {found.kind}",
            message=message(found),
            # A document of an earlier version has no identities: symbols tell findings apart, too.
            fingerprint=entry.fingerprint or Identity(*key, counts[key]).fingerprint,
            finding=found,
        )


def _of_files(record: Record) -> Iterator[Issue]:
    told: list[tuple[str, Unreadable | Refusal]] = [
        *((UNREADABLE, item) for item in record.unreadable),
        *((REFUSED, item) for item in record.refusals),
    ]
    titles = {UNREADABLE: "could not be looked into", REFUSED: "refused, left as it was"}
    for rule, item in told:
        yield Issue(
            path=item.path,
            line=item.line if isinstance(item, Unreadable) else 0,
            column=0,
            rule=rule,
            severity=Severity.WARNING,
            title=titles[rule],
            message=visible(f"{titles[rule]}: {item.reason}"),
            fingerprint=Identity(item.path, rule, item.reason, 1).fingerprint,
        )

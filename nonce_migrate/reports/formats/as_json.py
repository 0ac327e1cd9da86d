"""A record as JSON, for machines: the document that schema/report-1.schema.json describes.

Within one `version` keys are added, never taken away or given another meaning.

A byte of a file name that is not UTF-8 is written as `\\xNN`, so every string is valid Unicode.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

from nonce_migrate import __version__
from nonce_migrate.model import Explained, Finding, Unreadable
from nonce_migrate.plans import FileChange, ShimNote
from nonce_migrate.reports.diff import diff_text
from nonce_migrate.reports.record import Command, Entry, Fate, Record
from nonce_migrate.reports.tally import tally
from nonce_migrate.visible import valid_unicode

VERSION = 1

Value: TypeAlias = "str | int | bool | Sequence[Value] | Mapping[str, Value]"


def render_json(record: Record) -> str:
    """The document of the record's command."""
    tell = _apply if record.command is Command.APPLY else _listing
    return _dump({**_head(record), **tell(record)})


def explained_json(told: Explained) -> str:
    """The document of `scan --why`: `findings`, `notes` (why what looks like a reference is none)
    and `nearest` (findings, where the line has none).
    """
    return _dump(
        {
            "version": VERSION,
            "tool": {"name": "nonce-migrate", "version": __version__},
            "command": "scan --why",
            "path": told.path,
            "line": told.line,
            "findings": [_finding(finding) for finding in told.findings],
            "notes": told.notes,
            "nearest": [_finding(finding) for finding in told.nearest],
        }
    )


def _head(record: Record) -> dict[str, Value]:
    return {
        "version": VERSION,
        "tool": {"name": "nonce-migrate", "version": __version__},
        "command": record.command.value,
        "profile": record.profile,
        "target": record.target,
        "root": record.root,
        "systems": [
            {"name": name, "module": module, "description": description}
            for name, module, description in record.systems
        ],
    }


def _listing(record: Record) -> dict[str, Value]:
    """Of `scan` and `check`."""
    passed: dict[str, Value] = {}
    warnings: dict[str, Value] = {}
    if record.command is Command.CHECK:
        passed["passed"] = not record.told
        warnings["warnings"] = [_entry(e) for e in record.entries if e.fate is Fate.WARNS]
    return {
        **passed,
        "summary": {**_counts(record.told, record), "files_seen": record.files_seen},
        "findings": [_entry(e) for e in record.entries if e.fate is not Fate.WARNS],
        **warnings,
        "accepted": _accepted(record),
        "unreadable": _unreadable(record.unreadable),
    }


def _apply(record: Record) -> dict[str, Value]:
    left = [entry for entry in record.entries if entry.fate is Fate.LEFT]
    summary: dict[str, Value] = {
        **_counts(record.edited, record),
        "changes": len(record.changes),
        "remaining": len(left),
        "refusals": len(record.refusals),
        "files_seen": record.files_seen,
    }
    by_finding = {entry.finding: entry for entry in record.entries}

    def told(finding: Finding) -> dict[str, Value]:
        entry = by_finding.get(finding)
        return _entry(entry) if entry else _finding(finding)

    return {
        "dry_run": record.dry_run,
        "manager_version": record.manager_version,
        "summary": summary,
        "changes": [_change(change, told, record) for change in record.changes],
        "shims": [_shim(shim) for shim in record.shims],
        "remaining": [_entry(entry) for entry in left],
        "refusals": [{"path": r.path, "reason": r.reason} for r in sorted(record.refusals)],
        "broken_before": [told(finding) for finding in sorted(record.broken_before)],
        "accepted": _accepted(record),
        "notes": record.notes,
        "unreadable": _unreadable(record.unreadable),
    }


def _accepted(record: Record) -> list[Value]:
    return [
        {**_finding(a.finding), "accepted_by": a.by.value, "accepted_because": a.reason}
        for a in record.accepted
    ]


def _counts(findings: Sequence[Finding], record: Record) -> dict[str, Value]:
    counts = tally(findings, record.systems)
    return {
        "findings": counts.findings,
        "files": counts.files,
        "by_system": counts.by_system,
        "by_kind": counts.by_kind,
        "by_safety": counts.by_safety,
    }


def _entry(entry: Entry) -> dict[str, Value]:
    """A finding with its identity, as far as that is known."""
    if not entry.ordinal:
        return _finding(entry.finding)
    return {
        **_finding(entry.finding),
        "statement": entry.statement,
        "ordinal": entry.ordinal,
        "fingerprint": entry.fingerprint,
    }


def _finding(finding: Finding) -> dict[str, Value]:
    return {
        "path": finding.path,
        "line": finding.line,
        "column": finding.column,
        "code": finding.code.value,
        "kind": finding.kind.value,
        "system": finding.system,
        "symbol": finding.symbol,
        "safety": finding.safety.value,
        "becomes": finding.becomes,
        "reason": finding.reason,
        "step": finding.step,
        "broken": finding.broken,
        "why": finding.why,
    }


def _change(
    change: FileChange, told: Callable[[Finding], Mapping[str, Value]], record: Record
) -> dict[str, Value]:
    diff: dict[str, Value] = {"diff": diff_text(change)} if record.dry_run else {}
    return {
        "path": change.path,
        "kind": change.kind.value,
        "created": change.before is None,
        "edits": [told(finding) for finding in sorted(change.findings)],
        **diff,
    }


def _shim(shim: ShimNote) -> dict[str, Value]:
    return {
        "path": shim.path,
        "system": shim.system,
        "kept_names": shim.kept_names,
        "dropped": shim.dropped,
    }


def _unreadable(items: Iterable[Unreadable]) -> list[Value]:
    return [{"path": u.path, "line": u.line, "reason": u.reason} for u in sorted(items)]


def _dump(document: Mapping[str, Value]) -> str:
    return json.dumps(_valid(document), indent=2) + "\n"


def _valid(value: Value) -> Value:
    """The value with every surrogate in its strings written as an escape."""
    if isinstance(value, str):
        return valid_unicode(value)
    if isinstance(value, Mapping):
        return {valid_unicode(key): _valid(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [_valid(item) for item in value]
    return value

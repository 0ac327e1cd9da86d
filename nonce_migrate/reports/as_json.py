"""Results as JSON, for machines. The keys and their order are stable within one `version`.

Every document: `version` (1), `tool` (`name`, `version`), `command`, `profile`, `target`, `root`
(absolute path; all other paths are relative to it).

scan, check: `summary`, `findings`, `unreadable`. check has `passed`, and only the findings that
fail the gate.

scan --why: `tool`, `command`, `path`, `line`, `findings`, `notes` (why what looks like a reference
is none) and `nearest` (findings, where the line has none).

apply: `dry_run`, `manager_version`, `summary`, `changes`, `shims`, `remaining`, `refusals`,
`broken_before`, `notes`, `unreadable`. `remaining` is what is left for a person.

- a finding: `path`, `line` and `column` (from 1, in characters), `code`, `kind`, `system`,
  `symbol`, `safety`, `becomes`, `reason`, `step`, `broken`, `why` (the chain of reasons)
- `summary`: `findings`, `files`, `by_system`, `by_kind`, `by_safety`, for scan and check also
  `files_seen`; for apply it counts the edits that were made, and has `changes`, `remaining`,
  `refusals` too
- a change: `path`, `kind`, `created`, `edits` (findings), with --dry-run also `diff`
- a shim: `path`, `system`, `kept_names`, `dropped`
- unreadable: `path`, `line` (0 where there is none), `reason`; a refusal: `path`, `reason`

A byte of a file name that is not UTF-8 is written as `\\xNN`, so every string is valid Unicode.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from nonce_migrate import __version__
from nonce_migrate.model import (
    Explained,
    FileChange,
    Finding,
    Plan,
    ScanResult,
    ShimNote,
    Unreadable,
)
from nonce_migrate.reports.diff import diff_text
from nonce_migrate.reports.tally import tally

VERSION = 1

Value: TypeAlias = "str | int | bool | Sequence[Value] | Mapping[str, Value]"
_BYTE = re.compile(r"[\ud800-\udfff]")


def scan_json(result: ScanResult) -> str:
    """The document of `scan`."""
    return _dump({**_head("scan", result), **_findings(result, result.findings)})


def check_json(result: ScanResult, failing: Sequence[Finding]) -> str:
    """The document of `check`; failing: the findings that fail the gate."""
    passed: dict[str, Value] = {"passed": not failing}
    return _dump({**_head("check", result), **passed, **_findings(result, failing)})


def explained_json(told: Explained) -> str:
    """The document of `scan --why`."""
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


def plan_json(plan: Plan, *, dry_run: bool) -> str:
    """The document of `apply`."""
    summary: dict[str, Value] = {
        **_summary(plan.applied, plan.scan),
        "changes": len(plan.changes),
        "remaining": len(plan.remaining),
        "refusals": len(plan.refusals),
    }
    return _dump(
        {
            **_head("apply", plan.scan),
            "dry_run": dry_run,
            "manager_version": plan.manager_version,
            "summary": summary,
            "changes": [_change(change, with_diff=dry_run) for change in plan.changes],
            "shims": [_shim(shim) for shim in plan.shims],
            "remaining": [_finding(finding) for finding in sorted(plan.remaining)],
            "refusals": [{"path": r.path, "reason": r.reason} for r in sorted(plan.refusals)],
            "broken_before": [_finding(finding) for finding in sorted(plan.broken_before)],
            "notes": plan.notes,
            "unreadable": _unreadable(plan.scan.unreadable),
        }
    )


def _head(command: str, scan: ScanResult) -> dict[str, Value]:
    return {
        "version": VERSION,
        "tool": {"name": "nonce-migrate", "version": __version__},
        "command": command,
        "profile": scan.profile,
        "target": scan.target,
        "root": scan.root,
    }


def _findings(scan: ScanResult, findings: Sequence[Finding]) -> dict[str, Value]:
    return {
        "summary": {**_summary(findings, scan), "files_seen": scan.files_seen},
        "findings": [_finding(finding) for finding in sorted(findings)],
        "unreadable": _unreadable(scan.unreadable),
    }


def _summary(findings: Sequence[Finding], scan: ScanResult) -> dict[str, Value]:
    counts = tally(findings, scan)
    return {
        "findings": counts.findings,
        "files": counts.files,
        "by_system": counts.by_system,
        "by_kind": counts.by_kind,
        "by_safety": counts.by_safety,
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


def _change(change: FileChange, *, with_diff: bool) -> dict[str, Value]:
    diff: dict[str, Value] = {"diff": diff_text(change)} if with_diff else {}
    return {
        "path": change.path,
        "kind": change.kind.value,
        "created": change.before is None,
        "edits": [_finding(finding) for finding in sorted(change.findings)],
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
        return _BYTE.sub(_escape, value)
    if isinstance(value, Mapping):
        return {_BYTE.sub(_escape, key): _valid(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [_valid(item) for item in value]
    return value


def _escape(match: re.Match[str]) -> str:
    number = ord(match.group())
    return f"\\x{number - 0xDC00:02x}" if 0xDC80 <= number <= 0xDCFF else f"\\u{number:04x}"

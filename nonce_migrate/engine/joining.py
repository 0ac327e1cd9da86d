"""The results of several projects as one, told from the folder that all of them lie in."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from nonce_migrate.errors import ProjectError
from nonce_migrate.model import Accepted, CheckResult, Finding, Found, ScanResult, Unreadable

if TYPE_CHECKING:
    from nonce_migrate.plans import FileChange


def join_scans(results: Sequence[ScanResult]) -> ScanResult:
    """One result. Raises ProjectError where the projects have different profiles."""
    first = results[0]
    if len(results) == 1:
        return first
    if any((r.profile, r.target) != (first.profile, first.target) for r in results):
        raise ProjectError("the paths lie in projects with different profiles; run once for each")
    root = os.path.commonpath([result.root for result in results])
    prefixes = [os.path.relpath(result.root, root) for result in results]
    pairs = list(zip(prefixes, results, strict=True))
    return first._replace(
        root=root,
        findings=_findings([(prefix, result.findings) for prefix, result in pairs]),
        unreadable=_unreadable([(prefix, r.unreadable) for prefix, r in pairs]),
        files_seen=sum(result.files_seen for result in results),
        accepted=_accepted([(prefix, r.accepted) for prefix, r in pairs]),
        notes=_notes([result.notes for result in results]),
    )


def join_checks(roots: Sequence[str], results: Sequence[CheckResult]) -> CheckResult:
    """One result. roots: the projects' folders, in the same order."""
    if len(results) == 1:
        return results[0]
    root = os.path.commonpath(roots)
    pairs = [(os.path.relpath(r, root), result) for r, result in zip(roots, results, strict=True)]
    return CheckResult(
        target=results[0].target,
        imports=tuple(
            sorted(i._replace(path=f"{prefix}/{i.path}") for prefix, r in pairs for i in r.imports)
        ),
        unreadable=_unreadable([(prefix, r.unreadable) for prefix, r in pairs]),
        files_seen=sum(result.files_seen for result in results),
        upkeep=_findings([(prefix, result.upkeep) for prefix, result in pairs]),
        warnings=_findings([(prefix, result.warnings) for prefix, result in pairs]),
        accepted=_accepted([(prefix, result.accepted) for prefix, result in pairs]),
        notes=_notes([result.notes for result in results]),
    )


def _accepted(
    parts: Sequence[tuple[str, Sequence[Accepted[Found]]]],
) -> tuple[Accepted[Found], ...]:
    return tuple(
        sorted(
            a._replace(finding=a.finding._replace(path=f"{prefix}/{a.finding.path}"))
            for prefix, items in parts
            for a in items
        )
    )


def join_changes(
    roots: Sequence[str], changes: Sequence[Sequence[FileChange]]
) -> tuple[FileChange, ...]:
    """The changes of several plans, under the paths that `join_scans` gives to files."""
    root = os.path.commonpath(roots)
    joined: list[FileChange] = []
    for own, parts in zip(roots, changes, strict=True):
        prefix = os.path.relpath(own, root)
        joined += parts if prefix == "." else [_moved(prefix, change) for change in parts]
    return tuple(sorted(joined, key=lambda change: change.path))


def _moved(prefix: str, change: FileChange) -> FileChange:
    findings = tuple(f._replace(path=f"{prefix}/{f.path}") for f in change.findings)
    return replace(change, path=f"{prefix}/{change.path}", findings=findings)


def _notes(parts: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Each note once, and none where one of the projects has none to give."""
    return tuple(dict.fromkeys(note for notes in parts for note in notes)) if all(parts) else ()


def _unreadable(parts: Sequence[tuple[str, Sequence[Unreadable]]]) -> tuple[Unreadable, ...]:
    return tuple(sorted(u._replace(path=f"{p}/{u.path}") for p, items in parts for u in items))


def _findings(parts: Sequence[tuple[str, Sequence[Finding]]]) -> tuple[Finding, ...]:
    return tuple(sorted(f._replace(path=f"{p}/{f.path}") for p, items in parts for f in items))

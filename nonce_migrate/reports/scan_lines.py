"""Findings as lines for files, pipes, editors and CI logs: one finding a line, never wrapped."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from nonce_migrate.model import Finding
from nonce_migrate.reports.wording import counted, fate, place, unreadable_place, visible

if TYPE_CHECKING:
    from nonce_migrate.reports.record import Record


def render_scan(record: Record) -> str:
    """Every finding as `path:line:column: CODE level kind symbol (system): fate`, then the sums."""
    lines = render_findings(record.findings())
    return lines + ("\n" if lines else "") + "\n".join(summary(record)) + "\n"


def render_findings(findings: Iterable[Finding]) -> str:
    """The lines alone."""
    return "".join(f"{finding_line(finding)}\n" for finding in sorted(findings))


def finding_line(finding: Finding) -> str:
    """One finding."""
    what = f"{finding.safety} {finding.kind} {visible(finding.symbol)} ({visible(finding.system)})"
    becomes = fate(finding)
    return f"{place(finding)}: {finding.code} {what}" + (f": {becomes}" if becomes else "")


def summary(record: Record) -> list[str]:
    """The sums of a scan, the files that could not be read, and the notes, as lines."""
    from nonce_migrate.reports.tally import accepted_by, spell, tally

    counts = tally(record.findings(), record.systems)
    seen = counted(record.files_seen, "file")
    lines = [f"{counted(counts.findings, 'finding')} in {counts.files} of {seen}"]
    if counts.findings:
        lines += [
            f"  by system: {visible(spell(counts.by_system))}",
            f"  by kind:   {spell(counts.by_kind)}",
            f"  by level:  {spell(counts.by_safety)}",
        ]
    if record.accepted:
        accepted = counted(len(record.accepted), "finding")
        lines.append(f"{accepted} accepted: {spell(accepted_by(record.accepted))}")
    if record.unreadable:
        lines.append(f"{counted(len(record.unreadable), 'file')} could not be looked into:")
        lines += [
            f"  {unreadable_place(item)}: {visible(item.reason)}"
            for item in sorted(record.unreadable)
        ]
    return [*lines, *(f"note: {visible(note)}" for note in record.notes)]

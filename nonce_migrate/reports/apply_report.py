"""What `apply` did, for a person at a terminal: counts first, then what is left to do."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby

from nonce_migrate.model import Finding
from nonce_migrate.plans import ChangeKind
from nonce_migrate.reports.record import Record
from nonce_migrate.reports.screen import Ink, Screen
from nonce_migrate.reports.tally import by_file, spell, tally
from nonce_migrate.reports.wording import counted, unreadable_place, visible

_NARROWEST = 40


def render_apply(record: Record, screen: Screen) -> str:
    """The report; of a dry run, it speaks of what would be done."""
    sections = [
        _counts(record, screen),
        _left(record.left, screen),
        _listed("Refused, left as they were", _refusals(record), screen),
        _listed("Not carried into a shim", _dropped(record), screen),
        _listed("Broken before the migration", _broken(record), screen),
        _listed("Could not be looked into", _unreadable(record), screen),
        _listed("Notes", (visible(note) for note in record.notes), screen),
    ]
    filled = [lines for lines in map(list, sections) if lines]
    return "\n\n".join("\n".join(lines) for lines in filled) + "\n"


def _counts(record: Record, screen: Screen) -> Iterator[str]:
    kinds = Counter(change.kind for change in record.changes)
    files = counted(len(record.changes), "file")
    if not record.changes:
        yield screen.paint("Nothing to change.", Ink.BOLD)
    else:
        verb = "Would write" if record.dry_run else "Wrote"
        yield screen.paint(f"{verb} {files}; target {visible(record.target)}", Ink.BOLD)
    edits = tally(record.edited, record.systems)
    if kinds[ChangeKind.REWRITE]:
        rewritten = counted(kinds[ChangeKind.REWRITE], "file")
        yield f"  rewritten  {rewritten}, {counted(edits.findings, 'edit')}"
        yield f"             {visible(spell(edits.by_system))}"
    if kinds[ChangeKind.SHIM]:
        yield f"  shims      {kinds[ChangeKind.SHIM]}"
    if record.manager_version:
        yield f"  manager    version {visible(record.manager_version)}"
    yield f"  left       {_left_count(record)}"
    if record.accepted:
        yield f"  accepted   {counted(len(record.accepted), 'place')}, left as they are"
    if record.refusals:
        yield f"  refused    {counted(len(record.refusals), 'file')}"
    if record.changes and not record.dry_run:
        yield "  undo       nonce-migrate undo"


def _left_count(record: Record) -> str:
    if not record.left:
        return "nothing for a person"
    places = counted(len(record.left), "place")
    files = counted(len({finding.path for finding in record.left}), "file")
    return f"{places} in {files} for a person"


def _left(remaining: Iterable[Finding], screen: Screen) -> Iterator[str]:
    files = by_file(remaining)
    if files:
        yield screen.paint("Left for a person", Ink.BOLD)
    for path, findings in files:
        yield f"  {screen.paint(visible(path), Ink.CYAN)}"
        findings.sort(key=lambda f: (f.reason, f.step))
        groups = [list(g) for _, g in groupby(findings, key=lambda f: (f.reason, f.step))]
        for group in sorted(groups):
            yield from _step(group, screen)


def _step(findings: list[Finding], screen: Screen) -> Iterator[str]:
    """Findings with the same reason and step: the places, then both once."""
    for finding in findings:
        where = f"{finding.line}:{finding.column}"
        yield f"    {where:<8} {finding.code} {visible(finding.symbol)}"
    first = findings[0]
    if first.reason:
        yield _folded("      why: ", first.reason, screen)
    if first.step:
        yield _folded("      do:  ", first.step, screen)


def _refusals(record: Record) -> Iterator[str]:
    for refusal in sorted(record.refusals):
        yield f"{visible(refusal.path)}: {visible(refusal.reason)}"


def _dropped(record: Record) -> Iterator[str]:
    for shim in record.shims:
        for line in shim.dropped:
            yield f"{visible(shim.path)}: {visible(line)}"


def _broken(record: Record) -> Iterator[str]:
    """One line a symbol, with the places of its uses."""
    findings = sorted(record.broken_before, key=lambda f: (f.symbol, f.broken, f))
    for (symbol, broken), group in groupby(findings, key=lambda f: (f.symbol, f.broken)):
        places = ", ".join(f"{visible(f.path)}:{f.line}" for f in group)
        yield f"{visible(symbol)} {visible(broken)} ({places})"


def _unreadable(record: Record) -> Iterator[str]:
    for item in sorted(record.unreadable):
        yield f"{unreadable_place(item)}: {visible(item.reason)}"


def _listed(title: str, lines: Iterable[str], screen: Screen) -> Iterator[str]:
    found = list(lines)
    if found:
        yield screen.paint(title, Ink.BOLD)
        for line in found:
            yield _folded("  ", line, screen)


def _folded(lead: str, text: str, screen: Screen) -> str:
    """The text after its lead, wrapped under itself where the screen has a width."""
    if screen.width is None:
        return lead + visible(text)
    width = max(screen.width, _NARROWEST)
    indent = " " * len(lead)
    return textwrap.fill(
        visible(text), width, initial_indent=lead, subsequent_indent=indent, break_on_hyphens=False
    )

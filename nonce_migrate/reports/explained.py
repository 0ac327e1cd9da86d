"""`scan --why` as text: what is found at one place, and on what grounds."""

from __future__ import annotations

from collections.abc import Iterator

from nonce_migrate.model import Explained, Finding
from nonce_migrate.reports.wording import counted, place, visible

_WIDTH = 9


def render_explained(told: Explained) -> str:
    """Every finding of the place with its chain of reasons, or why there is none."""
    lines: list[str] = []
    for finding in told.findings:
        lines += [*([""] if lines else []), *_finding(finding)]
    if not told.findings:
        lines += _nothing(told)
    return "\n".join(lines) + "\n"


def _finding(finding: Finding) -> Iterator[str]:
    yield f"{place(finding)}: {finding.code} {finding.safety} {finding.kind}"
    yield _row("what", f"{finding.symbol} ({finding.system})")
    yield from (_row(*row) for row in _rows(finding) if row[1])
    for position, reason in enumerate(finding.why):
        yield _row("why" if not position else "", reason)


def _rows(finding: Finding) -> Iterator[tuple[str, str]]:
    yield "becomes", finding.becomes
    yield "reason", finding.reason
    yield "do", finding.step
    yield "broken", f"before the migration it {finding.broken}" if finding.broken else ""


def _row(title: str, text: str) -> str:
    return f"  {title:<{_WIDTH}}{visible(text)}"


def _nothing(told: Explained) -> Iterator[str]:
    yield f"{visible(told.path)}:{told.line}: no finding here"
    yield from (_row("why" if not position else "", n) for position, n in enumerate(told.notes))
    if told.nearest:
        yield f"  the nearest {counted(len(told.nearest), 'finding')} of the file:"
    for finding in told.nearest:
        yield f"    {place(finding)}: {finding.code} {finding.safety} {visible(finding.symbol)}"

"""The state files of a project for a person: a paragraph a file, what becomes of it first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from nonce_migrate.monitor.survey import Row, Use
from nonce_migrate.reports.screen import Ink, Screen
from nonce_migrate.reports.wording import visible

_INK = {
    Use.DECIDES: Ink.GREEN,
    Use.IN_USE: Ink.GREEN,
    Use.RESERVE: Ink.CYAN,
    Use.IGNORED: Ink.DIM,
}
_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"))


def render_survey(
    directory: Path, rows: Sequence[Row], spell: Callable[[int], str], screen: Screen
) -> str:
    """spell: writes a nonce, masked or in full."""
    lines = [f"state directory {visible(str(directory))}"]
    for row in rows:
        lines += ["", *_row(row, spell, screen)]
    return "\n".join(lines) + "\n"


def _row(row: Row, spell: Callable[[int], str], screen: Screen) -> Iterator[str]:
    yield screen.paint(visible(str(row.path)), Ink.BOLD)
    use = screen.paint(row.use.value, _INK[row.use])
    yield f"  {row.kind.value}; {use}: {visible(row.reason)}"
    facts = []
    if row.nonce is not None:
        scale = row.scale.label if row.scale else "no known scale"
        facts.append(f"{spell(row.nonce)} ({scale})")
    if row.age_seconds is not None:
        facts.append(f"written {_age(row.age_seconds)} ago")
    if facts:
        yield "  " + ", ".join(facts)


def _age(seconds: float) -> str:
    for length, unit in _UNITS:
        if seconds >= 2 * length:
            return f"{seconds / length:.1f} {unit}"
    return f"{max(0.0, seconds):.1f} s"

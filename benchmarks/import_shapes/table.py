"""The results as a Markdown table, and the reasons behind it."""

from __future__ import annotations

from collections.abc import Sequence

from import_shapes.corpus import Move, Shape
from import_shapes.judge import Verdict
from import_shapes.tools import Tool

_SURVIVED = "yes"
_BROKE = "-"


def markdown(
    shapes: Sequence[Shape],
    tools: Sequence[Tool],
    moves: Sequence[Move],
    verdicts: Sequence[Verdict],
) -> str:
    """A row for each shape, a column for each tool and move, and a last row that counts."""
    survived = {(v.shape.name, v.tool.name, v.move.title) for v in verdicts if v.survived}
    columns = [(tool, move) for tool in tools for move in moves]
    heads = [f"{tool.title}, {move.title}" for tool, move in columns]
    lines = [_row("shape", heads), "|---|" + ":---:|" * len(columns)]
    for shape in shapes:
        cells = [
            _SURVIVED if (shape.name, tool.name, move.title) in survived else _BROKE
            for tool, move in columns
        ]
        lines.append(_row(shape.title, cells))
    counts = [
        sum((shape.name, tool.name, move.title) in survived for shape in shapes)
        for tool, move in columns
    ]
    lines.append(_row(f"survived, of {len(shapes)}", [str(count) for count in counts]))
    return "\n".join(lines)


def reasons(verdicts: Sequence[Verdict]) -> str:
    """A line for each program that did not survive: shape, tool, move, and why."""
    return "\n".join(
        f"{v.shape.name}: {v.tool.name}, {v.move.title}: {v.reason}"
        for v in verdicts
        if not v.survived
    )


def _row(first: str, cells: Sequence[str]) -> str:
    return f"| {' | '.join([first, *cells])} |"

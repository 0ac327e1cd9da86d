"""IPython's own syntax in a cell of a notebook, made harmless for Python's parser.

Follows IPython's documentation, "Built-in magic commands" and "System shell access": lines that
start with `%`, `!` or `?` or end with `?`, assignments from `!` and `%`, and cells after `%%`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nonce_migrate.source import UnparsableError, parse

_LINE = re.compile(r"[ \t]*(?P<magic>[%!?].*|[\w.*]+(?:\([^()]*\))?\?{1,2}[ \t]*)")
_ASSIGNMENT = re.compile(r"[ \t]*[\w.,* \t]+=[ \t]*(?P<magic>[%!](?![=]).*)")
_LINE_END = re.compile(r"(\r\n|\r|\n)")


@dataclass(frozen=True, slots=True)
class Hidden:
    """Code of a cell that is left alone: line (from 0, in the cell), column (from 0), text.

    is_rest: the line only goes on with a magic of the line before.
    """

    line: int
    column: int
    text: str
    is_rest: bool = False


@dataclass(frozen=True, slots=True)
class Harmless:
    """A cell's text for the parser, exactly as long as it was, and what is not in it.

    reason: why nothing of the cell is handled as Python; "" where its Python is.
    """

    text: str
    hidden: tuple[Hidden, ...]
    reason: str = ""


def harmless(cell: str) -> Harmless:
    """The cell with each magic replaced by the expression `0` and a comment of its length.

    Only lines that the parser stumbles over are magics: `%s` in a string of many lines is none.
    """
    if cell.lstrip().startswith("%%"):
        word = cell.split(maxsplit=1)[0]
        return _all_hidden(cell, f"it stands in a cell of the magic `{word}`, which is left alone")
    pieces = _LINE_END.split(cell)
    rows, ends = pieces[::2], [*pieces[1::2], ""]
    hidden: dict[int, Hidden] = {}
    while True:
        text = "".join(row + end for row, end in zip(rows, ends, strict=True))
        problem = _problem(text)
        if problem is None:
            return Harmless(text, tuple(hidden[number] for number in sorted(hidden)))
        found = _magic_at(rows, problem.line)
        if found is None:
            reason = f"its cell is no valid Python ({problem.reason}), and is left alone"
            return _all_hidden(cell, reason)
        for magic in found:
            hidden[magic.line] = magic
            mark = "#" if magic.is_rest else "0"
            rows[magic.line] = rows[magic.line][: magic.column] + mark.ljust(len(magic.text), "#")


def _magic_at(rows: Sequence[str], line: int) -> list[Hidden] | None:
    """The magic on a line (from 1) that the parser complains of, with the lines it goes on over."""
    number = line - 1
    match = None
    if 0 <= number < len(rows):
        match = _LINE.fullmatch(rows[number]) or _ASSIGNMENT.fullmatch(rows[number])
    if match is None:
        return None
    found = [Hidden(number, match.start("magic"), match["magic"])]
    while rows[found[-1].line].endswith("\\") and found[-1].line + 1 < len(rows):
        after = found[-1].line + 1
        found.append(Hidden(after, 0, rows[after], is_rest=True))
    return found


def _problem(text: str) -> UnparsableError | None:
    try:
        parse(text)
    except UnparsableError as error:
        return error
    return None


def _all_hidden(cell: str, reason: str) -> Harmless:
    lines = _LINE_END.split(cell)[::2]
    hidden = (Hidden(number, 0, line) for number, line in enumerate(lines) if line.strip())
    return Harmless(re.sub(r"[^\r\n]", "#", cell), tuple(hidden), reason)

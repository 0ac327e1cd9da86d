"""Cuts a module into its top-level statements, each with its exact text."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from nonce_migrate.source import Source

_BLANK_LINE = re.compile(r"\n[ \t\f]*\n")
_TRAILING_COMMENT = re.compile(r"[ \t]*#[^\n]*")
_ABOUT_THE_FILE = re.compile(r"#!|#.*coding[:=]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A top-level statement: its node, its text with the comments that belong to it, its line.

    comes_apart: whether a blank line stood before it.
    """

    node: ast.stmt
    text: str
    line: int
    comes_apart: bool


def cut(text: str) -> tuple[Piece, ...]:
    """The top-level statements of a module with "\\n" line ends. Raises UnparsableError.

    Comment lines directly above a statement and the comment behind it belong to it.
    """
    source = Source("", text, "utf-8", has_bom=False)
    pieces = []
    end = 0
    for node in source.tree.body:
        start = _start(source, node, end)
        above = text[end:start]
        comments = _comments_above(above) if above.endswith("\n") or start == 0 else ""
        before = above[: len(above) - len(comments)]
        end = source.span(node).end
        if comment := _TRAILING_COMMENT.match(text, end):
            end = comment.end()
        apart = bool(_BLANK_LINE.search(before))
        pieces.append(Piece(node, comments + text[start:end], node.lineno, apart))
    return tuple(pieces)


def join(pieces: tuple[Piece, ...]) -> str:
    """The text of statements one below the other, spaced as PEP 8 has it or as they were."""
    rows: list[str] = []
    for number, piece in enumerate(pieces):
        if number:
            rows.append(_space(pieces[number - 1], piece))
        rows.append(piece.text)
    return "".join(rows)


def _space(before: Piece, piece: Piece) -> str:
    blocks = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    if isinstance(before.node, blocks) or isinstance(piece.node, blocks):
        return "\n\n\n"
    return "\n\n" if piece.comes_apart else "\n"


def _start(source: Source, node: ast.stmt, after: int) -> int:
    decorators = getattr(node, "decorator_list", [])
    if not decorators:
        return source.span(node).start
    return source.text.rindex("@", after, source.span(decorators[0]).start)


def _comments_above(gap: str) -> str:
    """The comment lines at the end of the text between two statements."""
    lines = gap.split("\n")[:-1]
    first = len(lines)
    while first > 0 and lines[first - 1].startswith("#"):
        if _ABOUT_THE_FILE.match(lines[first - 1]):
            break
        first -= 1
    return "".join(f"{line}\n" for line in lines[first:])

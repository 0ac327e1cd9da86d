"""Replaces text inside one string literal; quotes and prefix stay."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

import libcst as cst

from nonce_migrate import source
from nonce_migrate.edit.errors import EditError
from nonce_migrate.edit.parse import read_expression

# What the source spells with several characters: an escape (Python language reference, 2.4.1),
# and a line end, which Python reads as a single "\n".
_LINE_END = r"\r\n|\r"
_ESCAPE = (
    r"\\(?:\r\n|\r|\n|[0-7]{1,3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}]*\}"
    r"|[\\'\"abfnrtv])"
)
_SPELLED = re.compile(f"{_ESCAPE}|{_LINE_END}")
_SPELLED_RAW = re.compile(_LINE_END)
_CONTINUATION = re.compile(r"\\[\r\n]")


def replace_text(literal: str, old: str, new: str) -> str:
    """The literal with `new` where its content has `old`.

    literal: the exact source of one string literal of any quotes and prefix but `b` and `f`.
    Raises EditError where the content does not have `old` exactly once, and as `replace_at`.
    """
    _, value = _read(literal)
    start = value.find(old)
    if not old or start < 0 or value.find(old, start + 1) >= 0:
        raise EditError(f"{old!r} is not in the text exactly once")
    return replace_at(literal, [(start, start + len(old), new)])


def replace_at(literal: str, spans: Sequence[tuple[int, int, str]]) -> str:
    """The literal with parts of its content replaced.

    spans: (start, end, new text), in characters of the content, that is of the text which the
    literal stands for. Raises EditError for spans that overlap, lie outside or touch an escape,
    for new text that the quotes cannot hold as it is, and for bytes, formatted strings and
    several literals in a row.
    """
    node, value = _read(literal)
    head = len(node.prefix) + len(node.quote)
    body = literal[head : len(literal) - len(node.quote)]
    offsets = list(_offsets(body, raw="r" in node.prefix.lower()))
    if len(offsets) != len(value) + 1:
        raise EditError("an escape that is not understood")
    wanted: list[str] = []
    pieces: list[str] = []
    done = done_body = 0
    for start, end, new in sorted(spans):
        if not done <= start <= end <= len(value):
            raise EditError(f"the span {start}-{end} overlaps another or lies outside the text")
        first = offsets[start]
        last = offsets[end - 1] + 1 if end > start else first
        if body[first:last] != value[start:end]:
            raise EditError("the text to replace is written with an escape")
        wanted.extend((value[done:start], new))
        pieces.extend((body[done_body:first], new))
        done, done_body = end, last
    tail = body[done_body:] + literal[len(literal) - len(node.quote) :]
    result = "".join((literal[:head], *pieces, tail))
    if _read(result)[1] != "".join((*wanted, value[done:])):
        raise EditError("the new text would need an escape")
    return result


def _read(literal: str) -> tuple[cst.SimpleString, str]:
    """The literal and the text that it stands for."""
    _, node = read_expression(literal)
    if not isinstance(node, cst.SimpleString):
        raise EditError("not one plain string literal")
    # Not `node.evaluated_value`: it warns of `\d` on the user's terminal.
    (statement,) = source.parse(f"({literal})").body
    assert isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    value = statement.value.value
    if not isinstance(value, str):
        raise EditError("bytes, not text")
    return node, value


def _offsets(body: str, *, raw: bool) -> Iterator[int]:
    """For each character of the content its offset in the body, then the end of the body."""
    position = 0
    pattern = _SPELLED_RAW if raw else _SPELLED
    for match in pattern.finditer(body):
        yield from range(position, match.start())
        position = match.end()
        if not _CONTINUATION.match(match.group()):
            yield match.start()
    yield from range(position, len(body) + 1)

"""The statements of a file as texts that survive reformatting and the lines around them."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property

from nonce_migrate.source import Source, Span, UnparsableError

_LAYOUT = frozenset(
    {
        tokenize.COMMENT,
        tokenize.NL,
        tokenize.NEWLINE,
        tokenize.INDENT,
        tokenize.DEDENT,
        tokenize.ENDMARKER,
    }
)
_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
_LINE_END = re.compile(r"\r\n|\r")
_QUOTED = re.compile(r"([A-Za-z]*)'([^'\"\\]*)'")
_CLOSING = frozenset(")]}")
_TIGHT_BEFORE = frozenset("()[],:.;") | {"}"}
_TIGHT_AFTER = frozenset("([{.@~")


class Statements:
    """The statements of one Python text. Of a compound one, only its head counts."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def at(self, offset: int) -> str:
        """The normalised statement that holds a character, "" where none does."""
        index = bisect_right(self._heads, offset, key=lambda head: head.start) - 1
        if index < 0 or offset >= self._heads[index].end:
            return ""
        return normalised(self._source.slice(self._heads[index]))

    @cached_property
    def _heads(self) -> Sequence[Span]:
        """Where each statement stands. No head holds another."""
        try:
            return sorted(self._spans(self._source.tree))
        except UnparsableError:
            return ()

    def _spans(self, tree: ast.Module) -> Iterator[Span]:
        left: list[_Block] = list(tree.body)
        while left:  # a long chain of `elif` is nested deeper than calls may be
            node = left.pop()
            if isinstance(node, ast.Match):
                yield self._span(node, node.subject, is_inside=True)
            elif isinstance(node, ast.match_case):
                yield self._span(node.pattern, node.body[0], is_inside=False)
            else:
                body = getattr(node, "body", None)
                yield self._span(node, body[0] if body else node, is_inside=not body)
            for name in _BLOCKS:
                left += getattr(node, name, ())

    def _span(self, first: _Placed, last: _Placed, *, is_inside: bool) -> Span:
        """From the start of one node to the end of another, or to its start."""
        start = self._start(first)
        if not is_inside:
            return Span(start, self._start(last))
        assert last.end_lineno is not None and last.end_col_offset is not None
        return Span(start, self._source.offset(last.end_lineno, last.end_col_offset))

    def _start(self, node: _Placed) -> int:
        """Decorators belong to what they decorate."""
        decorators = getattr(node, "decorator_list", None)
        if not decorators:
            return self._source.offset(node.lineno, node.col_offset)
        first = self._source.offset(decorators[0].lineno, decorators[0].col_offset)
        return self._source.text.rindex("@", 0, first)


_Block = ast.stmt | ast.ExceptHandler | ast.match_case
_Placed = ast.stmt | ast.expr | ast.ExceptHandler | ast.pattern


def normalised(statement: str) -> str:
    """The tokens of a statement on one line: no comments, line breaks, trailing commas.

    Not `ast.unparse`, whose text differs from one Python to the next.
    """
    text = _LINE_END.sub("\n", statement)
    try:
        words = list(_words(text))
    except (tokenize.TokenError, SyntaxError):
        return " ".join(text.split())
    if words[:1] in (["from"], ["import"]):
        words = [word for word in words if word not in ("(", ")")]
    kept = [
        word
        for word, after in zip(words, [*words[1:], ")"], strict=True)
        if word != "," or after not in _CLOSING
    ]
    if kept[:1] == ["from"] and "import" in kept:
        names = kept.index("import")
        return f"from {''.join(kept[1:names])} {_joined(kept[names:])}"
    return _joined(kept)


def _words(text: str) -> Iterator[str]:
    """The tokens that say something; a formatted string is one, as before Python 3.12."""
    lines = text.split("\n")
    depth, start = 0, (0, 0)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        name = tokenize.tok_name[token.type]
        if name.endswith("STRING_START"):
            start = start if depth else token.start
            depth += 1
        elif name.endswith("STRING_END"):
            depth -= 1
            if not depth:
                yield _string(_between(lines, start, token.end))
        elif not depth and token.type == tokenize.STRING:
            yield _string(token.string)
        elif not depth and token.type not in _LAYOUT:
            yield token.string


def _between(lines: Sequence[str], start: tuple[int, int], end: tuple[int, int]) -> str:
    if start[0] == end[0]:
        return lines[start[0] - 1][start[1] : end[1]]
    first, *middle = lines[start[0] - 1 : end[0] - 1]
    return "\n".join([first[start[1] :], *middle, lines[end[0] - 1][: end[1]]])


def _string(text: str) -> str:
    """With double quotes where nothing in it could mind, as formatters write it."""
    match = _QUOTED.fullmatch(text)
    return f'{match[1]}"{match[2]}"' if match else text


def _joined(words: Sequence[str]) -> str:
    pieces: list[str] = []
    for word in words:
        if pieces and word not in _TIGHT_BEFORE and pieces[-1] not in _TIGHT_AFTER:
            pieces.append(" ")
        pieces.append(word)
    return "".join(pieces)

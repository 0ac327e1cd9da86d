"""Syntax colours for Python, for the few lines of a file that are shown.

Strings and comments are looked for in the whole text, since they tell what a line is part of, and
the rest in the lines asked for. `tokenize` reads whole files, and took three quarters of the time
of a report of a thousand files.
"""

from __future__ import annotations

import keyword
import re
from bisect import bisect_right
from collections.abc import Iterator

Styled = tuple[int, int, str]

_STRING_OR_COMMENT = re.compile(
    r"""
      \"""(?:[^"\\]|\\.|"(?!""))*(?:\"""|\Z)
    | \'''(?:[^'\\]|\\.|'(?!''))*(?:\'''|\Z)
    | "(?:[^"\\\n]|\\.)*"?
    | '(?:[^'\\\n]|\\.)*'?
    | \#[^\n]*
    """,
    re.DOTALL | re.VERBOSE,
)
_PREFIX = re.compile(r"(?<!\w)[rRbBuUfF]{1,2}\Z")
_WORD = re.compile(
    rf"""
      (?<![\w.]) (?P<k>{"|".join(keyword.kwlist)}) \b
    | (?<![\w.]) (?P<n>\d[\w.]*)
    | (?<=\bdef\ ) (?P<d>\w+)
    | (?<=\bclass\ ) (?P<e>\w+)
    """,
    re.VERBOSE,
)
_STYLES = {"k": "k", "n": "n", "d": "d", "e": "d"}


class Colours:
    """The colours of one text. A style is `k` keyword, `s` string, `c` comment, `n` number or `d`
    name that is defined.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._spans = [match.span() for match in _STRING_OR_COMMENT.finditer(text)]
        self._starts = [start for start, _ in self._spans]

    def line(self, start: int, end: int) -> list[Styled]:
        """The coloured parts of the line that reaches from start to end: (start, end, style), in
        characters of the line, in order.
        """
        return [(a - start, b - start, style) for a, b, style in self._parts(start, end)]

    def _parts(self, start: int, end: int) -> Iterator[Styled]:
        at = start
        index = max(bisect_right(self._starts, start) - 1, 0)
        while index < len(self._spans) and self._spans[index][0] < end:
            first, last = self._spans[index]
            index += 1
            if last <= start:
                continue
            style = "c" if self._text[first] == "#" else "s"
            if style == "s" and (prefix := _PREFIX.search(self._text, max(first - 3, 0), first)):
                first = prefix.start()
            yield from self._words(at, max(first, at))
            yield max(first, at), min(last, end), style
            at = min(last, end)
        yield from self._words(at, end)

    def _words(self, start: int, end: int) -> Iterator[Styled]:
        for match in _WORD.finditer(self._text, start, end):
            name = match.lastgroup
            if name:
                yield match.start(), match.end(), _STYLES[name]

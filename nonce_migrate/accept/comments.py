"""`# nonce-migrate: ignore[CODE] reason`, found where it is a comment and nowhere else.

In Python it counts for the statement (a logical line of the tokenizer) on one of whose lines it
stands; in other text for its line.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from nonce_migrate.model import Code

if TYPE_CHECKING:
    from nonce_migrate.source import Source

Place = tuple[int, int]  # line and column, from 1
NOWHERE = 0, 0
# What a file must hold, whatever follows, for a comment of ours to be in it.
MARK = "nonce-migrate"
FORM = "# nonce-migrate: ignore[NM101] reason"

# Patterns as texts: most runs never use them, and compiling them would take longer than all else.
_BEGIN = r"#\s*(?=nonce-migrate\s*:?\s*(?i:ignore)(?![\w-]))"
_FORM = r"nonce-migrate:\s*(?i:ignore)\s*\[(?P<codes>[^\]]*)\](?P<reason>.*)"
# Other tools' comments may follow on the same line; `issue #12` is part of a reason.
_NEXT = r"\s#\s.*"
_IN_TEXT = (
    r"(?:<!--\s*(?P<page>nonce-migrate\s*:?\s*(?i:ignore)(?![\w-]).*?)-->"
    r"|(?:^|(?<=\s))#\s*(?P<hash>nonce-migrate\s*:?\s*(?i:ignore)(?![\w-]).*))"
)
_LINE = r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z"
_IGNORABLE = frozenset(code for code in Code if not code.is_upkeep)


class Listed(NamedTuple):
    """One entry between the brackets: as it is written, and the codes that it stands for."""

    written: str
    codes: frozenset[Code]


class Comment(NamedTuple):
    """line, column: where it begins, from 1. first, last: the lines and columns between which it
    counts, NOWHERE where it stands beside no code. offset: where it begins in a text that is no
    Python. problem: why it accepts nothing, "" where it is well formed.
    """

    line: int
    column: int
    first: Place
    last: Place
    listed: tuple[Listed, ...] = ()
    reason: str = ""
    problem: str = ""
    offset: int = 0

    def moved(self, move: Callable[[Place], Place]) -> Comment:
        """The same in a text where its places are others."""
        line, column = move((self.line, self.column))
        first, last = (p if p == NOWHERE else move(p) for p in (self.first, self.last))
        return self._replace(line=line, column=column, first=first, last=last)

    @property
    def is_alone(self) -> bool:
        """Whether it stands beside no code."""
        return self.last == NOWHERE


def comments_of(source: Source) -> tuple[Comment, ...]:
    """The comments in Python, in their order."""
    if MARK not in source.text:
        return ()
    return tuple(_python_comments(source.text))


def comments_in_text(text: str) -> tuple[Comment, ...]:
    """The comments in a text of another kind, each for its own line: `#` or `<!-- -->`."""
    if MARK not in text:
        return ()
    found = []
    for number, line in enumerate(re.finditer(_LINE, text), start=1):
        for match in re.finditer(_IN_TEXT, line[0]):
            body = match["page"] or match["hash"]
            place = number, match.start() + 1
            comment = _read(body, *place, (number, 1), (number, sys.maxsize))
            found.append(comment._replace(offset=line.start() + match.start()))
    return tuple(found)


def _python_comments(text: str) -> Iterator[Comment]:
    """Those of all statements; each is known when the end of its statement is."""
    import io
    import tokenize

    # These begin no statement.
    skipped = (tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING)
    waiting: list[tuple[int, int, str]] = []
    first = NOWHERE
    try:
        # Line ends of every kind, as the parser counts them.
        for token in tokenize.generate_tokens(io.StringIO(text, newline=None).readline):
            if token.type == tokenize.COMMENT:
                row, column = token.start
                for match in re.finditer(_BEGIN, token.string):
                    place = row, column + match.start() + 1
                    waiting.append((*place, token.string[match.end() :]))
                if first == NOWHERE:  # it stands on a line of its own
                    for row, column, body in waiting:
                        yield _read(body, row, column, NOWHERE, NOWHERE)
                    waiting.clear()
            elif token.type in (tokenize.NEWLINE, tokenize.ENDMARKER):
                last = token.start[0], token.start[1] + 1
                for row, column, body in waiting:
                    yield _read(body, row, column, first, last)
                waiting.clear()
                first = NOWHERE
            elif first == NOWHERE and token.type not in skipped:
                first = token.start[0], 1
    except (tokenize.TokenError, SyntaxError):
        return  # The parser says of such a file what is wrong.


def _read(body: str, line: int, column: int, first: Place, last: Place) -> Comment:
    """A comment from its text, which begins with our name."""
    match = re.match(_FORM, body)
    if match is None:
        return Comment(line, column, first, last, problem=f"it has not the form `{FORM}`")
    listed, problem = _listed(match["codes"])
    reason = re.sub(_NEXT, "", match["reason"]).strip().lstrip(":-–— ")
    if not re.search(r"\w", reason):
        reason = ""
    if problem:
        return Comment(line, column, first, last, reason=reason, problem=problem)
    return Comment(line, column, first, last, listed, reason)


def _listed(text: str) -> tuple[tuple[Listed, ...], str]:
    """The entries between the brackets, and what is wrong with them or ""."""
    listed = []
    for written in (part.strip().upper() for part in text.split(",")):
        if not written:
            return (), "it names no code between its brackets"
        codes = frozenset(code for code in _IGNORABLE if code.startswith(written))
        if not codes:
            return (), f"no finding that can be ignored has a code that starts with {written!r}"
        listed.append(Listed(written, codes))
    return tuple(listed), ""

"""What can be said of a file's text alone: it compiles, comments and all else are still there."""

from __future__ import annotations

import io
import re
import tokenize
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from nonce_migrate.source import Source, Span, UnparsableError, decode, parse

_QUOTES = re.compile(r"'+|\"+")


def text_problems(before: str, after: str, edited: Sequence[Span]) -> Iterator[str]:
    """What is wrong with a new text that can be parsed. edited: the parts of the old one that
    change."""
    if not tells_same(before, after) and comments(after) != comments(before):
        yield "the result would lose or change a comment"
    if not outside_is_same(before, after, edited):
        yield "the result would change something outside of the edits"


def syntax_problems(after: str) -> Iterator[str]:
    """Why a new text cannot be parsed."""
    try:
        parse(after)
    except UnparsableError as error:
        yield f"the result does not compile: {error}"


def byte_problems(source: Source, after: bytes, text: str) -> Iterator[str]:
    """What is wrong with the new bytes of a file, that should hold the new text."""
    try:
        new = decode(source.path, after)
    except UnparsableError as error:
        yield f"the result cannot be read back: {error}"
        return
    if new.text != text:
        yield "the result would be read back as another text"
    problem = compile_problem(after)
    if problem is None:
        return
    if compile_problem(source.encode(source.text)) is None:
        yield f"the result does not compile: {problem}"
    else:
        yield from syntax_problems(text)


def compile_problem(data: bytes) -> str | None:
    """Why Python does not compile a file, None where it does."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(data, "file", "exec", dont_inherit=True)
        except SyntaxError as error:
            return f"line {error.lineno or 0}: {error.msg}"
        except (ValueError, RecursionError, MemoryError) as error:
            return str(error) or type(error).__name__
    return None


def tells_same(before: str, after: str) -> bool:
    """Whether all that begins, ends or could hide a comment or a string stays as it is."""
    old, new = before.split("\n"), after.split("\n")
    if len(old) == len(new):  # what is the same on both sides tells the same
        pairs = [(a, b) for a, b in zip(old, new, strict=True) if a != b]
        if all(list(_telling([a])) == list(_telling([b])) for a, b in pairs):
            return True
    return list(_telling(old)) == list(_telling(new))


def _telling(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        if "#" in line or "\\" in line:
            yield line
        elif '"' in line or "'" in line:
            yield from _QUOTES.findall(line)


def comments(text: str) -> Counter[str] | None:
    """Every comment with its count; None where the tokenizer does not get through."""
    try:
        tokens = tokenize.generate_tokens(io.StringIO(text, newline=None).readline)
        found = (t.string for t in tokens if t.type == tokenize.COMMENT)
        # Names that became one share a line, and so do their comments.
        return Counter(part.strip() for text in found for part in text.split("#") if part)
    except (tokenize.TokenError, SyntaxError):
        return None


def outside_is_same(before: str, after: str, edited: Sequence[Span]) -> bool:
    """Whether all text between the edited parts stands in the new text, whole and in order."""
    kept, end = [], 0
    for span in sorted(edited):
        if span.start >= end:
            kept.append(before[end : span.start])
        end = max(end, span.end)
    kept.append(before[end:])
    if len(kept) == 1:
        return before == after
    first, *middle, last = kept
    if not (after.startswith(first) and after.endswith(last)):
        return False
    place, limit = len(first), len(after) - len(last)
    for piece in middle:
        found = after.find(piece, place, limit)
        if found < 0:
            return False
        place = found + len(piece)
    return place <= limit

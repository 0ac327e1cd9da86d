"""Where the parts of a JSON text stand, so that one string can be respelt and all else kept.

Follows RFC 8259. The text must be valid JSON: `json.loads` has to be asked before.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from nonce_migrate.source import Span

_DECODER = json.JSONDecoder(strict=False)
_SPACE = re.compile(r"[ \t\n\r]*")
# One character of a string's value: a surrogate pair is written as two escapes (section 7).
_CHARACTER = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\\]",
    re.DOTALL,
)
_WIDE_ESCAPE = re.compile(r"\\u(?!00[0-7])[0-9a-fA-F]{4}")


def members(text: str, start: int) -> dict[str, Span]:
    """The values of the object that starts at an offset, by key; of a repeated key the last."""
    found: dict[str, Span] = {}
    at = _skip(text, start + 1)
    while text[at] != "}":
        key, at = _DECODER.raw_decode(text, at)
        at = _skip(text, _skip(text, at) + 1)
        found[key] = Span(at, _DECODER.raw_decode(text, at)[1])
        at = _next(text, found[key].end)
    return found


def elements(text: str, start: int) -> list[Span]:
    """The elements of the array that starts at an offset."""
    found = []
    at = _skip(text, start + 1)
    while text[at] != "]":
        found.append(Span(at, _DECODER.raw_decode(text, at)[1]))
        at = _next(text, found[-1].end)
    return found


def value(text: str, span: Span) -> object:
    """What stands in a span."""
    return _DECODER.raw_decode(text, span.start)[0]


def skip_space(text: str, start: int) -> int:
    """The offset of the first character that is no white space."""
    return _skip(text, start)


def offsets(text: str, string: Span) -> list[int]:
    """The offset of each character of a string's value, and of the closing quote."""
    inner = range(string.start + 1, string.end - 1)
    if "\\" not in text[inner.start : inner.stop]:
        return [*inner, inner.stop]
    found = _CHARACTER.finditer(text, inner.start, inner.stop)
    return [*(match.start() for match in found), inner.stop]


def respelt(text: str, string: Span, old: str, new: str) -> str:
    """A string literal with another value, spelt as before where the values agree.

    Characters beyond ASCII are escaped where this string or else the whole text does so.
    """
    places = offsets(text, string)
    same, tail = shared(old, new)
    before = text[string.start : places[same]]
    after = text[places[len(old) - tail] : string.end]
    middle = new[same : len(new) - tail]
    return before + spelt(middle, is_ascii=escapes(text, string))[1:-1] + after


def spelt(new: str, *, is_ascii: bool) -> str:
    """A string literal."""
    return json.dumps(new, ensure_ascii=is_ascii)


def shared(old: str, new: str) -> tuple[int, int]:
    """How many characters two texts have in common at their start, and then at their end."""
    shorter = min(len(old), len(new))
    same = 0
    while same < shorter and old[same] == new[same]:
        same += 1
    tail = 0
    while tail < shorter - same and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return same, tail


def escapes(text: str, string: Span) -> bool:
    """Whether characters beyond ASCII are written as escapes, in a string or else in the text."""
    raw = text[string.start : string.end]
    if not raw.isascii():
        return False
    return _WIDE_ESCAPE.search(raw) is not None or text.isascii()


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    assert match is not None
    return match.end()


def _next(text: str, at: int) -> int:
    """After a value: the start of the next one, or the closing bracket."""
    at = _skip(text, at)
    return _skip(text, at + 1) if text[at] == "," else at


def separator(text: str, strings: Sequence[Span], opening: int) -> str:
    """What stands between two strings of an array; where it has one, what would."""
    if len(strings) > 1:
        return text[strings[0].end : strings[1].start]
    return "," + text[opening + 1 : strings[0].start]

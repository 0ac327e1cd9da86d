"""Which old and new lines belong together, and what differs within a pair."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest

Spans = tuple[tuple[int, int], ...]
Pair = tuple[int | None, int | None]

_WORD = re.compile(r"\w+|\s+|[^\w\s]")
_MOST_COMPARED = 400  # pairs of lines; more are not looked at one by one
_LONGEST_LINE = 400
_ALIKE = 0.5


def opcodes(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """What `difflib.SequenceMatcher.get_opcodes` gives, without a search through what both begin
    and end with.
    """
    head = 0
    shorter = min(len(old), len(new))
    while head < shorter and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < shorter - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    if head:
        yield "equal", 0, head, 0, head
    inner = SequenceMatcher(None, old[head : len(old) - tail], new[head : len(new) - tail])
    for tag, i, i_end, j, j_end in inner.get_opcodes():
        yield tag, i + head, i_end + head, j + head, j_end + head
    if tail:
        yield "equal", len(old) - tail, len(old), len(new) - tail, len(new)


def paired(old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    """The lines of a replaced part, side by side: as many like ones as possible, in order, and the
    others between them in turn. None stands where a line has no partner.
    """
    if len(old) * len(new) > _MOST_COMPARED:
        return list(zip_longest(range(len(old)), range(len(new))))
    likeness = [[_likeness(a, b) for b in new] for a in old]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            taken = likeness[i][j] + best[i + 1][j + 1] if likeness[i][j] else 0.0
            best[i][j] = max(taken, best[i + 1][j], best[i][j + 1])
    return list(_followed(likeness, best))


def differing(old: str, new: str) -> tuple[Spans, Spans]:
    """The spans of characters that differ in a pair of lines, by words; none in unlike lines."""
    if max(len(old), len(new)) > _LONGEST_LINE or not _likeness(old, new):
        return (), ()
    a, b = _WORD.findall(old), _WORD.findall(new)
    changed = [op for op in SequenceMatcher(None, a, b, False).get_opcodes() if op[0] != "equal"]
    starts_a, starts_b = _starts(a), _starts(b)
    return (
        tuple((starts_a[i], starts_a[i_end]) for _, i, i_end, _, _ in changed if i < i_end),
        tuple((starts_b[j], starts_b[j_end]) for _, _, _, j, j_end in changed if j < j_end),
    )


def _followed(likeness: list[list[float]], best: list[list[float]]) -> Iterator[Pair]:
    i = j = first_i = first_j = 0
    rows, columns = len(best) - 1, len(best[0]) - 1
    while i < rows and j < columns:
        if likeness[i][j] and best[i][j] == likeness[i][j] + best[i + 1][j + 1]:
            yield from zip_longest(range(first_i, i), range(first_j, j))
            yield i, j
            i, j = first_i, first_j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    yield from zip_longest(range(first_i, rows), range(first_j, columns))


def _likeness(old: str, new: str) -> float:
    """How much of two lines is the same, 0 where it is too little to show them as one."""
    a, b = _WORD.findall(old.strip()), _WORD.findall(new.strip())
    matcher = SequenceMatcher(None, a, b, False)
    if matcher.real_quick_ratio() < _ALIKE or matcher.quick_ratio() < _ALIKE:
        return 0.0
    ratio = matcher.ratio()
    return ratio if ratio >= _ALIKE else 0.0


def _starts(words: Sequence[str]) -> list[int]:
    starts = [0]
    for word in words:
        starts.append(starts[-1] + len(word))
    return starts

"""The fewest files that make a check fail: delta debugging (Zeller and Hildebrandt, 2002)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise


def fewest(items: Sequence[str], fails: Callable[[frozenset[str]], bool]) -> tuple[str, ...]:
    """A part of the items that fails, and of which no single item can be left out.

    fails: whether it fails with just these; it must for all of them. Each set is asked for once.
    """
    known: dict[frozenset[str], bool] = {}

    def asked(part: Sequence[str]) -> bool:
        key = frozenset(part)
        if key not in known:
            known[key] = fails(key)
        return known[key]

    left, pieces = tuple(items), 2
    while len(left) > 1:
        chunks = _split(left, pieces)
        smaller = next((chunk for chunk in chunks if asked(chunk)), None)
        if smaller is not None:
            left, pieces = smaller, 2
            continue
        rests = [tuple(item for item in left if item not in chunk) for chunk in chunks]
        rest = next((rest for rest in rests if rest and asked(rest)), None)
        if rest is not None:
            left, pieces = rest, max(pieces - 1, 2)
        elif pieces < len(left):
            pieces = min(pieces * 2, len(left))
        else:
            break
    return left


def _split(items: tuple[str, ...], pieces: int) -> list[tuple[str, ...]]:
    """About equal pieces, in order."""
    bounds = [round(index * len(items) / pieces) for index in range(pieces + 1)]
    return [items[a:b] for a, b in pairwise(bounds) if a < b]

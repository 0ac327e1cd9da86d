"""The source of one cell of a notebook: a string of JSON, or an array of them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from nonce_migrate.documents import json_spans
from nonce_migrate.documents.document import Change, apply
from nonce_migrate.source import Span


@dataclass(frozen=True)
class Cell:
    """One cell. number: from 1. raw: the notebook. strings: where its source's strings stand.

    opening: the offset of the array's bracket, None where the source is one string.
    """

    raw: str
    number: int
    kind: str
    strings: tuple[Span, ...]
    values: tuple[str, ...]
    opening: int | None

    @cached_property
    def text(self) -> str:
        """The source."""
        return "".join(self.values)

    @cached_property
    def offsets(self) -> list[int]:
        """The offset in the notebook of each character, and of the end."""
        found: list[int] = []
        end = 0
        for string in self.strings:
            *characters, end = json_spans.offsets(self.raw, string)
            found += characters
        return [*found, end]

    def changed(self, changes: Iterable[Change]) -> Iterator[Change]:
        """Changes of the notebook's text for changes of the source."""
        starts = [0, *accumulate(map(len, self.values))]
        for first, last, inside in _grouped(starts, sorted(changes)):
            if first == last and self._keeps_lines(first, starts[first], inside):
                yield from (self._in_string(first, starts[first], change) for change in inside)
                continue
            old = "".join(self.values[first : last + 1])
            moved = [Change(c.start - starts[first], c.end - starts[first], c.text) for c in inside]
            yield self._replaced(first, last, self._split(apply(old, moved)))

    def _keeps_lines(self, index: int, start: int, changes: Sequence[Change]) -> bool:
        """Whether a string stays one string of the source, and is not emptied."""
        if self.opening is None:
            return True
        old = self.values[index]
        new = apply(old, [Change(c.start - start, c.end - start, c.text) for c in changes])
        return bool(new) and self._split(new) == [new] and old[-1:] == new[-1:]

    def _in_string(self, index: int, start: int, change: Change) -> Change:
        """The same change in the string's literal; what it leaves is spelt as it was."""
        string = self.strings[index]
        places = json_spans.offsets(self.raw, string)
        old = self.values[index][change.start - start : change.end - start]
        same, tail = json_spans.shared(old, change.text)
        text = change.text[same : len(change.text) - tail]
        is_ascii = json_spans.escapes(self.raw, string)
        return Change(
            places[change.start - start + same],
            places[change.end - start - tail],
            json_spans.spelt(text, is_ascii=is_ascii)[1:-1],
        )

    def _split(self, text: str) -> list[str]:
        """The text as strings of the source: by lines, where that is how it is written."""
        if self.opening is None:
            return [text]
        if any("\n" in value[:-1] for value in self.values):
            return [text] if text else []
        return [line for line in text.replace("\n", "\n\0").split("\0") if line]

    def _replaced(self, first: int, last: int, new: Sequence[str]) -> Change:
        """The strings from `first` to `last` become those."""
        strings = self.strings
        if not new:
            return self._removed(first, last)
        assert self.opening is not None or len(new) == 1
        between = [self.raw[strings[i].end : strings[i + 1].start] for i in range(first, last)]
        if len(new) - 1 > len(between):
            assert self.opening is not None
            usual = json_spans.separator(self.raw, strings, self.opening)
            between += [usual] * (len(new) - 1 - len(between))
        parts = []
        for i, value in enumerate(new):
            parts.append(between[i - 1] if i else "")
            old = min(first + i, last)
            # A string that is more than there were is spelt like the last one.
            kept = self.values[old] if first + i <= last else ""
            parts.append(self._respelt(old, kept, value))
        return Change(strings[first].start, strings[last].end, "".join(parts))

    def _respelt(self, index: int, old: str, new: str) -> str:
        if old:
            return json_spans.respelt(self.raw, self.strings[index], old, new)
        is_ascii = self.raw.isascii()
        return json_spans.spelt(new, is_ascii=is_ascii)

    def _removed(self, first: int, last: int) -> Change:
        strings = self.strings
        if last + 1 < len(strings):
            return Change(strings[first].start, strings[last + 1].start, "")
        if first > 0:
            return Change(strings[first - 1].end, strings[last].end, "")
        return Change(strings[first].start, strings[last].end, "")


def _grouped(
    starts: Sequence[int], changes: Sequence[Change]
) -> Iterator[tuple[int, int, list[Change]]]:
    """Changes with the first and the last string that they touch, those of one string together."""
    group: list[Change] = []
    first = last = -1
    for change in changes:
        begin = min(bisect_right(starts, change.start) - 1, len(starts) - 2)
        end = begin
        while starts[end + 1] < change.end:
            end += 1
        if group and begin > last:
            yield first, last, group
            group = []
        if not group:
            first = begin
        group.append(change)
        last = max(last, end) if len(group) > 1 else end
    if group:
        yield first, last, group

"""The files of a run, old and new side by side, as data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from nonce_migrate.plans import ChangeKind, FileChange
from nonce_migrate.reports.formats.html.colours import Styled
from nonce_migrate.reports.formats.html.marks import Spans, differing, opcodes, paired
from nonce_migrate.reports.formats.html.texts import Text
from nonce_migrate.reports.wording import counted
from nonce_migrate.visible import visible

_AROUND = 3  # unchanged lines that are shown beside a changed one
_SHORTEST_FOLD = 4
_WHAT = {
    ChangeKind.REWRITE: "rewritten",
    ChangeKind.SHIM: "made a shim",
    ChangeKind.MANAGER: "the manager",
}


class Change(StrEnum):
    """What became of a line. The value names its colour in the style sheet."""

    SAME = "same"
    CHANGED = "changed"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some characters of a line with one style (see `colours`, "" for none)."""

    text: str
    style: str
    is_marked: bool


@dataclass(frozen=True, slots=True)
class Side:
    """A line of the old or the new file. number: from 1."""

    number: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """Old and new beside each other; None where there is none on that side."""

    change: Change
    old: Side | None
    new: Side | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """Lines that follow each other. is_folded: nothing changed there; then lines may be empty, and
    count alone says how many they are: where the report would grow too large, or all are blank, as
    in a result that was read back from JSON, which holds diffs and no files.
    """

    is_folded: bool
    count: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Diff:
    """One changed file. link: its fragment. edits: how many findings were settled in it."""

    link: str
    path: str
    what: str
    is_new: bool
    edits: int
    removed: int
    added: int
    notes: tuple[str, ...]
    stretches: tuple[Stretch, ...]


def diff_of(change: FileChange, link: str, *, with_folds: bool) -> Diff:
    """Compares the old and the new bytes; with_folds: keep the lines of folded stretches."""
    old, new = Text(change.path, change.before or b""), Text(change.path, change.after)
    is_new = change.before is None
    is_ours = is_new and change.kind is ChangeKind.MANAGER and bool(change.after)
    ops = [] if is_ours else list(opcodes(old.lines, new.lines))
    shapes = list(_shapes(old, new, ops))
    tally = [c for c, _, _ in shapes]
    both = tally.count(Change.CHANGED)
    return Diff(
        link=link,
        path=visible(change.path),
        what=_WHAT[change.kind],
        is_new=is_new,
        edits=len(change.findings),
        removed=tally.count(Change.REMOVED) + both,
        added=len(new.lines) if is_ours else tally.count(Change.ADDED) + both,
        notes=tuple(_notes(change, old, new, is_ours=is_ours)),
        stretches=tuple(_stretches(old, new, shapes, with_folds=with_folds)),
    )


_Shape = tuple[Change, int | None, int | None]


def _shapes(
    old: Text, new: Text, ops: Sequence[tuple[str, int, int, int, int]]
) -> Iterator[_Shape]:
    """Which lines stand beside each other, by their indices."""
    for tag, i, i_end, j, j_end in ops:
        if tag == "equal":
            yield from ((Change.SAME, i + n, j + n) for n in range(i_end - i))
            continue
        for a, b in paired(old.lines[i:i_end], new.lines[j:j_end]):
            if b is None:
                yield Change.REMOVED, i + (a or 0), None
            elif a is None:
                yield Change.ADDED, None, j + b
            else:
                yield Change.CHANGED, i + a, j + b


def _stretches(
    old: Text, new: Text, shapes: Sequence[_Shape], *, with_folds: bool
) -> Iterator[Stretch]:
    at = 0
    for start, end in _folds(shapes):
        if at < start:
            yield _stretch(old, new, shapes[at:start])
        is_known = with_folds and any(
            old.lines[i] for _, i, _ in shapes[start:end] if i is not None
        )
        lines = _stretch(old, new, shapes[start:end]).lines if is_known else ()
        yield Stretch(True, end - start, lines)
        at = end
    if at < len(shapes):
        yield _stretch(old, new, shapes[at:])


def _stretch(old: Text, new: Text, shapes: Sequence[_Shape]) -> Stretch:
    return Stretch(False, len(shapes), tuple(_line(old, new, *shape) for shape in shapes))


def _folds(shapes: Sequence[_Shape]) -> Iterator[tuple[int, int]]:
    """The ranges of unchanged lines that lie far from every changed one."""
    changed = [i for i, (change, _, _) in enumerate(shapes) if change is not Change.SAME]
    edges = [-_AROUND - 1, *changed, len(shapes) + _AROUND]
    for before, after in pairwise(edges):
        start, end = before + _AROUND + 1, after - _AROUND
        if end - start >= _SHORTEST_FOLD:
            yield start, end


def _line(old: Text, new: Text, change: Change, i: int | None, j: int | None) -> Line:
    marks: tuple[Spans, Spans] = ((), ())
    if change is Change.CHANGED and i is not None and j is not None:
        marks = differing(old.lines[i], new.lines[j])
    left = None if i is None else _half(old, i, marks[0])
    right = None if j is None else _half(new, j, marks[1])
    return Line(change, left, right)


def _half(text: Text, index: int, marks: Spans) -> Side:
    line = text.lines[index]
    return Side(index + 1, tuple(_pieces(line, text.styles(index), marks)))


def _pieces(line: str, styles: Sequence[Styled], marks: Spans) -> Iterator[Piece]:
    """Cuts a line where a style or a mark begins or ends."""
    cuts = {0, len(line)}
    for start, end in (*marks, *((start, end) for start, end, _ in styles)):
        cuts |= {start, end}
    for start, end in pairwise(sorted(cuts)):
        style = next((s for first, last, s in styles if first <= start < last), "")
        is_marked = any(first <= start < last for first, last in marks)
        yield Piece(_shown(line[start:end]), style, is_marked)


def _shown(text: str) -> str:
    """Tabs stay, the rest that does not print is escaped."""
    return "\t".join(map(visible, text.split("\t"))) if "\t" in text else visible(text)


def _notes(change: FileChange, old: Text, new: Text, *, is_ours: bool) -> Iterator[str]:
    if not change.before and not change.after:
        yield "What changed in it is no part of the result that this report was made from."
    if is_ours:
        lines = counted(len(new.lines), "line")
        yield f"The packaged manager, {lines}: the same in every project, so it is not shown here."
    if change.before is not None and old.ends != new.ends:
        yield "The line ends differ."
    elif new.ends == "\r\n":
        yield "All lines end in CR LF."
    if change.before and old.is_ended != new.is_ended:
        yield f"Only the {'old' if old.is_ended else 'new'} file ends in a line end."

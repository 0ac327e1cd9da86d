"""Puts edited pieces into a text and copies everything else untouched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from nonce_migrate.edit.errors import EditError


@dataclass(frozen=True, slots=True)
class Edit:
    """A piece of a text and what it turns into.

    start, end: offsets in characters, half open; start == end inserts. change: takes the piece,
    with the edits inside it made already, and gives its new text.
    """

    start: int
    end: int
    change: Callable[[str], str]


@dataclass(slots=True)
class _Frame:
    """A piece under work: `parts` hold its new text up to `cursor` of the old one."""

    end: int
    cursor: int
    change: Callable[[str], str]
    parts: list[str] = field(default_factory=list)


def splice(text: str, edits: Sequence[Edit]) -> str:
    """Makes all edits, in any order given, and gives the new text.

    Of nested edits the inner one comes first, and the outer change is given its result. Equal
    ranges compose in the order given. Insertions at one offset follow each other in the order
    given; one at the edge of another edit stays outside of that edit.

    Raises EditError for ranges outside the text or overlapping in part, and whatever a change
    raises.
    """
    stack = [_Frame(len(text), 0, _unchanged)]
    for edit in _outermost_first(edits):
        if not 0 <= edit.start <= edit.end <= len(text):
            raise EditError(f"the range {edit.start}-{edit.end} is not inside the text")
        while len(stack) > 1 and stack[-1].end <= edit.start:
            _close(text, stack)
        top = stack[-1]
        if edit.end > top.end:
            raise EditError(f"two edits overlap in part at {edit.start}-{top.end}")
        top.parts.append(text[top.cursor : edit.start])
        top.cursor = edit.start
        stack.append(_Frame(edit.end, edit.start, edit.change))
        if edit.start == edit.end:
            _close(text, stack)
    while len(stack) > 1:
        _close(text, stack)
    return "".join((*stack[0].parts, text[stack[0].cursor :]))


def replaced(text: str, edits: Sequence[Edit]) -> list[tuple[int, int, str]]:
    """What `splice` changes: the outermost ranges with their new text, in the order of the text.

    Raises EditError as `splice` does.
    """
    groups: list[tuple[int, int, list[Edit]]] = []
    for edit in _outermost_first(edits):
        if groups and edit.start < groups[-1][1]:
            groups[-1][2].append(edit)
        else:
            groups.append((edit.start, edit.end, [edit]))
    found = []
    for start, end, inside in groups:
        moved = [Edit(e.start - start, e.end - start, e.change) for e in inside]
        found.append((start, end, splice(text[start:end], moved)))
    return found


def _outermost_first(edits: Sequence[Edit]) -> list[Edit]:
    """By start; insertions before what starts there; then the longer and the later one first."""

    def order(numbered: tuple[int, Edit]) -> tuple[int, bool, int, int]:
        number, edit = numbered
        if edit.start == edit.end:
            return edit.start, False, 0, number
        return edit.start, True, -edit.end, -number

    return [edit for _, edit in sorted(enumerate(edits), key=order)]


def _close(text: str, stack: list[_Frame]) -> None:
    """Ends the innermost piece and hands its new text to the one around it."""
    frame = stack.pop()
    frame.parts.append(text[frame.cursor : frame.end])
    stack[-1].parts.append(frame.change("".join(frame.parts)))
    stack[-1].cursor = frame.end


def _unchanged(piece: str) -> str:
    return piece

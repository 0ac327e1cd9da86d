"""What every kind of document gives: Python pieces, other text, and how changes get back in."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from nonce_migrate.documents.kinds import DocumentKind
from nonce_migrate.errors import NonceMigrateError
from nonce_migrate.source import Source

_LINE_END = re.compile(r"\r\n|\r|\n")


class UnfitError(NonceMigrateError):
    """A change that a document cannot take without touching what is left alone."""


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """A range of characters of a text, half open, and what stands there afterwards."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Prose:
    """Text of a document that is not handled as Python.

    start: its offset in the document, where `offsets` is None. offsets: the offset in the document
    of each character and of the end. what: why it is not rewritten, for people.
    """

    text: str
    what: str
    start: int = 0
    offsets: Sequence[int] | None = None

    def at(self, offset: int) -> int:
        """The offset in the document."""
        return self.start + offset if self.offsets is None else self.offsets[offset]


@dataclass(frozen=True)
class Piece:
    """Python of a document, as a module of its own.

    source: its text; where the document allows, a line has the number that it has there. at: the
    first cell or block of it, for people. original: the text with what was made harmless for the
    parser (magics) as it really is; as long as the source's.
    """

    source: Source
    original: str


class Document(ABC):
    """One document. A kind derives from it and fills in how changes get back.

    text: the whole document, decoded. pieces: its Python. prose: everything else that may name a
    legacy module.
    """

    def __init__(
        self,
        path: str,
        kind: DocumentKind,
        text: str,
        pieces: Sequence[Piece] = (),
        prose: Sequence[Prose] = (),
    ) -> None:
        self.path = path
        self.kind = kind
        self.text = text
        self.pieces = tuple(pieces)
        self.prose = tuple(prose)

    @cached_property
    def line_starts(self) -> tuple[int, ...]:
        """Offset of the start of each line."""
        return (0, *(match.end() for match in _LINE_END.finditer(self.text)))

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both from 1, the column in characters."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    @abstractmethod
    def offset(self, piece: int, offset: int) -> int:
        """The offset in the document of a character of a piece."""

    def part(self, offset: int) -> str:
        """How people call the part of the document with that character of its Python, or ""."""
        return ""

    @abstractmethod
    def changed(self, changes: Mapping[int, Sequence[Change]]) -> bytes:
        """The document's bytes after changes to pieces (by index). Raises UnfitError."""

    def _check(self, index: int, changes: Sequence[Change]) -> None:
        """Raises UnfitError for a change of what the piece only stands in for."""
        piece = self.pieces[index]
        for change in changes:
            there = slice(change.start, change.end)
            if piece.source.text[there] != piece.original[there]:
                raise UnfitError(f"{self.path}: an edit would touch a magic, which is left alone")


def apply(text: str, changes: Sequence[Change]) -> str:
    """The text after changes that do not overlap."""
    parts, cursor = [], 0
    for change in sorted(changes):
        parts += [text[cursor : change.start], change.text]
        cursor = change.end
    return "".join((*parts, text[cursor:]))

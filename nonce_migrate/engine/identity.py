"""What makes a finding the same one in another revision of the project.

That is its path, its code, its statement and its place among equals; never a line or a column,
which move with every edit above.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

from nonce_migrate.documents.document import Document
from nonce_migrate.documents.kinds import DocumentKind, kind_of
from nonce_migrate.documents.reading import read_document
from nonce_migrate.engine.long_lived import long_lived_objects
from nonce_migrate.engine.statements import Statements
from nonce_migrate.model import Code
from nonce_migrate.source import Source, UnparsableError, decode
from nonce_migrate.visible import valid_unicode


class Placed(Protocol):
    """A `Finding` or a `LegacyImport`."""

    @property
    def path(self) -> str: ...
    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...
    @property
    def code(self) -> Code: ...
    @property
    def symbol(self) -> str: ...


@dataclass(frozen=True, slots=True, order=True)
class Identity:
    """statement: without comments and layout; the line elsewhere than in Python; "" for a whole
    file. ordinal: from 1, among those with the same path, code and statement.
    """

    path: str
    code: str
    statement: str
    ordinal: int

    @property
    def fingerprint(self) -> str:
        """The identity as 64 hexadecimal digits (SHA-256)."""
        parts = (self.path, self.code, self.statement, str(self.ordinal))
        return hashlib.sha256(valid_unicode("\0".join(parts)).encode()).hexdigest()


def identities(findings: Sequence[Placed], read: Callable[[str], bytes]) -> tuple[Identity, ...]:
    """The identity of each finding, in their order.

    All findings of a file are to be given, for the ordinals to be right. read: gives the bytes
    that the findings were made from; where it raises OSError, the statements are empty.
    """
    counts: Counter[tuple[str, str, str]] = Counter()
    found: dict[int, Identity] = {}
    order = sorted(range(len(findings)), key=lambda i: _place(findings[i]))
    with long_lived_objects():
        for path, indices in groupby(order, key=lambda i: findings[i].path):
            text = _text(path, read)  # one at a time: each holds a tree
            for index in indices:
                finding = findings[index]
                key = path, finding.code.value, _statement(finding, text)
                counts[key] += 1
                found[index] = Identity(*key, counts[key])
    return tuple(found[index] for index in range(len(findings)))


def _place(finding: Placed) -> tuple[str, int, int, str]:
    return finding.path, finding.line, finding.column, finding.symbol


def _statement(finding: Placed, text: _Text) -> str:
    if finding.code is Code.LEGACY_MODULE:
        return ""
    return text.statement(finding.line, finding.column) or text.line(finding.line)


class _Text:
    """A file with its Python: the whole of it, or the pieces of a document."""

    def __init__(self, source: Source | None, document: Document | None) -> None:
        self._document = document
        pieces = [piece.source for piece in document.pieces] if document else []
        self._pieces = [source] if source else pieces
        self._statements = [Statements(piece) for piece in self._pieces]
        whole = source or document
        self._text = whole.text if whole else ""
        self._starts = whole.line_starts if whole else (0,)

    def line(self, line: int) -> str:
        """The line without the space around it."""
        if not 1 <= line <= len(self._starts):
            return ""
        end = self._starts[line] if line < len(self._starts) else len(self._text)
        return self._text[self._starts[line - 1] : end].strip()

    def statement(self, line: int, column: int) -> str:
        """The statement at a place, "" where there is none."""
        if not 1 <= line <= len(self._starts):
            return ""
        offset = self._starts[line - 1] + column - 1
        for number, statements in enumerate(self._statements):
            inside = self._inside(number, offset)
            found = statements.at(inside) if inside is not None else ""
            if found:
                return found
        return ""

    def _inside(self, number: int, offset: int) -> int | None:
        """The offset in a piece, for one in the file."""
        document = self._document
        if document is None:
            return offset
        length = len(self._pieces[number].text)
        index = bisect_right(range(length), offset, key=lambda i: document.offset(number, i)) - 1
        return index if index >= 0 and document.offset(number, index) == offset else None


def _text(path: str, read: Callable[[str], bytes]) -> _Text:
    kind = kind_of(path) or DocumentKind.TEXT
    try:
        data = read(path)
        if kind is DocumentKind.PYTHON:
            return _Text(decode(path, data), None)
        return _Text(None, read_document(path, kind, data))
    except (OSError, UnparsableError):
        return _Text(None, None)

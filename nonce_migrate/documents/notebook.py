"""Jupyter notebooks (nbformat 4): all code cells are one module, since they share their names.

Format: https://nbformat.readthedocs.io/en/latest/format_description.html
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nonce_migrate.documents import json_spans
from nonce_migrate.documents.cells import Cell
from nonce_migrate.documents.document import Change, Document, Piece, Prose, UnfitError, apply
from nonce_migrate.documents.kinds import DocumentKind
from nonce_migrate.documents.magics import Harmless, harmless
from nonce_migrate.source import Hidden, Source, Span, UnparsableError

_BOM = "\ufeff"
_PYTHON = ("python", "ipython", "python3", "")


@dataclass(frozen=True, slots=True)
class _Place:
    """A code cell in the joined text: its offset there, and its first line there."""

    cell: Cell
    start: int
    line: int
    text: Harmless

    @property
    def end(self) -> int:
        return self.start + len(self.text.text)


class Notebook(Document):
    """A notebook with its code as one piece."""

    def __init__(self, path: str, data: bytes) -> None:
        """Raises UnparsableError for what is no notebook."""
        text, self._bom = _decoded(data)
        cells = list(_cells(text))
        is_python = _language(text) in _PYTHON
        self._places = list(_laid_out(text, cells)) if is_python else []
        super().__init__(
            path,
            DocumentKind.NOTEBOOK,
            text,
            [_piece(path, self._places)] if self._places else [],
            list(_prose(cells, self._places)),
        )

    def offset(self, piece: int, offset: int) -> int:
        """The offset in the notebook of a character of the joined cells."""
        place = self._place(offset)
        return place.cell.offsets[min(offset - place.start, len(place.cell.text))]

    def part(self, offset: int) -> str:
        """The cell by its number, from 1 among all cells."""
        return f"cell {self._place(offset).cell.number}"

    def _number(self, offset: int) -> int:
        starts = [place.start for place in self._places]
        return max(bisect_right(starts, offset) - 1, 0)

    def _place(self, offset: int) -> _Place:
        return self._places[self._number(offset)]

    def changed(self, changes: Mapping[int, Sequence[Change]]) -> bytes:
        """The notebook's bytes after changes, each within a cell. Raises UnfitError."""
        by_cell: dict[int, list[Change]] = {}
        for index, wanted in changes.items():
            self._check(index, wanted)
            for change in wanted:
                number = self._number(change.start)
                inside = self._inside(self._places[number], change)
                by_cell.setdefault(number, []).append(inside)
        raw = [c for n, inside in by_cell.items() for c in self._places[n].cell.changed(inside)]
        return (self._bom + apply(self.text, raw)).encode()

    def _inside(self, place: _Place, change: Change) -> Change:
        """The change in its cell."""
        start, end = change.start - place.start, change.end - place.start
        size = len(place.cell.text)
        if end > size:
            # The line end after a cell is not in it: of a last line that goes, the one before is.
            if change.text or self.pieces[0].source.text[place.end : change.end].strip():
                raise UnfitError(f"{self.path}: an edit would reach over the end of a cell")
            end = size
            start -= place.cell.text[:start].endswith("\n")
        return Change(start, end, change.text)


def _decoded(data: bytes) -> tuple[str, str]:
    """The text, and the byte order mark before it or "". Raises UnparsableError."""
    try:
        text = data.decode()
        bom = _BOM if text.startswith(_BOM) else ""
        text = text.removeprefix(_BOM)
        json.loads(text)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnparsableError(line, "not valid utf-8") from None
    except json.JSONDecodeError as error:
        raise UnparsableError(error.lineno, f"not a notebook: {error.msg}") from None
    except RecursionError:
        raise UnparsableError(0, "not a notebook: nested too deeply") from None
    return text, bom


def _language(text: str) -> str:
    """The language that the notebook says it is in, "" where it says none."""
    metadata = json.loads(text).get("metadata")
    for key, name in (("kernelspec", "language"), ("language_info", "name")):
        table = metadata.get(key) if isinstance(metadata, dict) else None
        word = table.get(name) if isinstance(table, dict) else None
        if isinstance(word, str):
            return word.lower()
    return ""


def _cells(text: str) -> Iterator[Cell]:
    """Raises UnparsableError where the cells are not what format 4 says."""
    start = json_spans.skip_space(text, 0)
    top = json_spans.members(text, start) if text[start : start + 1] == "{" else {}
    if "cells" not in top or text[top["cells"].start] != "[":
        raise UnparsableError(1, "not a notebook of format 4: it has no array `cells`")
    for number, span in enumerate(json_spans.elements(text, top["cells"].start), start=1):
        found = json_spans.members(text, span.start) if text[span.start] == "{" else {}
        source = found.get("source")
        kind = json_spans.value(text, found["cell_type"]) if "cell_type" in found else None
        if source is None or not isinstance(kind, str):
            line = text.count("\n", 0, span.start) + 1
            raise UnparsableError(line, f"not a notebook of format 4: cell {number} has no source")
        yield _cell(text, number, kind, source)


def _cell(text: str, number: int, kind: str, source: Span) -> Cell:
    if text[source.start] == "[":
        strings, opening = json_spans.elements(text, source.start), source.start
    else:
        strings, opening = [source], None
    values = [json_spans.value(text, span) for span in strings]
    if not all(isinstance(value, str) for value in values):
        line = text.count("\n", 0, source.start) + 1
        raise UnparsableError(line, f"not a notebook of format 4: the source of cell {number}")
    return Cell(text, number, kind, tuple(strings), tuple(map(str, values)), opening)


def _laid_out(text: str, cells: Sequence[Cell]) -> Iterator[_Place]:
    """The code cells, one after the other.

    Lines are left empty before a cell, so that its first line gets the number that it has in the
    file: as Jupyter writes notebooks, so do all the others.
    """
    line, start = 1, 0
    for cell in cells:
        if cell.kind != "code" or not cell.text.strip():
            continue
        empty = max(text.count("\n", 0, cell.strings[0].start) + 1 - line, 0)
        line, start = line + empty, start + empty
        code = harmless(cell.text)
        yield _Place(cell, start, line, code)
        line += _lines(cell.text) + 1
        start += len(code.text) + 1


def _lines(text: str) -> int:
    return text.replace("\r\n", "\n").replace("\r", "\n").count("\n")


def _piece(path: str, places: Sequence[_Place]) -> Piece:
    text, original = "", ""
    hidden: list[Hidden] = []
    for place in places:
        # One line end more than the cell, and empty lines up to where the cell begins.
        text += "\n" * (place.start - len(text)) + place.text.text
        original += "\n" * (place.start - len(original)) + place.cell.text
        hidden += (Hidden(place.line + h.line, h.text) for h in place.text.hidden)
    sections = tuple(place.line for place in places)
    source = Source(
        path,
        text + "\n",
        "utf-8",
        has_bom=False,
        sections=sections,
        hidden=tuple(hidden),
        is_fragment=bool(hidden),
    )
    return Piece(source, original + "\n")


def _prose(cells: Sequence[Cell], places: Sequence[_Place]) -> Iterator[Prose]:
    """The text of cells that are no Python, and the magics of those that are."""
    as_code = {place.cell.number: place for place in places}
    for cell in cells:
        place = as_code.get(cell.number)
        if place is None:
            what = "it is text" if cell.kind != "code" else "its cell is not Python"
            yield Prose(cell.text, f"{what} (cell {cell.number})", 0, cell.offsets)
            continue
        if place.text.reason:
            what = f"{place.text.reason} (cell {cell.number})"
            yield Prose(cell.text, what, 0, cell.offsets)
            continue
        rows = cell.text.splitlines(keepends=True)
        for hidden in place.text.hidden:
            start = sum(map(len, rows[: hidden.line])) + hidden.column
            what = f"it stands in a magic, which is left alone (cell {cell.number})"
            end = start + len(hidden.text)
            yield Prose(hidden.text, what, 0, cell.offsets[start : end + 1])

"""Findings of Python in documents, at the places of the document."""

from __future__ import annotations

import re

from nonce_migrate.documents.document import Document
from nonce_migrate.engine.gathered import Gathered
from nonce_migrate.model import Finding


def placed(gathered: Gathered, finding: Finding) -> Finding:
    """A finding of a module or a piece as a person has to read it."""
    return _placed(gathered, finding) if finding.path in gathered.pieces else finding


def place_of(gathered: Gathered, path: str, line: int, column: int) -> tuple[int, int]:
    """Line and column in the file, for those in a module or piece."""
    if path not in gathered.pieces:
        return line, column
    document, number = gathered.pieces[path]
    offset = document.pieces[number].source.line_starts[line - 1] + column - 1
    return document.position(document.offset(number, offset))


def _placed(gathered: Gathered, finding: Finding) -> Finding:
    document, number = gathered.pieces[finding.path]
    offset = document.pieces[number].source.line_starts[finding.line - 1] + finding.column - 1
    line, column = document.position(document.offset(number, offset))
    texts = (finding.reason, finding.step, *finding.why)
    reason, step, *why = (_with_lines(text, document, number, finding.path) for text in texts)
    part = document.part(offset)
    if part:
        why.insert(0, f"{document.path}:{line}: in {part}")
    return finding._replace(
        path=document.path,
        line=line,
        column=column,
        reason=reason,
        step=step,
        why=tuple(why),
    )


def _with_lines(text: str, document: Document, number: int, path: str) -> str:
    """The text with its lines of the piece as lines of the document."""
    starts = document.pieces[number].source.line_starts

    def moved(match: re.Match[str]) -> str:
        line = int(match[2])
        if not 0 < line <= len(starts):
            return match.group()
        real, _ = document.position(document.offset(number, starts[line - 1]))
        where = document.path + ":" if match[1].endswith(":") else match[1]
        return f"{where}{real}"

    return re.sub(rf"({re.escape(path)}:|\bline )(\d+)", moved, text)

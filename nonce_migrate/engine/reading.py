"""Reads a file of code as the module that it is."""

from __future__ import annotations

from dataclasses import dataclass

from nonce_migrate.documents.document import Document
from nonce_migrate.documents.kinds import DocumentKind, kind_of
from nonce_migrate.documents.reading import read_document
from nonce_migrate.resolve.project import ParsedModule
from nonce_migrate.source import decode


@dataclass(frozen=True, slots=True)
class Code:
    """module: None for a notebook without code. document: None for a Python file."""

    module: ParsedModule | None
    document: Document | None


def read_code(path: str, data: bytes) -> Code:
    """The code of a Python file or of a notebook. Raises UnparsableError."""
    if kind_of(path) is not DocumentKind.NOTEBOOK:
        return Code(ParsedModule(decode(path, data)), None)
    document = read_document(path, DocumentKind.NOTEBOOK, data)
    pieces = document.pieces
    return Code(ParsedModule(pieces[0].source) if pieces else None, document)

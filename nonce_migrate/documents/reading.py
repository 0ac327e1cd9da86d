"""Reads a document as what its name says it is."""

from __future__ import annotations

from nonce_migrate.documents.document import Document
from nonce_migrate.documents.kinds import DocumentKind
from nonce_migrate.documents.markdown import Page
from nonce_migrate.documents.notebook import Notebook
from nonce_migrate.documents.plain import Plain


def read_document(path: str, kind: DocumentKind, data: bytes) -> Document:
    """The document of a kind other than PYTHON. Raises UnparsableError for a broken notebook."""
    if kind is DocumentKind.NOTEBOOK:
        return Notebook(path, data)
    if kind is DocumentKind.PAGE:
        return Page(path, data)
    return Plain(path, kind, data)

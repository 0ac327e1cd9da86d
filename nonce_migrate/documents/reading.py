"""Reads a document as what its name says it is."""

from __future__ import annotations

from nonce_migrate.documents.document import Document
from nonce_migrate.documents.kinds import DocumentKind


def read_document(path: str, kind: DocumentKind, data: bytes) -> Document:
    """The document of a kind other than PYTHON. Raises UnparsableError for a broken notebook."""
    if kind is DocumentKind.NOTEBOOK:
        from nonce_migrate.documents.notebook import Notebook

        return Notebook(path, data)
    if kind is DocumentKind.PAGE:
        from nonce_migrate.documents.markdown import Page

        return Page(path, data)
    from nonce_migrate.documents.plain import Plain

    return Plain(path, kind, data)

"""Files that hold Python, or speak of it, without being Python files.

Each kind gives its Python as pieces that go the way of a module, and takes their changes back
with every other byte as it was.
"""

from nonce_migrate.documents.document import Change, Document, Piece, Prose, UnfitError
from nonce_migrate.documents.kinds import CODE, EVERY_KIND, DocumentKind, kind_of
from nonce_migrate.documents.reading import read_document

__all__ = [
    "CODE",
    "EVERY_KIND",
    "Change",
    "Document",
    "DocumentKind",
    "Piece",
    "Prose",
    "UnfitError",
    "kind_of",
    "read_document",
]

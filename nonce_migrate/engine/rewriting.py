"""Rewrites one file and proves the result before anybody may write it."""

from __future__ import annotations

import io
import tokenize
from collections import Counter
from collections.abc import Mapping, Sequence

from nonce_migrate.documents import Change, Document, UnfitError, read_document
from nonce_migrate.documents.document import apply
from nonce_migrate.edit.errors import EditError
from nonce_migrate.edit.splice import replaced
from nonce_migrate.engine.edits import edits_of
from nonce_migrate.resolve.project import ParsedModule
from nonce_migrate.rules.intents import Intent
from nonce_migrate.source import UnparsableError, parse


class ProofError(Exception):
    """The rewritten file failed a check; the text says which."""


def rewrite(module: ParsedModule, intents: Sequence[Intent]) -> bytes:
    """The new bytes of a file. Raises ProofError where an edit or the result is not certain."""
    source = module.source
    text = apply(source.text, _changes(module, intents))
    try:
        return source.encode(text)
    except UnicodeEncodeError:
        raise ProofError(f"the result cannot be written in {source.encoding}") from None


def rewrite_document(
    document: Document, pieces: Mapping[int, tuple[ParsedModule, Sequence[Intent]]]
) -> bytes:
    """The new bytes of a document; pieces: what becomes of them, by their number.

    Raises ProofError where an edit or the result is not certain.
    """
    changes = {index: _changes(*piece) for index, piece in pieces.items()}
    try:
        after = document.changed(changes)
        again = read_document(document.path, document.kind, after)
    except (UnfitError, UnparsableError) as error:
        raise ProofError(str(error)) from None
    wanted = [
        apply(piece.original, changes.get(index, ())).split()
        for index, piece in enumerate(document.pieces)
    ]
    if [piece.original.split() for piece in again.pieces] != wanted:
        raise ProofError("the new document would not read as it should")
    return after


def _changes(module: ParsedModule, intents: Sequence[Intent]) -> list[Change]:
    """The changes of a module's text. Raises ProofError where its result is not certain."""
    old = module.source.text
    try:
        changes = [Change(*change) for change in replaced(old, edits_of(module, intents))]
    except EditError as error:
        raise ProofError(str(error)) from None
    text = apply(old, changes)
    try:
        parse(text)
    except UnparsableError as error:
        raise ProofError(f"the result does not compile: {error}") from None
    if _comments(text) != _comments(old):
        raise ProofError("the result would lose or change a comment")
    return changes


def _comments(text: str) -> Counter[str] | None:
    """Every comment with its count; None where the tokenizer does not get through."""
    try:
        tokens = tokenize.generate_tokens(io.StringIO(text, newline=None).readline)
        comments = (t.string for t in tokens if t.type == tokenize.COMMENT)
        # Names that became one share a line, and so do their comments.
        return Counter(part.strip() for text in comments for part in text.split("#") if part)
    except (tokenize.TokenError, SyntaxError):
        return None

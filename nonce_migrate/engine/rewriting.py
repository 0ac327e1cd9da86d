"""Rewrites one file and proves the result before anybody may write it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from nonce_migrate.documents.document import Change, Document, UnfitError, apply
from nonce_migrate.documents.reading import read_document
from nonce_migrate.edit.errors import EditError
from nonce_migrate.edit.splice import replaced
from nonce_migrate.proof.project import OUR_FAULT
from nonce_migrate.proof.text import byte_problems, syntax_problems, text_problems
from nonce_migrate.resolve.project import ParsedModule
from nonce_migrate.rules.intents import Intent
from nonce_migrate.source import Span, UnparsableError


class ProofError(Exception):
    """The rewritten file failed a check; the text says which."""


def rewrite(module: ParsedModule, intents: Sequence[Intent]) -> bytes:
    """The new bytes of a file. Raises ProofError where an edit or the result is not certain."""
    source = module.source
    text = apply(source.text, _changes(module, intents))
    try:
        after = source.encode(text)
    except UnicodeEncodeError:
        raise ProofError(f"the result cannot be written in {source.encoding}") from None
    _require_none(byte_problems(source, after, text))
    return after


def rewrite_document(
    document: Document, pieces: Mapping[int, tuple[ParsedModule, Sequence[Intent]]]
) -> bytes:
    """The new bytes of a document; pieces: what becomes of them, by their number.

    Raises ProofError where an edit or the result is not certain.
    """
    changes = {index: _changes(*piece) for index, piece in pieces.items()}
    for index, (module, _) in pieces.items():
        _require_none(syntax_problems(apply(module.source.text, changes[index])))
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
    from nonce_migrate.engine.edits import edits_of  # loads LibCST

    old = module.source.text
    try:
        edits = edits_of(module, intents)
        changes = [Change(*change) for change in replaced(old, edits)]
    except EditError as error:
        raise ProofError(f"{error}; {OUR_FAULT}") from None
    edited = [Span(edit.start, edit.end) for edit in edits]
    _require_none(text_problems(old, apply(old, changes), edited))
    return changes


def _require_none(problems: Iterable[str]) -> None:
    for problem in problems:
        raise ProofError(f"{problem}; {OUR_FAULT}")

"""From the bytes of a file of code to its outline."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from nonce_migrate.accept.comments import Comment, Place, comments_of
from nonce_migrate.documents.kinds import DocumentKind, kind_of
from nonce_migrate.model import Unreadable
from nonce_migrate.resolve.outline import ImportedName, Outline
from nonce_migrate.resolve.project import ParsedModule
from nonce_migrate.source import Source, UnparsableError, decode

# From line (from 1) and column (of `ast`) of a module to line and column for people.
Position = Callable[[int, int], tuple[int, int]]


def outline(path: str, data: bytes) -> Outline | Unreadable:
    """The imports of a Python file, or of the code of a notebook; why there are none to be had."""
    try:
        if kind_of(path) is DocumentKind.NOTEBOOK:
            return _of_notebook(path, data)
        source = decode(path, data)
        return _of_module(ParsedModule(source), _position(source), comments_of(source))
    except UnparsableError as error:
        return Unreadable(path, error.line, error.reason)


def _of_notebook(path: str, data: bytes) -> Outline:
    from nonce_migrate.documents.notebook import Notebook

    notebook = Notebook(path, data)
    if not notebook.pieces:
        return Outline(path, ())
    source = notebook.pieces[0].source

    def position(line: int, column: int) -> tuple[int, int]:
        return notebook.position(notebook.offset(0, source.offset(line, column)))

    def moved(place: Place) -> Place:
        line, column = place
        offset = source.line_starts[line - 1] + column - 1
        return notebook.position(notebook.offset(0, offset))

    comments = tuple(comment.moved(moved) for comment in comments_of(source))
    return _of_module(ParsedModule(source), position, comments)


def _position(source: Source) -> Position:
    if source.text.isascii():
        return lambda line, column: (line, column + 1)
    return lambda line, column: (line, source.column(line, column))


def _of_module(module: ParsedModule, position: Position, comments: tuple[Comment, ...]) -> Outline:
    return Outline(module.path, tuple(_names(module, position)), module.hints, comments)


def _names(module: ParsedModule, position: Position) -> Iterator[ImportedName]:
    global_ = set(map(id, module.global_imports))
    for node in module.imports:
        is_from = isinstance(node, ast.ImportFrom)
        source, level = (
            (node.module or "", node.level) if isinstance(node, ast.ImportFrom) else ("", 0)
        )
        for alias in node.names:
            yield ImportedName(
                *position(alias.lineno, alias.col_offset),
                is_from,
                source,
                level,
                alias.name,
                alias.asname,
                id(node) in global_,
            )

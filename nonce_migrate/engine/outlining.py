"""From the bytes of a file of code to its outline."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from nonce_migrate.accept.comments import Comment, Place, comments_of
from nonce_migrate.documents.kinds import DocumentKind, kind_of
from nonce_migrate.model import Unreadable
from nonce_migrate.resolve.outline import ImportedName, Outline
from nonce_migrate.resolve.statements import read_imports
from nonce_migrate.resolve.sys_path import may_add_folders
from nonce_migrate.source import Source, UnparsableError, decode

# From line (from 1) and column (of `ast`) of a module to line and column for people.
Position = Callable[[int, int], tuple[int, int]]


def outline(path: str, data: bytes) -> Outline | Unreadable:
    """The imports of a Python file, or of the code of a notebook; why there are none to be had."""
    try:
        if kind_of(path) is DocumentKind.NOTEBOOK:
            return _of_notebook(path, data)
        source = decode(path, data)
        return _of_source(source, _position(source), comments_of(source))
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
    return _of_source(source, position, comments)


def _position(source: Source) -> Position:
    if source.text.isascii():
        return lambda line, column: (line, column + 1)
    return lambda line, column: (line, source.column(line, column))


def _of_source(source: Source, position: Position, comments: tuple[Comment, ...]) -> Outline:
    return Outline(source.path, tuple(_names(source, position)), _hints(source), comments)


def _hints(source: Source) -> tuple[str, ...]:
    if not may_add_folders(source.text):
        return ()
    from nonce_migrate.resolve.project import ParsedModule

    return ParsedModule(source).hints


def _names(source: Source, position: Position) -> Iterator[ImportedName]:
    imports = read_imports(source.tree)
    global_ = set(map(id, imports.may_bind))
    for node in imports.every:
        is_from = isinstance(node, ast.ImportFrom)
        module, level = (
            (node.module or "", node.level) if isinstance(node, ast.ImportFrom) else ("", 0)
        )
        for alias in node.names:
            yield ImportedName(
                *position(alias.lineno, alias.col_offset),
                is_from,
                module,
                level,
                alias.name,
                alias.asname,
                id(node) in global_,
            )

"""What the resolver has to know of a module to tell what its imports bring, and no more.

An outline is small and plain, so that files can be parsed in other processes than the one that
resolves: a syntax tree is not worth sending.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import NamedTuple

from nonce_migrate.accept.comments import Comment
from nonce_migrate.resolve.statements import Import


class ImportedName(NamedTuple):
    """One name of an import statement; a tuple, since thousands are sent.

    line, column: where it stands in the file, from 1, in characters. module: what stands after
    `from`, "" where it is dots alone or there is none. level: the dots. is_global: the module
    itself may have the name.
    """

    line: int
    column: int
    is_from: bool
    module: str
    level: int
    name: str
    asname: str | None
    is_global: bool

    @property
    def node(self) -> Import:
        """A statement that imports the name alone; its columns count characters."""
        place = {"lineno": self.line, "col_offset": self.column - 1}
        alias = ast.alias(self.name, self.asname, **place)
        if self.is_from:
            return ast.ImportFrom(self.module or None, [alias], self.level, **place)
        return ast.Import([alias], **place)


class Outline(NamedTuple):
    """The imports of a file of code. hints: see ParsedModule. comments: those that accept findings,
    at their places in the file.
    """

    path: str
    names: tuple[ImportedName, ...]
    hints: tuple[str, ...] = ()
    comments: tuple[Comment, ...] = ()


class OutlinedModule:
    """A module of which the outline is known, and those imports count that can matter.

    can_bring: tells whether an import can bring something legacy, as far as that is known by then.
    """

    def __init__(self, outline: Outline, can_bring: Callable[[ImportedName], bool]) -> None:
        self.path = outline.path
        self.hints = outline.hints
        self.comments = outline.comments
        self._names = outline.names
        self._can_bring = can_bring

    @property
    def imports(self) -> list[Import]:
        """Its imports, a statement for each name, in the order of the text."""
        return [name.node for name in self._names if self._can_bring(name)]

    @property
    def global_imports(self) -> list[Import]:
        """Those of them that may bind a name of the module itself."""
        return [name.node for name in self._names if name.is_global and self._can_bring(name)]

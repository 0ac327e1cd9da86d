"""One text of a module and what Python's own tools say of it, each asked once."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from nonce_migrate.proof.scopes import Scopes, scopes_of
from nonce_migrate.source import UnparsableError, decode, parse

Statement = ast.Import | ast.ImportFrom
_IMPORTS = frozenset({ast.Import, ast.ImportFrom})
_HOLDERS = frozenset(
    {
        *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.For, ast.AsyncFor, ast.While),
        *(ast.If, ast.With, ast.AsyncWith, ast.Match, ast.Try, ast.TryStar),
    }
)


@dataclass(frozen=True)
class Module:
    """A module's path, relative to the root, and its text, which can be parsed."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree."""
        return parse(self.text)

    @cached_property
    def import_groups(self) -> tuple[tuple[Statement, ...], ...]:
        """The import statements of each list of statements that holds some, at any depth."""
        found: list[tuple[Statement, ...]] = []
        holders: list[ast.AST] = [self.tree]
        for holder in holders:
            for name in ("body", "orelse", "finalbody"):
                block: list[ast.stmt] = getattr(holder, name, [])
                group = [node for node in block if type(node) in _IMPORTS]
                if group:
                    found.append(tuple(cast("list[Statement]", group)))
                holders += [node for node in block if type(node) in _HOLDERS]
            holders += getattr(holder, "handlers", ())
            holders += getattr(holder, "cases", ())
        return tuple(found)

    @cached_property
    def imports(self) -> tuple[Statement, ...]:
        """All import statements, at any depth."""
        return tuple(node for group in self.import_groups for node in group)

    @cached_property
    def from_imports(self) -> tuple[ast.ImportFrom, ...]:
        """All `from` statements, at any depth."""
        return tuple(node for node in self.imports if isinstance(node, ast.ImportFrom))

    @cached_property
    def scopes(self) -> Scopes:
        """The names of its own level."""
        return scopes_of(self.path, self.text)

    @property
    def bound(self) -> frozenset[str]:
        """The names that the module's own level binds, whichever way its branches go."""
        return self.scopes.bound

    @cached_property
    def is_open(self) -> bool:
        """Whether it has names that cannot be seen in it: by a star, or by `__getattr__`."""
        return "__getattr__" in self.bound or any(n.names[0].name == "*" for n in self.from_imports)


def read_module(path: str, data: bytes) -> Module | None:
    """The module in a file's bytes, None where it is none that Python reads."""
    module = read_scopes(path, data)
    try:
        _ = module and module.tree
    except UnparsableError:
        return None
    return module


def read_scopes(path: str, data: bytes) -> Module | None:
    """The same, where the tree has been made of these bytes before, and is rarely asked for."""
    try:
        module = Module(path, decode(path, data).text)
        _ = module.scopes
    except (UnparsableError, SyntaxError, ValueError, RecursionError):
        return None
    return module

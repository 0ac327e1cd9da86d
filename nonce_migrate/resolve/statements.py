"""The import statements of a module, without a look at its expressions."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from nonce_migrate.resolve.scopes import NameTable

Import = ast.Import | ast.ImportFrom

# Statements stand in blocks only, so nothing else is gone into.
_BLOCKS: dict[type[ast.AST], tuple[str, ...]] = {
    ast.Module: ("body",),
    ast.FunctionDef: ("body",),
    ast.AsyncFunctionDef: ("body",),
    ast.ClassDef: ("body",),
    ast.If: ("body", "orelse"),
    ast.For: ("body", "orelse"),
    ast.AsyncFor: ("body", "orelse"),
    ast.While: ("body", "orelse"),
    ast.With: ("body",),
    ast.AsyncWith: ("body",),
    ast.Try: ("body", "handlers", "orelse", "finalbody"),
    ast.TryStar: ("body", "handlers", "orelse", "finalbody"),
    ast.ExceptHandler: ("body",),
    ast.Match: ("cases",),
    ast.match_case: ("body",),
}
_SCOPES = frozenset((ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))


class Imports(NamedTuple):
    """The imports of a module in the order of the text. every: at any depth.

    may_bind: those that may bind a name of the module itself. Those inside functions and classes
    are among them where they bind a name that some function declares `global`.
    """

    every: list[Import]
    may_bind: list[Import]


def read_imports(tree: ast.Module) -> Imports:
    """Finds the imports of a module."""
    found, names = _imports(tree)
    found.sort(key=lambda pair: (pair[0].lineno, pair[0].col_offset))
    return Imports(
        [node for node, _ in found],
        [node for node, is_inner in found if not is_inner or names & _bound(node)],
    )


def imports_among(names: NameTable) -> Imports:
    """The same, of a module whose names were read."""
    declared = {name for scope in names.scopes for name in scope.global_names}
    return Imports(
        [node for node, _ in names.imports],
        [n for n, scope in names.imports if scope is names.module or declared & _bound(n)],
    )


def _bound(node: Import) -> set[str]:
    """The names that an import binds."""
    return {alias.asname or alias.name.partition(".")[0] for alias in node.names}


def _imports(tree: ast.Module) -> tuple[list[tuple[Import, bool]], set[str]]:
    """The imports, each with whether a function or class is around it, and all `global` names."""
    found: list[tuple[Import, bool]] = []
    names: set[str] = set()
    pending: list[tuple[ast.AST, bool]] = [(tree, False)]
    while pending:
        node, is_inner = pending.pop()
        for block in _BLOCKS[type(node)]:
            for child in getattr(node, block):
                kind = type(child)
                if kind in _BLOCKS:
                    pending.append((child, is_inner or kind in _SCOPES))
                elif kind is ast.ImportFrom or kind is ast.Import:
                    found.append((child, is_inner))
                elif kind is ast.Global:
                    names.update(child.names)
    return found, names

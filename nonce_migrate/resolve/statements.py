"""The import statements of a module, without a look at its expressions."""

from __future__ import annotations

import ast
from collections.abc import Iterator

Import = ast.Import | ast.ImportFrom

# Statements stand in blocks only, so nothing else is gone into.
_BLOCKS: dict[type[ast.AST], tuple[str, ...]] = {
    ast.Module: ("body",),
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
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def import_statements(tree: ast.Module) -> list[Import]:
    """Every import of a module, at any depth, in the order of the text."""
    return sorted((node for node, _ in _imports(tree)[0]), key=_place)


def global_imports(tree: ast.Module) -> list[Import]:
    """The imports that may bind a name of the module itself, in the order of the text.

    Those inside functions and classes are among them where they bind a name that some function
    declares `global`.
    """
    found, names = _imports(tree)
    may_bind = (node for node, is_inner in found if not is_inner or names & _bound(node))
    return sorted(may_bind, key=_place)


def _bound(node: Import) -> set[str]:
    """The names that an import binds."""
    return {alias.asname or alias.name.partition(".")[0] for alias in node.names}


def _place(node: Import) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _imports(tree: ast.Module) -> tuple[list[tuple[Import, bool]], set[str]]:
    """The imports, each with whether a function or class is around it, and all `global` names."""
    found: list[tuple[Import, bool]] = []
    names: set[str] = set()
    pending: list[tuple[ast.AST, bool]] = [(tree, False)]
    while pending:
        node, is_inner = pending.pop()
        for child in _children(node):
            if isinstance(child, Import):
                found.append((child, is_inner))
            elif isinstance(child, _SCOPES):
                pending.append((child, True))
            elif isinstance(child, ast.Global):
                names.update(child.names)
            elif type(child) in _BLOCKS:
                pending.append((child, is_inner))
    return found, names


def _children(node: ast.AST) -> Iterator[ast.AST]:
    for block in _BLOCKS.get(type(node), ("body",)):
        yield from getattr(node, block)

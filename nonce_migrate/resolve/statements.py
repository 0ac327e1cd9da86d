"""The import statements of a module, without a look at its expressions."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

Import = ast.Import | ast.ImportFrom

_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def import_statements(tree: ast.Module) -> list[Import]:
    """Every import of a module, at any depth, in the order of the text."""
    return _in_order(node for node in _statements(tree, into=_SCOPES) if isinstance(node, Import))


def global_imports(tree: ast.Module) -> list[Import]:
    """The imports that may bind a name of the module itself, in the order of the text.

    Those inside functions and classes are among them where they bind a name that some function
    declares `global`.
    """
    inner = list(_statements(tree, into=_SCOPES))
    names = {name for node in inner if isinstance(node, ast.Global) for name in node.names}
    found = [node for node in _statements(tree, into=()) if isinstance(node, Import)]
    if names:
        known = set(map(id, found))
        others = (node for node in inner if isinstance(node, Import) and id(node) not in known)
        found += (node for node in others if names & _bound(node))
    return _in_order(found)


def _bound(node: Import) -> set[str]:
    """The names that an import binds."""
    return {alias.asname or alias.name.partition(".")[0] for alias in node.names}


def _in_order(nodes: Iterable[Import]) -> list[Import]:
    return sorted(nodes, key=lambda node: (node.lineno, node.col_offset))


def _statements(tree: ast.Module, into: tuple[type[ast.AST], ...]) -> Iterator[ast.AST]:
    """The statements of a module, also those inside the kinds of scope given.

    Statements stand in blocks only, so nothing else is gone into.
    """
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        yield node
        if isinstance(node, _SCOPES) and not isinstance(node, into):
            continue
        for block in _BLOCKS:
            children = getattr(node, block, ())
            if isinstance(children, list):
                pending.extend(children)

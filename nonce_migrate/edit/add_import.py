"""Adds an import statement to a module, where the code that needs it can rely on it."""

from __future__ import annotations

import ast

from nonce_migrate.edit.errors import EditError
from nonce_migrate.edit.import_statement import Imported
from nonce_migrate.edit.splice import Edit
from nonce_migrate.source import Source

_IMPORTS = (ast.Import, ast.ImportFrom)


def add_import(source: Source, tree: ast.Module, before: ast.stmt, imported: Imported) -> Edit:
    """Inserts a line that imports a name, for the top-level statement `before` and what follows.

    It goes behind the last of the module's own imports (and changes of `sys.path`) in front of
    `before`, else behind the docstring and `from __future__` imports, else in front of the first
    statement. Its line end is the file's. Raises EditError where the module does not hold
    `before`.
    """
    if before not in tree.body or imported.module is None:
        raise EditError("no place for the import")
    earlier = tree.body[: tree.body.index(before)]
    text = _statement(imported) + source.newline
    limit = source.line_starts[_first_line(before) - 1]
    anchors = [node for node in earlier if _is_anchor(node)]
    header = [node for node in earlier[:1] if _is_docstring(node)]
    for node in [*reversed(anchors), *header]:
        offset = _behind(source, tree, node)
        if offset is not None and offset <= limit:
            return Edit(offset, offset, lambda _: text)
    if header or any(_is_future(node) for node in anchors):
        raise EditError("no line for an import between the head of the module and its code")
    if anchors:
        # They share a line with what needs the import.
        return Edit(limit, limit, lambda _: text)
    start = source.line_starts[_first_line(tree.body[0]) - 1]
    return Edit(start, start, lambda _: text)


def _statement(imported: Imported) -> str:
    renamed = f" as {imported.as_name}" if imported.as_name else ""
    return f"from {imported.module} import {imported.name}{renamed}"


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def _is_docstring(node: ast.stmt) -> bool:
    value = node.value if isinstance(node, ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _is_anchor(node: ast.stmt) -> bool:
    """An import that always runs, one with a fallback, or a change of the search path."""
    if isinstance(node, _IMPORTS):
        return True
    if isinstance(node, ast.Try):
        return any(isinstance(child, _IMPORTS) for child in node.body)
    if isinstance(node, ast.If):
        is_typing = "TYPE_CHECKING" in ast.unparse(node.test)
        changed = any(isinstance(c, _IMPORTS) or _changes_path(c) for c in ast.walk(node))
        return changed and not is_typing
    return _changes_path(node)


def _changes_path(node: ast.AST) -> bool:
    call = node.value if isinstance(node, ast.Expr) else None
    name = ast.unparse(call.func) if isinstance(call, ast.Call) else ""
    return name.startswith(("sys.path.", "site.addsitedir"))


def _behind(source: Source, tree: ast.Module, node: ast.stmt) -> int | None:
    """The start of the first line behind a statement and whatever shares its lines."""
    assert node.end_lineno is not None
    last = node.end_lineno
    for other in tree.body:
        if _first_line(other) <= last < (other.end_lineno or 0):
            last = other.end_lineno or last
    return source.line_starts[last] if last < len(source.line_starts) else None

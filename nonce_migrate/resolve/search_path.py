"""Folders that a script puts on `sys.path`, as far as its text alone tells."""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Iterator, Mapping

from nonce_migrate.resolve.scopes import BindingKind, NameTable

_JOINS = {"join"}
_SAME = {"abspath", "realpath", "normpath", "expanduser", "resolve", "absolute", "as_posix", "str"}
_ROOT = "/project"


def search_path(path: str, names: NameTable) -> tuple[str, ...]:
    """Folders, relative to the project root, that the module at `path` adds to `sys.path`.

    Understands constants, `__file__`, `os.path` and `pathlib` expressions, over module-level
    names bound once. Relative constants count from the project root and from the file's folder.
    """
    environment = {
        name: bindings[0].value
        for name, bindings in names.module.bindings.items()
        if len(bindings) == 1 and bindings[0].kind is BindingKind.ASSIGNMENT and bindings[0].value
    }
    evaluate = _Evaluator(f"{_ROOT}/{path}", environment)
    found: dict[str, None] = {}
    for expression in _additions(names):
        for value in evaluate.folders(expression):
            found[value] = None
    return tuple(found)


def _additions(names: NameTable) -> Iterator[ast.expr]:
    for call, _ in names.calls:
        method = call.func
        if not isinstance(method, ast.Attribute) or not _is_sys_path(method.value):
            continue
        if method.attr == "append" and len(call.args) == 1:
            yield call.args[0]
        elif method.attr == "insert" and len(call.args) == 2:
            yield call.args[1]
        elif method.attr == "extend" and len(call.args) == 1:
            items = call.args[0]
            if isinstance(items, ast.List | ast.Tuple):
                yield from items.elts


def _is_sys_path(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and node.attr == "path"
        and isinstance(node.value, ast.Name)
        and node.value.id == "sys"
    )


class _Evaluator:
    """Computes a path expression; None where the text does not tell."""

    def __init__(self, file: str, environment: Mapping[str, ast.expr]) -> None:
        self.file = file
        self.environment = environment

    def folders(self, node: ast.expr) -> Iterator[str]:
        value = self.value(node, 0)
        if value is None:
            return
        if value.startswith(_ROOT):
            candidates = [value]
        elif value.startswith("/"):
            return
        else:
            candidates = [f"{_ROOT}/{value}", f"{posixpath.dirname(self.file)}/{value}"]
        for candidate in candidates:
            path = posixpath.normpath(candidate)
            if path == _ROOT:
                yield ""
            elif path.startswith(_ROOT + "/"):
                yield path.removeprefix(_ROOT + "/")

    def value(self, node: ast.expr, depth: int) -> str | None:
        if depth > 20:
            return None
        if isinstance(node, ast.Constant):
            return node.value.replace("\\", "/") if isinstance(node.value, str) else None
        if isinstance(node, ast.Name):
            return self.name(node, depth)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            return self.joined([node.left, node.right], depth)
        if isinstance(node, ast.Attribute) and node.attr == "parent":
            return self.up(node.value, 1, depth)
        if isinstance(node, ast.Subscript):
            return self.parents(node, depth)
        if isinstance(node, ast.Call):
            return self.call(node, depth)
        return None

    def name(self, node: ast.Name, depth: int) -> str | None:
        if node.id == "__file__":
            return self.file
        known = self.environment.get(node.id)
        return None if known is None else self.value(known, depth + 1)

    def call(self, node: ast.Call, depth: int) -> str | None:
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else ""
        if isinstance(function, ast.Name):
            name = function.id
        if name == "dirname" and len(node.args) == 1:
            return self.up(node.args[0], 1, depth)
        if name in _JOINS:
            return self.joined(node.args, depth)
        if name in ("Path", "PurePath") or name in _SAME:
            if node.args:
                return self.joined(node.args, depth)
            if isinstance(function, ast.Attribute):
                return self.value(function.value, depth + 1)
        if name == "joinpath" and isinstance(function, ast.Attribute):
            return self.joined([function.value, *node.args], depth)
        if name in ("getcwd", "cwd"):
            return _ROOT
        return None

    def joined(self, nodes: list[ast.expr], depth: int) -> str | None:
        parts = [self.value(node, depth + 1) for node in nodes]
        known = [part for part in parts if part is not None]
        return posixpath.join(*known) if known and len(known) == len(parts) else None

    def up(self, node: ast.expr, levels: int, depth: int) -> str | None:
        value = self.value(node, depth + 1)
        if value is None:
            return None
        value = posixpath.normpath(value)
        for _ in range(levels):
            value = posixpath.dirname(value)
        return value

    def parents(self, node: ast.Subscript, depth: int) -> str | None:
        owner, index = node.value, node.slice
        if (
            isinstance(owner, ast.Attribute)
            and owner.attr == "parents"
            and isinstance(index, ast.Constant)
            and isinstance(index.value, int)
        ):
            return self.up(owner.value, index.value + 1, depth)
        return None

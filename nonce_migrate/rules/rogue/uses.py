"""What else is done with a value that becomes a nonce: counted on, compared, kept as a time."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cached_property

from nonce_migrate.resolve.scopes import Binding, NameTable, Scope
from nonce_migrate.rules.rogue.lookup import Function, Lookup

_TIME_LIKE = re.compile(
    r"time|stamp|date|expir|since|until|started|created|_at\Z|\Ats\Z|\At\Z", re.I
)
_LOGGING = frozenset(
    {"debug", "info", "warning", "warn", "error", "exception", "critical", "log", "print"}
)
_FORMATTING = frozenset({"str", "int", "float", "repr", "round", "format", "join"})
_ORDER = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)


class Uses:
    """Answers how the names and attributes of one file are used."""

    def __init__(self, lookup: Lookup) -> None:
        self.lookup = lookup
        self.names = lookup.names

    @cached_property
    def _loads(self) -> dict[tuple[Scope, str], list[ast.Name]]:
        table: dict[tuple[Scope, str], list[ast.Name]] = {}
        for node, scope in self.names.loads:
            home = scope.lookup(node.id)
            if home is not None:
                table.setdefault((home, node.id), []).append(node)
        return table

    def of(self, binding: Binding) -> list[ast.Name]:
        """Every load that can find what a binding binds."""
        return self._loads.get((binding.scope, binding.name), [])

    def references(self, function: Function) -> Iterator[ast.expr]:
        """Whatever in the file can mean a function of it, by its name."""
        for node, _ in self.names.loads:
            if node.id == function.name:
                yield node
        for attribute, _ in self.names.attributes:
            if attribute.attr == function.name:
                yield attribute

    def is_number_use(self, node: ast.expr) -> bool:
        """Whether a use counts with the value, orders it, or keeps it as a time."""
        return self.is_counted(node) or self.is_ordered(node) or self._is_kept_as_time(node)

    def is_ordered(self, node: ast.expr) -> bool:
        """Whether a use compares the value with another by size."""
        parent = self.names.parents.get(self._converted(node))
        return isinstance(parent, ast.Compare) and any(isinstance(o, _ORDER) for o in parent.ops)

    def is_counted(self, node: ast.expr) -> bool:
        """Whether a use computes with the value; joining and formatting text is none."""
        outer = self._converted(node)
        parent = self.names.parents.get(outer)
        if isinstance(parent, ast.AugAssign):
            return parent.target is outer
        if not isinstance(parent, ast.BinOp):
            return False
        if isinstance(parent.op, ast.Add):
            other = parent.left if parent.right is outer else parent.right
            return self.lookup.number(other) is not None
        is_format = isinstance(parent.op, ast.Mod) and parent.right is outer
        return not (is_format and isinstance(parent.left, ast.Constant | ast.JoinedStr))

    def _is_kept_as_time(self, node: ast.expr) -> bool:
        outer = self._converted(node)
        parent = self.names.parents.get(outer)
        if isinstance(parent, ast.Dict):
            keys = [
                key for key, value in zip(parent.keys, parent.values, strict=True) if value is outer
            ]
            return any(_is_time_like(getattr(key, "value", None)) for key in keys)
        if isinstance(parent, ast.keyword):
            return _is_time_like(parent.arg)
        if isinstance(parent, ast.Assign):
            return any(_is_time_like(_target_name(target)) for target in parent.targets)
        return False

    def _converted(self, node: ast.expr) -> ast.expr:
        """The outermost of `str(int(node))`."""
        while True:
            parent = self.names.parents.get(node)
            if not isinstance(parent, ast.Call) or node not in parent.args:
                return node
            name = parent.func.id if isinstance(parent.func, ast.Name) else ""
            if name not in ("int", "str", "float", "round"):
                return node
            node = parent

    def counts(self, name: str) -> Iterator[ast.expr]:
        """Where a variable, attribute or key of that name is counted on from itself."""
        for node in self.names.scope_of:
            if isinstance(node, ast.AugAssign) and _target_name(node.target) == name:
                yield node.target
            elif isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp):
                target = node.targets[0]
                operands = (node.value.left, node.value.right)
                same = {ast.unparse(o) for o in operands if _target_name(o) == name}
                if _target_name(target) == name and ast.unparse(target) in same:
                    yield target


def is_logged(names: NameTable, node: ast.AST) -> bool:
    """Whether a value goes into a call that logs or prints, a raise or an assert, and nowhere else.

    Another call on the way may do more with it.
    """
    for around in names.ancestors(node):
        if isinstance(around, ast.Call):
            function = around.func
            name = function.id if isinstance(function, ast.Name) else ""
            name = function.attr if isinstance(function, ast.Attribute) else name
            is_error = isinstance(names.parents.get(around), ast.Raise)
            if name not in _FORMATTING and not is_error:
                return name in _LOGGING
        elif isinstance(around, ast.stmt):
            return isinstance(around, ast.Raise | ast.Assert)
    return False


def _target_name(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return str(node.slice.value)
    return ""


def _is_time_like(name: object) -> bool:
    return isinstance(name, str) and _TIME_LIKE.search(name) is not None

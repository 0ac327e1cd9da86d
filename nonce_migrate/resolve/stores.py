"""What sets an attribute from outside the class: by assignment, and by its text."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from nonce_migrate.resolve.project import ParsedModule

_READS = frozenset(("getattr", "hasattr", "delattr", "isinstance", "get", "pop", "attrgetter"))
SETTING = frozenset(("replace", "_replace", "multiple", "update", "evolve", "configure_mock"))
_NAMESPACES = frozenset(("__dict__", "vars", "locals"))
_UNSAID = frozenset(("setattr", "update"))
_PATCHES = frozenset(("patch", "setattr", "delattr", "multiple", "dict", "object"))


@dataclass(frozen=True, slots=True)
class Store:
    """One place that sets an attribute.

    owner: the object, None where that is not known. value: what it is set to, None where that is
    not known. target: the attribute, where it is assigned to. dotted: what stands before the name
    in a text such as "package.module.name".
    """

    module: ParsedModule
    line: int
    owner: ast.expr | None
    value: ast.expr | None
    target: ast.Attribute | None = None
    dotted: str = ""


class Stores:
    """All stores of a project by the attribute's name."""

    def __init__(self, modules: Mapping[str, ParsedModule]) -> None:
        self._by_name: dict[str, list[Store]] = {}
        self.of_any_name: list[Store] = []
        for module in modules.values():
            for name, store in _stores(module):
                self._by_name.setdefault(name, []).append(store)
            self.of_any_name.extend(_of_any_name(module))

    def of(self, name: str) -> tuple[Store, ...]:
        """The places that set an attribute of that name on some object."""
        return tuple(self._by_name.get(name, ()))


def _stores(module: ParsedModule) -> Iterator[tuple[str, Store]]:
    for node in module.names.stored:
        value = module.names.assigned.get(node)
        yield node.attr, Store(module, node.lineno, node.value, value, node)
    sets_by_keyword = not SETTING.isdisjoint(module.spelt)
    for call, _ in module.names.calls:
        is_named = isinstance(call.args[1] if len(call.args) > 1 else None, ast.Constant)
        is_dotted = bool(call.args) and isinstance(call.args[0], ast.Constant)
        if is_named or is_dotted or (sets_by_keyword and call.keywords):
            yield from _by_call(module, call)
    for text, _ in module.names.strings if not _NAMESPACES.isdisjoint(module.spelt) else ():
        parent = module.names.parents.get(text)
        is_set = isinstance(parent, ast.Subscript) and isinstance(parent.ctx, ast.Store)
        if is_set and isinstance(parent, ast.Subscript) and _is_namespace(parent.value):
            yield str(text.value), Store(module, text.lineno, None, None)


def _by_call(module: ParsedModule, call: ast.Call) -> Iterator[tuple[str, Store]]:
    function = call.func
    word = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if word in SETTING:
        for keyword in call.keywords:
            if keyword.arg is not None:
                yield keyword.arg, Store(module, call.lineno, None, keyword.value)
    if word in _READS or not call.args:
        return
    first, second = call.args[0], call.args[1] if len(call.args) > 1 else None
    if isinstance(second, ast.Constant) and isinstance(second.value, str):
        is_plain = isinstance(function, ast.Name) and word == "setattr" and len(call.args) == 3
        given = call.args[2] if is_plain else None
        yield second.value, Store(module, call.lineno, first, given)
    if isinstance(first, ast.Constant) and isinstance(first.value, str) and word in _PATCHES:
        dotted, _, name = first.value.rpartition(".")
        yield name, Store(module, call.lineno, None, None, dotted=dotted)


def _of_any_name(module: ParsedModule) -> Iterator[Store]:
    """`setattr(x, name, v)` and `x.__dict__.update(...)`: which attribute is set is not said."""
    for call, _ in module.names.calls if not _UNSAID.isdisjoint(module.spelt) else ():
        function = call.func
        if isinstance(function, ast.Name) and function.id == "setattr" and len(call.args) == 3:
            if not isinstance(call.args[1], ast.Constant):
                yield Store(module, call.lineno, call.args[0], None)
        elif isinstance(function, ast.Attribute) and function.attr == "update":
            space = function.value
            if isinstance(space, ast.Attribute) and space.attr == "__dict__":
                yield Store(module, call.lineno, space.value, None)
            elif isinstance(space, ast.Call) and _is_namespace(space) and space.args:
                yield Store(module, call.lineno, space.args[0], None)


def _is_namespace(node: ast.expr) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr == "__dict__"
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("vars", "locals")

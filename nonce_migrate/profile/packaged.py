"""What the packaged manager takes and gives, read from its source without importing it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from nonce_migrate.profile.exports import names_in_all

_MANAGER = "ConsolidatedNonceManager"
_FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Callee:
    """Something that can be called: its parameters, without `self` and `cls`.

    positional: those that can be given by position. keywords: those by keyword alone. required:
    those without a default. takes_any: whether it hands on whatever it is given.
    """

    positional: tuple[str, ...]
    keywords: frozenset[str]
    required: frozenset[str]
    takes_any: bool = False
    is_coroutine: bool = False
    gives_the_manager: bool = False


@dataclass(frozen=True, slots=True)
class Packaged:
    """The packaged manager. exports: its `__all__`. functions: by name, classes too.

    members: class -> member -> how it is called, None for a property. Inherited ones included.
    """

    exports: frozenset[str]
    functions: Mapping[str, Callee]
    members: Mapping[str, Mapping[str, Callee | None]]


def read_packaged(source: str) -> Packaged:
    """The manager of that source text; nothing in it where the text is empty."""
    tree = ast.parse(source)
    functions = {n.name: _callee(n, 0) for n in tree.body if isinstance(n, _FUNCTION)}
    members: dict[str, dict[str, Callee | None]] = {}
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            own = dict(_members(node))
            for base in map(_name, node.bases):
                own = {**members.get(base, {}), **own}
            members[node.name] = own
            functions[node.name] = own.get("__init__") or Callee((), frozenset(), frozenset())
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Name):
            known = functions.get(node.value.id)
            if known is not None:
                functions.update((_name(target), known) for target in node.targets)
    return Packaged(names_in_all(tree), functions, members)


def _members(node: ast.ClassDef) -> Iterator[tuple[str, Callee | None]]:
    for function in node.body:
        if not isinstance(function, _FUNCTION):
            continue
        decorators = {_name(decorator) for decorator in function.decorator_list}
        is_property = not decorators.isdisjoint(("property", "setter"))
        skip = 0 if "staticmethod" in decorators else 1
        yield function.name, None if is_property else _callee(function, skip)


def _callee(function: _FUNCTION, skip: int) -> Callee:
    taken = function.args
    positional = tuple(a.arg for a in (*taken.posonlyargs, *taken.args))[skip:]
    must = positional[: len(positional) - len(taken.defaults)]
    pairs = zip(taken.kwonlyargs, taken.kw_defaults, strict=True)
    must += tuple(a.arg for a, default in pairs if default is None)
    return Callee(
        positional,
        frozenset(a.arg for a in taken.kwonlyargs),
        frozenset(must),
        takes_any=taken.vararg is not None or taken.kwarg is not None,
        is_coroutine=isinstance(function, ast.AsyncFunctionDef),
        gives_the_manager=_name(function.returns) == _MANAGER,
    )


def _name(node: ast.expr | None) -> str:
    """The last name of a dotted expression, "" of any other."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""

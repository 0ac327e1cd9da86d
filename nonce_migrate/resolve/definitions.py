"""Functions and classes of a project, as their callers see them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nonce_migrate.resolve.scopes import NameTable, Scope, ScopeKind

Function = ast.FunctionDef | ast.AsyncFunctionDef

_TRANSPARENT = frozenset(
    ("staticmethod", "classmethod", "cache", "lru_cache", "fixture", "override")
)


def decorators(function: Function) -> Iterator[str]:
    """The last names of a function's decorators."""
    for decorator in function.decorator_list:
        node = decorator.func if isinstance(decorator, ast.Call) else decorator
        yield node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def is_property(function: Function) -> bool:
    """Whether reading the attribute calls the function."""
    return any(word in ("property", "cached_property") for word in decorators(function))


def is_fixture(function: Function) -> bool:
    """Whether it is a pytest fixture, so that parameters of its name get its result."""
    return "fixture" in set(decorators(function))


def gives_its_result(function: Function) -> bool:
    """Whether calling the name gives what the function returns: nothing wraps it."""
    return all(word in _TRANSPARENT for word in decorators(function))


def results(function: Function, names: NameTable) -> Iterator[ast.expr | None]:
    """The expressions that a function returns or yields; None for a bare `return`."""
    for node, scope in names.results:
        while scope.kind is ScopeKind.COMPREHENSION and scope.parent is not None:
            scope = scope.parent
        if scope.node is function:
            yield node.value


def definition(names: NameTable, scope: Scope | None, name: str) -> ast.stmt | None:
    """The one `def` or `class` that binds a name in a scope, None where that is not all."""
    bindings = scope.bindings.get(name, []) if scope else []
    node = bindings[0].node if len(bindings) == 1 else None
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return node
    return None


def method(owner: ast.ClassDef, name: str) -> Function | None:
    """The method of a class's own body, None where it has no such one."""
    for node in owner.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name:
            return node
    return None


def parameter_of(
    function: Function, call: ast.Call, argument: ast.AST, skip: int
) -> ast.arg | None:
    """The parameter that an argument of a call is for. skip: 1 where `self` comes first."""
    if any(isinstance(a, ast.Starred) for a in call.args):
        return None
    places = [*function.args.posonlyargs, *function.args.args][skip:]
    for place, value in zip(places, call.args, strict=False):
        if value is argument:
            return place
    for keyword in call.keywords:
        if keyword is argument or keyword.value is argument:
            named = [*places, *function.args.kwonlyargs]
            return next((p for p in named if p.arg == keyword.arg), None)
    return None

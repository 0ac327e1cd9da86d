"""Functions and classes of a project, as their callers see them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nonce_migrate.resolve.scopes import NameTable, ScopeKind

Function = ast.FunctionDef | ast.AsyncFunctionDef

_TRANSPARENT = frozenset(
    (
        *("staticmethod", "classmethod", "cache", "lru_cache", "fixture", "override", "final"),
        *("abstractmethod", "contextmanager", "asynccontextmanager"),
    )
)
_OTHER_PARTS = frozenset(("setter", "deleter", "overload"))
_KEEPS_CLASS = frozenset(("dataclass", "final", "runtime_checkable", "total_ordering", "define"))


def decorators(function: Function | ast.ClassDef) -> Iterator[str]:
    """The last names of the decorators of a function or class."""
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


def results(function: Function, names: NameTable) -> Iterator[ast.Return | ast.Yield]:
    """The statements and expressions by which a function returns or yields something."""
    for node, scope in names.results:
        while scope.kind is ScopeKind.COMPREHENSION and scope.parent is not None:
            scope = scope.parent
        if scope.node is function:
            yield node


def method(owner: ast.ClassDef, name: str) -> Function | None:
    """The method of a class's own body (the last one of that name), None where it has none."""
    found: Function | None = None
    for node in owner.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name:
            found = found if _OTHER_PARTS & set(decorators(node)) else node
    return found


def is_context_manager(function: Function) -> bool:
    """Whether `with` gives what the function yields."""
    return any(word in ("contextmanager", "asynccontextmanager") for word in decorators(function))


def stays_itself(owner: ast.ClassDef) -> bool:
    """Whether calling the name makes an object of the class as its body says."""
    return all(word in _KEEPS_CLASS for word in decorators(owner))


def all_parameters(function: Function) -> list[ast.arg]:
    """The parameters that get one argument each."""
    return [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]


def default_of(function: Function, parameter: ast.arg) -> ast.expr | None:
    """The default of a parameter, None where it has none."""
    places = [*function.args.posonlyargs, *function.args.args]
    defaults: list[ast.expr | None] = list(function.args.defaults)
    table = [None] * (len(places) - len(defaults)) + defaults
    for place, default in zip(places, table, strict=True):
        if place is parameter:
            return default
    for place, default in zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True):
        if place is parameter:
            return default
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

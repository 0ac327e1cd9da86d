"""Follows paths through one file: over names, attributes, loops, `with` and the file's functions.

Flow-insensitive: whatever is given to a name anywhere can be in it everywhere.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

Label = TypeVar("Label")
_READS = frozenset(("read_text", "read_bytes", "read", "load", "loads", "stat"))
_ROUNDS = 20


class PathFlow(Generic[Label]):
    """Which labels an expression that is used as a path can have.

    own: the labels that an expression has by itself, None where those of its parts count.
    """

    def __init__(
        self, tree: ast.Module, own: Callable[[ast.expr], frozenset[Label] | None]
    ) -> None:
        self._own = own
        self._known: dict[str, frozenset[Label]] = {}
        flows = list(_flows(tree))
        for _ in range(_ROUNDS):
            before = dict(self._known)
            for name, value in flows:
                self._known[name] = self._known.get(name, frozenset()) | self.labels(value)
            if self._known == before:
                return

    def labels(self, node: ast.expr) -> frozenset[Label]:
        """The labels of an expression."""
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in _READS:
            return frozenset()  # what a file holds is no path
        own = self._own(node)
        if own is not None:
            return own
        if isinstance(node, ast.Name):
            return self._known.get(node.id, frozenset())
        found: frozenset[Label] = frozenset()
        if isinstance(node, ast.Call):
            found = self._known.get(f"{_word(node)}()", frozenset())
        if isinstance(node, ast.Attribute):
            found = self._known.get(f".{node.attr}", frozenset())
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                found |= self.labels(child)
        return found


def _flows(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """What is given to which name (`x`) or attribute (`.x`), or by which function (`x()`)."""
    functions = {
        node.name: node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            yield from (pair for target in node.targets for pair in _given(target, node.value))
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value is not None:
            yield from _given(node.target, node.value)
        elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            yield from _given(node.target, node.iter)
        elif isinstance(node, ast.withitem) and node.optional_vars is not None:
            yield from _given(node.optional_vars, node.context_expr)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _defaults(node)
            yield from ((f"{node.name}()", value) for value in _results(node))
        elif isinstance(node, ast.Call):
            yield from _arguments(node, functions)


def _given(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Attribute):
        yield f".{target.attr}", value
    elif isinstance(target, ast.Tuple | ast.List):
        for element in target.elts:
            yield from _given(element, value)


def _defaults(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[tuple[str, ast.expr]]:
    parameters = [*node.args.posonlyargs, *node.args.args]
    for parameter, default in zip(reversed(parameters), reversed(node.args.defaults), strict=False):
        yield parameter.arg, default
    for parameter, value in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True):
        if value is not None:
            yield parameter.arg, value


def _arguments(
    call: ast.Call, functions: dict[str, ast.FunctionDef | ast.AsyncFunctionDef]
) -> Iterator[tuple[str, ast.expr]]:
    """What the functions of the file are called with."""
    function = functions.get(_word(call))
    if function is None:
        return
    parameters = [p.arg for p in (*function.args.posonlyargs, *function.args.args)]
    if parameters[:1] in (["self"], ["cls"]):
        parameters = parameters[1:]
    yield from zip(parameters, call.args, strict=False)
    yield from ((k.arg, k.value) for k in call.keywords if k.arg)


def _results(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.expr]:
    for child in ast.walk(node):
        if isinstance(child, ast.Return | ast.Yield) and child.value is not None:
            yield child.value


def _word(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")

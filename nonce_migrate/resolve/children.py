"""Which parts of a node a walk over scopes goes on to, in the order of the node's own fields."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import Any

Children = Callable[[Any], Iterable[ast.AST | None]]

# An alias is read with its statement; the others say nothing, and are one object all over the tree.
_NOT_WALKED = (ast.alias, ast.expr_context, ast.operator, ast.cmpop, ast.unaryop, ast.boolop)


def _of_any(node: ast.AST) -> list[ast.AST | None]:
    """The parts of a node of a kind that this Python has and the table below has not."""
    return [c for c in ast.iter_child_nodes(node) if not isinstance(c, _NOT_WALKED)]


class _Table(dict[type, Children | None]):
    def __missing__(self, kind: type) -> Children | None:
        return _of_any


def _value(node: Any) -> tuple[ast.AST | None]:
    return (node.value,)


def _loop(node: Any) -> tuple[ast.AST | None, ...]:
    return (node.target, node.iter, *node.body, *node.orelse)


def _branch(node: Any) -> tuple[ast.AST | None, ...]:
    return (node.test, *node.body, *node.orelse)


def _try(node: Any) -> tuple[ast.AST | None, ...]:
    return (*node.body, *node.handlers, *node.orelse, *node.finalbody)


# kind of node -> gives its parts (None for one that it does not have); None: it has none, or opens
# a scope, so that some of them stand in another one than the others.
_KNOWN: dict[type, Children | None] = {
    **dict.fromkeys((ast.Name, ast.Constant, ast.MatchSingleton, ast.MatchStar), None),
    **dict.fromkeys((ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal), None),
    **dict.fromkeys((ast.Pass, ast.Break, ast.Continue), None),
    **dict.fromkeys((ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef), None),
    **dict.fromkeys((ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp), None),
    **dict.fromkeys((ast.Attribute, ast.Starred, ast.Await, ast.Yield, ast.YieldFrom), _value),
    **dict.fromkeys((ast.Expr, ast.Return, ast.keyword, ast.MatchValue), _value),
    **dict.fromkeys((ast.For, ast.AsyncFor), _loop),
    **dict.fromkeys((ast.With, ast.AsyncWith), lambda n: (*n.items, *n.body)),
    **dict.fromkeys((ast.If, ast.While), _branch),
    **dict.fromkeys((ast.Try, ast.TryStar), _try),
    **dict.fromkeys((ast.List, ast.Tuple, ast.Set), lambda n: n.elts),
    **dict.fromkeys((ast.JoinedStr, ast.BoolOp), lambda n: n.values),
    **dict.fromkeys((ast.MatchSequence, ast.MatchOr), lambda n: n.patterns),
    **dict.fromkeys((ast.NamedExpr, ast.AugAssign), lambda n: (n.target, n.value)),
    ast.AnnAssign: lambda n: (n.target, n.annotation, n.value),
    ast.Assert: lambda n: (n.test, n.msg),
    ast.Assign: lambda n: (*n.targets, n.value),
    ast.BinOp: lambda n: (n.left, n.right),
    ast.Call: lambda n: (n.func, *n.args, *n.keywords),
    ast.Compare: lambda n: (n.left, *n.comparators),
    ast.Delete: lambda n: n.targets,
    ast.Dict: lambda n: (*n.keys, *n.values),
    ast.ExceptHandler: lambda n: (n.type, *n.body),
    ast.FormattedValue: lambda n: (n.value, n.format_spec),
    ast.IfExp: lambda n: (n.test, n.body, n.orelse),
    ast.Match: lambda n: (n.subject, *n.cases),
    ast.MatchAs: lambda n: (n.pattern,),
    ast.MatchClass: lambda n: (n.cls, *n.patterns, *n.kwd_patterns),
    ast.MatchMapping: lambda n: (*n.keys, *n.patterns),
    ast.Raise: lambda n: (n.exc, n.cause),
    ast.Slice: lambda n: (n.lower, n.upper, n.step),
    ast.Subscript: lambda n: (n.value, n.slice),
    ast.UnaryOp: lambda n: (n.operand,),
    ast.match_case: lambda n: (n.pattern, n.guard, *n.body),
    ast.withitem: lambda n: (n.context_expr, n.optional_vars),
}

CHILDREN = _Table(_KNOWN)

"""Where a name stands: called, or only mentioned."""

from __future__ import annotations

import ast

from nonce_migrate.resolve.scopes import NameTable

_CLASS_TESTS = frozenset(("isinstance", "issubclass", "cast", "TypeVar", "NewType"))
_SPECS = frozenset(("spec", "spec_set", "autospec"))
_PATCHES = frozenset(("object", "setattr", "create_autospec"))
_PASSED = (ast.Tuple, ast.BinOp, ast.Subscript, ast.List)


def call_of(node: ast.AST, names: NameTable) -> ast.Call | None:
    """The call whose callee a node is."""
    parent = names.parents.get(node)
    return parent if isinstance(parent, ast.Call) and parent.func is node else None


def is_only_mentioned(node: ast.expr, names: NameTable) -> bool:
    """Whether nothing can call a class from where it is mentioned: annotations, class tests,
    `except`, comparisons, the spec of a mock, the class that a patch changes."""
    child: ast.AST = node
    for parent in names.ancestors(node):
        if isinstance(parent, ast.arg):
            return True
        if isinstance(parent, ast.AnnAssign):
            return parent.annotation is child
        if isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef):
            return parent.returns is child
        if isinstance(parent, ast.keyword):
            return parent.arg in _SPECS
        if isinstance(parent, ast.Call):
            return _only_tests(parent, child)
        if isinstance(parent, ast.ExceptHandler | ast.MatchClass | ast.Compare | ast.Expr):
            return True
        if not isinstance(parent, _PASSED):
            return False
        child = parent
    return False


def _only_tests(call: ast.Call, child: ast.AST) -> bool:
    function = call.func
    word = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if word in _PATCHES and call.args[:1] == [child]:
        text = call.args[1] if len(call.args) > 1 else None
        named = isinstance(text, ast.Constant) and not str(text.value).startswith("__")
        return named or word == "create_autospec"
    if word not in _CLASS_TESTS:
        return False
    return call.args[:1] == [child] if word == "cast" else child in call.args[1:]

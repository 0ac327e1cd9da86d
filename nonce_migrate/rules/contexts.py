"""Where an expression stands: whether it is only looked at, or handed on out of sight."""

from __future__ import annotations

import ast

from nonce_migrate.resolve.project import ParsedModule
from nonce_migrate.resolve.scopes import Binding, NameTable
from nonce_migrate.source import Source

_CLASS_TESTS = {"isinstance", "issubclass", "cast", "TypeVar", "NewType"}
_NAMESPACES = frozenset(("globals", "locals", "vars", "dir", "eval", "exec"))
_LOGS = frozenset(("debug", "info", "warning", "error", "critical", "exception"))
_TRANSPARENT = (ast.Tuple, ast.BinOp, ast.Subscript, ast.List, ast.Starred)


def is_called(node: ast.expr, names: NameTable) -> ast.Call | None:
    """The call whose callee a node is."""
    parent = names.parents.get(node)
    return parent if isinstance(parent, ast.Call) and parent.func is node else None


def is_only_looked_at(node: ast.expr, names: NameTable, annotations: set[ast.expr]) -> bool:
    """Whether nothing can call what the node refers to from here.

    So it is in annotations, class tests, `except`, `raise` of a class, patterns, comparisons,
    conditions and statements of its own.
    """
    child: ast.AST = node
    for parent in names.ancestors(node):
        if child in annotations:
            return True
        if isinstance(parent, ast.Call):
            return _is_class_test(parent, child)
        if isinstance(parent, ast.ExceptHandler | ast.Raise):
            return True
        if isinstance(parent, ast.MatchClass | ast.Compare | ast.Expr):
            return True
        if isinstance(parent, ast.If | ast.While | ast.IfExp | ast.Assert):
            return parent.test is child
        if isinstance(parent, ast.UnaryOp) and isinstance(parent.op, ast.Not):
            return True
        if not isinstance(parent, _TRANSPARENT):
            return False
        child = parent
    return False


def is_asked_for(node: ast.expr, names: NameTable) -> bool:
    """Whether it is only asked if there is anything: `if m`, `m is not None`, `m and m.x`."""
    parent = names.parents.get(node)
    if isinstance(parent, ast.Compare):
        operands = [parent.left, *parent.comparators]
        others = [operand for operand in operands if operand is not node]
        return all(isinstance(operator, ast.Is | ast.IsNot) for operator in parent.ops) and all(
            isinstance(other, ast.Constant) and other.value is None for other in others
        )
    if isinstance(parent, ast.If | ast.While | ast.IfExp | ast.Assert):
        return parent.test is node
    if isinstance(parent, ast.BoolOp):
        return isinstance(parent.op, ast.And) and parent.values[-1] is not node
    return isinstance(parent, ast.UnaryOp) and isinstance(parent.op, ast.Not)


def class_test(node: ast.expr, names: NameTable) -> ast.AST | None:
    """The `isinstance` call, pattern or comparison that a class stands in; None: no such one."""
    child: ast.AST = node
    for parent in names.ancestors(node):
        if isinstance(parent, ast.Call):
            is_test = getattr(parent.func, "id", "") in ("isinstance", "issubclass")
            return parent if is_test and child in parent.args[1:] else None
        if isinstance(parent, ast.MatchClass | ast.Compare):
            return parent
        if not isinstance(parent, ast.Tuple | ast.BinOp):
            return None
        child = parent
    return None


def _is_class_test(call: ast.Call, child: ast.AST) -> bool:
    function = call.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if name not in _CLASS_TESTS:
        return False
    if name == "cast":
        return bool(call.args) and call.args[0] is child
    return child in call.args[1:] or any(child is keyword for keyword in call.keywords)


def is_told(names: NameTable, node: ast.expr) -> bool:
    """Whether a value is only printed, logged, or what an exception says."""
    call = names.parents.get(node)
    if not isinstance(call, ast.Call) or node not in call.args:
        return False
    if isinstance(call.func, ast.Attribute):
        return call.func.attr in _LOGS
    if isinstance(names.parents.get(call), ast.Raise):
        return True
    return (
        isinstance(call.func, ast.Name) and call.func.id == "print" and is_builtin(names, call.func)
    )


def is_base_class(node: ast.expr, names: NameTable) -> ast.ClassDef | None:
    """The class whose base a node is."""
    parent = names.parents.get(node)
    return parent if isinstance(parent, ast.ClassDef) and node in parent.bases else None


def looks_names_up(module: ParsedModule) -> bool:
    """Whether code of the module may look its names up by a text, which may be put together."""
    if _NAMESPACES.isdisjoint(module.spelt):
        return False
    return any(_looks_up(module.names, call.func) for call, _ in module.names.calls)


def _looks_up(names: NameTable, function: ast.expr) -> bool:
    if isinstance(function, ast.Name):
        return function.id in _NAMESPACES and is_builtin(names, function)
    if not isinstance(function, ast.Attribute) or function.attr not in _NAMESPACES:
        return False
    return isinstance(function.value, ast.Name) and function.value.id == "builtins"


def may_name(module: ParsedModule, *words: str) -> bool:
    """Whether a name or attribute of a module is one of the words, wherever it stands."""
    is_spelt = not module.spelt.isdisjoint(words)
    return is_spelt or any(w in scope.bindings for scope in module.names.scopes for w in words)


def is_plain_literal(source: Source, node: ast.Constant) -> bool:
    """Whether a string is one literal whose text is its value: no escapes, no pieces."""
    text = source.slice(source.span(node)).lstrip("rRuU")
    quotes = text[:3] if text[:3] in ('"""', "'''") else text[:1]
    return text[len(quotes) : -len(quotes)] == node.value


def is_builtin(names: NameTable, name: ast.Name) -> bool:
    """Whether a name means the builtin of that name where it stands."""
    return names.scope_of[name].lookup(name.id) is None


def imported_as(names: NameTable, node: ast.expr) -> str:
    """The full dotted name that a name or attribute has by the imports of the file, or ""."""
    if isinstance(node, ast.Attribute):
        owner = imported_as(names, node.value)
        return f"{owner}.{node.attr}" if owner else ""
    home = names.scope_of[node].lookup(node.id) if isinstance(node, ast.Name) else None
    if home is None or not isinstance(node, ast.Name):
        return ""
    found = {_full_name(binding) for binding in home.bindings[node.id]}
    return found.pop() if len(found) == 1 else ""


def _full_name(binding: Binding) -> str:
    statement, alias = binding.node, binding.alias
    if alias is None:
        return ""
    if isinstance(statement, ast.ImportFrom):
        return "" if statement.level else f"{statement.module}.{alias.name}"
    return alias.name if alias.asname else alias.name.partition(".")[0]

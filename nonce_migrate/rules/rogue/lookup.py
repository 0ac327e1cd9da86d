"""What a name means in one file: an import's dotted name, a constant, a function of the file."""

from __future__ import annotations

import ast
import builtins
import operator
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from nonce_migrate.resolve.project import ParsedModule
from nonce_migrate.resolve.scopes import Binding, BindingKind, Scope, ScopeKind

Function = ast.FunctionDef | ast.AsyncFunctionDef

_SHOWN = 70
_MOST_STEPS = 30
_ARITHMETIC: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
}


class Lookup:
    """Follows the names of one module, by binding and never by their text alone."""

    def __init__(self, module: ParsedModule) -> None:
        self.module = module
        self.names = module.names
        self._numbers: dict[ast.expr, float | None] = {}

    @cached_property
    def inner(self) -> Mapping[ast.AST, Scope]:
        """Function, lambda or class -> the scope that it opens."""
        return {scope.node: scope for scope in self.names.scopes}

    @cached_property
    def stars(self) -> tuple[str, ...]:
        """Modules that the file imports everything from."""
        nodes = self.names.star_bindings
        return tuple(n.module for n in nodes if isinstance(n, ast.ImportFrom) and n.module)

    def text(self, node: ast.expr | ast.stmt) -> str:
        """The source of a node on one line, the end cut off where it is long."""
        source = self.module.source
        text = " ".join(source.slice(source.span(node))[: 2 * _SHOWN].split())
        return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."

    def scope(self, node: ast.AST) -> Scope:
        """The scope that a node is evaluated in."""
        return self.names.scope_of.get(node, self.names.module)

    def bindings(self, name: ast.Name) -> list[Binding]:
        """Everything that binds what a load of this name finds."""
        home = self.scope(name).lookup(name.id)
        return home.bindings[name.id] if home is not None else []

    def dotted(self, node: ast.expr) -> str:
        """`time.time` for whatever the file calls it; "" for what is not imported or built in."""
        tail: list[str] = []
        while isinstance(node, ast.Attribute):
            tail.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return ""
        heads = {_imported(binding) for binding in self.bindings(node)}
        if not heads and hasattr(builtins, node.id):
            heads = {node.id}
        elif not heads and self.stars:
            heads = {f"{self.stars[-1]}.{node.id}"}
        if not heads:
            return ""
        head = heads.pop()
        return "" if heads or not head else ".".join((head, *reversed(tail)))

    def has_import(self, package: str) -> bool:
        """Whether the file imports a package or something of it."""
        for node, _ in self.names.imports:
            modules = [a.name for a in node.names]
            if isinstance(node, ast.ImportFrom):
                modules = [node.module or ""] if not node.level else []
            if any(f"{module}.".startswith(f"{package}.") for module in modules):
                return True
        return False

    def number(self, node: ast.expr, steps: int = 0) -> float | None:
        """The value of a constant number, over arithmetic and names that are bound once."""
        if node not in self._numbers:
            self._numbers[node] = None
            self._numbers[node] = self._number(node, steps) if steps <= _MOST_STEPS else None
        return self._numbers[node]

    def _number(self, node: ast.expr, steps: int) -> float | None:
        if isinstance(node, ast.Constant):
            plain = isinstance(node.value, int | float) and not isinstance(node.value, bool)
            return _as_float(node.value) if plain else None
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            value = self.number(node.operand, steps + 1)
            return None if value is None else -value
        if isinstance(node, ast.BinOp):
            left = self.number(node.left, steps + 1)
            right = self.number(node.right, steps + 1)
            return None if left is None or right is None else _computed(node.op, left, right)
        if isinstance(node, ast.Call):
            return self._converted(node, steps)
        if isinstance(node, ast.Name):
            bound = self.bindings(node)
            value_node = bound[0].value if len(bound) == 1 else None
            return None if value_node is None else self.number(value_node, steps + 1)
        return None

    def _converted(self, node: ast.Call, steps: int) -> float | None:
        values = [self.number(argument, steps + 1) for argument in node.args]
        known = [value for value in values if value is not None]
        if len(known) != len(values) or node.keywords:
            return None
        if self.dotted(node.func) == "pow" and len(known) == 2:
            return _computed(ast.Pow(), *known)
        is_number = self.dotted(node.func) in ("int", "float", "decimal.Decimal")
        return known[0] if is_number and len(known) == 1 else None

    def function(self, call: ast.Call) -> Function | None:
        """The function of this file that a call runs: `name()`, `self.name()`, `Class.name()`."""
        target = call.func
        if isinstance(target, ast.Name):
            bound = self.bindings(target)
            node = bound[0].node if len(bound) == 1 else None
            return node if isinstance(node, Function) else None
        if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
            return self._method(target.value, target.attr)
        return None

    def _method(self, owner: ast.Name, name: str) -> Function | None:
        class_ = self.class_of(owner)
        seen: set[ast.ClassDef] = set()
        while class_ is not None and class_ not in seen:
            seen.add(class_)
            bound = self.inner[class_].bindings.get(name, [])
            if bound:
                node = bound[0].node
                return node if len(bound) == 1 and isinstance(node, Function) else None
            bases = [self._class_named(base) for base in class_.bases]
            class_ = next((base for base in bases if base is not None), None)
        return None

    def class_of(self, owner: ast.Name) -> ast.ClassDef | None:
        """The class whose object (or which itself) a name is: `self`, `cls`, the class."""
        if named := self._class_named(owner):
            return named
        bound = self.bindings(owner)
        node = bound[0].node if len(bound) == 1 else None
        function = self.names.parents.get(node) if isinstance(node, ast.arg) else None
        if not isinstance(function, Function):
            return None
        first = [*function.args.posonlyargs, *function.args.args][:1]
        parent = self.names.parents.get(function)
        return parent if first == [node] and isinstance(parent, ast.ClassDef) else None

    def _class_named(self, node: ast.expr) -> ast.ClassDef | None:
        bound = self.bindings(node) if isinstance(node, ast.Name) else []
        found = bound[0].node if len(bound) == 1 else None
        return found if isinstance(found, ast.ClassDef) else None

    def results(self, function: Function | ast.Lambda) -> Iterator[ast.expr]:
        """What a function returns or yields."""
        if isinstance(function, ast.Lambda):
            yield function.body
            return
        for node, scope in self.names.results:
            if scope.node is function and node.value is not None:
                yield node.value

    def enclosing_function(self, node: ast.AST) -> Function | ast.Lambda | None:
        """The innermost function that a node is evaluated in, None at module or class level."""
        for scope in self.scope(node).ancestors():
            if scope.kind is ScopeKind.FUNCTION:
                assert isinstance(scope.node, Function | ast.Lambda)
                return scope.node
        return None


def _imported(binding: Binding) -> str:
    """The dotted name that an import binds, "" for what is no absolute import."""
    if binding.kind is not BindingKind.IMPORT or binding.alias is None:
        return ""
    if isinstance(binding.node, ast.ImportFrom):
        module = binding.node.module
        return f"{module}.{binding.alias.name}" if module and not binding.node.level else ""
    return binding.alias.name if binding.alias.asname else binding.name


def _as_float(value: object) -> float | None:
    assert isinstance(value, int | float)
    try:
        return float(value)
    except OverflowError:
        return None


def _computed(op: ast.operator, left: float, right: float) -> float | None:
    try:
        if isinstance(op, ast.Pow):
            return float(left**right) if abs(right) <= 40 else None
        function = _ARITHMETIC.get(type(op))
        return None if function is None else function(left, right)
    except (ArithmeticError, TypeError):
        return None

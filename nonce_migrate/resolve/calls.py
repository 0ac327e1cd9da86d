"""Calls: what constructors, factories, functions and methods give."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from nonce_migrate.resolve.definitions import Function, gives_its_result, method, results
from nonce_migrate.resolve.held import (
    NOTHING,
    UNKNOWN,
    Held,
    Instance,
    Own,
    Replacement,
    Value,
    join,
)
from nonce_migrate.resolve.lookups import Gives, binding_of, lookup_at
from nonce_migrate.resolve.project import ModuleTarget, SymbolTarget
from nonce_migrate.resolve.scopes import Scope

if TYPE_CHECKING:
    from nonce_migrate.resolve.inference import Inference


class Calls:
    """Answers for the calls of one module, and for what its functions return."""

    def __init__(self, inference: Inference) -> None:
        self.inference = inference
        self._results: dict[Function, Value] = {}

    def value(self, node: ast.Call) -> Value:
        """What a constructor, factory, function or method gives."""
        function = self.inference.value(node.func)
        made: set[Held] = set()
        for held in function.held:
            if isinstance(held, SymbolTarget):
                symbol = self.inference.system(held).symbol(held.name)
                if symbol is not None and symbol.produces:
                    made.add(Instance(held.system, symbol.produces))
            elif isinstance(held, Replacement) and not held.is_object:
                made.add(Replacement(held.name, is_object=True))
            elif isinstance(held, Own) and self.callee(node.func)[1] is None:
                made.add(held)
        if made:
            complete = function.complete and len(made) == len(function.held)
            return Value(frozenset(made), complete, function.origins)
        other, called = self.callee(node.func)
        if other is not None and isinstance(called, ast.FunctionDef | ast.AsyncFunctionDef):
            value = other.calls.result(called)
            return value if gives_its_result(called) or not value.held else value.guessed()
        looked_up = self.looked_up(node) or self._getattr(node)
        if looked_up is not None:
            return looked_up
        return self._through_member(node.func)

    def callee(self, node: ast.expr) -> tuple[Inference | None, Function | None]:
        """The function of the project that a callee is, with the inference of its file."""
        if isinstance(node, ast.Name):
            scope = self.inference.names.scope_of[node].lookup(node.id)
            return self.function(scope, node.id) if scope else self._starred(node.id)
        if not isinstance(node, ast.Attribute):
            return None, None
        owner = self.inference.attributes.class_of_self(node.value)
        if owner is not None:
            return self.inference, method(owner, node.attr)
        held = self.inference.value(node.value).proven
        if isinstance(held, Own):
            other, cls = self.inference.class_of(held)
            return other, method(cls, node.attr) if cls else None
        if isinstance(held, ModuleTarget):
            other = self.inference.neighbour(held.module)
            if other is not None:
                return other.calls.function(other.names.module, node.attr)
        return None, None

    def target(self, call: ast.Call) -> tuple[Inference | None, Function | None, int]:
        """The function that a call runs, with how many parameters come before its arguments."""
        other, function = self.callee(call.func)
        held = self.inference.value(call.func).proven
        if function is None and isinstance(held, Own):
            other, owner = self.inference.class_of(held)
            return other, method(owner, "__init__") if owner else None, 1
        return other, function, 1 if isinstance(call.func, ast.Attribute) else 0

    def _starred(self, name: str) -> tuple[Inference | None, Function | None]:
        """The function that a name brought by a star import is."""
        project, module = self.inference.project, self.inference.module
        for found in project.stars(module):
            other = self.inference.neighbour(found.module)
            if other is not None and name in other.names.module.bindings:
                return other.calls.function(other.names.module, name)
        return None, None

    def function(self, scope: Scope | None, name: str) -> tuple[Inference | None, Function | None]:
        """The function that a name of a scope is, also where it is imported."""
        bindings = scope.bindings.get(name, []) if scope else []
        if len(bindings) != 1:
            return None, None
        node, alias = bindings[0].node, bindings[0].alias
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            return self.inference, node
        if isinstance(node, ast.ImportFrom) and alias is not None:
            found = self.inference.project.locate(self.inference.module, node)
            other = self.inference.neighbour(found.module) if found else None
            if other is not None and other is not self.inference:
                return other.calls.function(other.names.module, alias.name)
        return None, None

    def result(self, function: Function) -> Value:
        """What a function returns (or yields), by its own statements."""
        if function not in self._results:
            self._results[function] = NOTHING
            values = [
                self.inference.value(r) if r else NOTHING
                for r in results(function, self.inference.names)
            ]
            self._results[function] = join(values)
        return self._results[function]

    def returning(self) -> Iterator[tuple[Function, Value]]:
        """Each function of the module that can return a legacy object, with what it returns."""
        for scope in self.inference.names.scopes:
            if isinstance(scope.node, ast.FunctionDef | ast.AsyncFunctionDef):
                value = self.result(scope.node)
                if value.instances:
                    yield scope.node, value

    def looked_up(self, node: ast.expr) -> Value | None:
        """`importlib.import_module("package.module")`, `sys.modules["package.module"]`."""
        found = lookup_at(self.inference.project, self.inference.module, node)
        if found is None or found.gives not in (Gives.MODULE, Gives.LOADED) or found.found.others:
            return None
        binding = binding_of(self.inference.module, node)
        return Value(frozenset({ModuleTarget(found.found.module)}), True, frozenset({binding}))

    def _getattr(self, node: ast.Call) -> Value | None:
        """`getattr(module, "Name")`."""
        is_getattr = isinstance(node.func, ast.Name) and node.func.id == "getattr"
        if not is_getattr or len(node.args) < 2 or not isinstance(node.args[1], ast.Constant):
            return None
        owner = self.inference.value(node.args[0])
        held = owner.proven
        if isinstance(held, ModuleTarget):
            return self.inference.part(held, str(node.args[1].value), owner)
        return None

    def _through_member(self, function: ast.expr) -> Value:
        """A legacy classmethod that makes an object; else what the method's name hints at."""
        if not isinstance(function, ast.Attribute):
            return UNKNOWN
        owner = self.inference.value(function.value)
        held = owner.proven
        if isinstance(held, Replacement) and function.attr == "get_instance":
            return Value(frozenset({Replacement(held.name, is_object=True)}), True)
        if isinstance(held, SymbolTarget | Instance):
            name = held.owner if isinstance(held, Instance) else held.name
            member = self.inference.member(Instance(held.system, name), function.attr)
            if member is not None and member.produces:
                made = Instance(held.system, member.produces)
                return Value(frozenset({made}), True, owner.origins)
            return UNKNOWN
        hint = self.inference.hints.calls.get(function.attr) if self.inference.hints else None
        return UNKNOWN if hint is None else hint

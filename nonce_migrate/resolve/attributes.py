"""Attributes of objects: what every assignment to them in their class gives."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from nonce_migrate.resolve.definitions import is_property, method
from nonce_migrate.resolve.held import NOTHING, UNKNOWN, Value, join
from nonce_migrate.resolve.scopes import Binding, BindingKind, Scope, ScopeKind

if TYPE_CHECKING:
    from nonce_migrate.resolve.inference import Inference


class Attributes:
    """Answers for the attributes that the classes of one module set."""

    def __init__(self, inference: Inference) -> None:
        self.inference = inference
        self._known: dict[tuple[ast.ClassDef, str], Value | None] = {}
        self._set_in: dict[ast.ClassDef, dict[str, list[ast.Attribute | Binding]]] = {}

    def of_self(self, node: ast.Attribute) -> Value | None:
        """What `self.name` holds, by every assignment in the class; None: no such thing."""
        owner = self.class_of_self(node.value)
        return None if owner is None else self.of_class(owner, node.attr)

    def of_class(self, owner: ast.ClassDef, name: str) -> Value | None:
        """What an attribute of a class's objects holds; None where nothing in the class sets it."""
        key = owner, name
        if key not in self._known:
            self._known[key] = NOTHING
            sources = self._sources(owner).get(name, [])
            values = [
                self.inference.binding(s) if isinstance(s, Binding) else self.set_by(s)
                for s in sources
            ]
            read = method(owner, name)
            if read is not None and is_property(read):
                values.append(self.inference.calls.result(read))
            self._known[key] = join(values) if values else None
            hints, known = self.inference.hints, self._known[key]
            if known is not None and hints and (owner.name, name) in hints.overridden:
                self._known[key] = Value(known.held, False, known.origins)
        return self._known[key]

    def class_of_self(self, node: ast.expr) -> ast.ClassDef | None:
        """The class whose object (or which itself) a name such as `self` or `cls` is."""
        if not isinstance(node, ast.Name):
            return None
        scope: Scope | None = self.inference.names.scope_of[node].lookup(node.id)
        if scope is None or scope.kind is not ScopeKind.FUNCTION or scope.parent is None:
            return None
        function, outer = scope.node, scope.parent.node
        if not isinstance(outer, ast.ClassDef):
            return None
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            return None
        first = [*function.args.posonlyargs, *function.args.args][:1]
        only = len(scope.bindings[node.id]) == 1
        return outer if first and first[0].arg == node.id and only else None

    def all(self, owner: ast.ClassDef) -> dict[str, Value]:
        """attribute -> what it holds, for all that a class sets."""
        found = {name: self.of_class(owner, name) for name in self._sources(owner)}
        return {name: value for name, value in found.items() if value is not None}

    def _sources(self, owner: ast.ClassDef) -> dict[str, list[ast.Attribute | Binding]]:
        """attribute -> the places in the class that set it."""
        if owner not in self._set_in:
            table: dict[str, list[ast.Attribute | Binding]] = {}
            for node, _scope in self.inference.names.attributes:
                if isinstance(node.ctx, ast.Store) and self.class_of_self(node.value) is owner:
                    table.setdefault(node.attr, []).append(node)
            body = next(s for s in self.inference.names.scopes if s.node is owner)
            for name, bindings in body.bindings.items():
                kinds = (BindingKind.ASSIGNMENT, BindingKind.IMPORT)
                table.setdefault(name, []).extend(b for b in bindings if b.kind in kinds)
            self._set_in[owner] = table
        return self._set_in[owner]

    def stored(self) -> Iterator[tuple[str, Value]]:
        """Each assignment to an attribute of some object, and each name of a class body."""
        for node, _scope in self.inference.names.attributes:
            if isinstance(node.ctx, ast.Store):
                yield node.attr, self.set_by(node)
        for scope in self.inference.names.scopes:
            if scope.kind is ScopeKind.CLASS:
                for name, bindings in scope.bindings.items():
                    for binding in bindings:
                        if binding.kind is BindingKind.ASSIGNMENT:
                            yield name, self.inference.binding(binding)

    def set_by(self, node: ast.Attribute) -> Value:
        """What an assignment gives the attribute that is its target."""
        parent = self.inference.names.parents.get(node)
        if isinstance(parent, ast.AnnAssign):
            annotated = self.inference.annotated(parent.annotation)
            if annotated.held or parent.value is None:
                return annotated
            return self.inference.value(parent.value)
        if isinstance(parent, ast.Assign):
            return self.inference.value(parent.value)
        return UNKNOWN

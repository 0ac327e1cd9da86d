"""Annotations: the objects that they promise."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from nonce_migrate.resolve.held import NOTHING, UNKNOWN, Instance, Own, Replacement, Value, join
from nonce_migrate.resolve.project import SymbolTarget

if TYPE_CHECKING:
    from nonce_migrate.resolve.inference import Inference

_AROUND = frozenset(("Optional", "Annotated", "Final", "ClassVar"))


class Annotations:
    """Answers for the annotations of one module."""

    def __init__(self, inference: Inference) -> None:
        self.inference = inference
        self._parsed: dict[ast.Constant, ast.expr] = {}

    def value(self, annotation: ast.expr) -> Value:
        """The objects that an annotation promises: `X`, `X | None`, `Optional[X]`, `"X"`."""
        if isinstance(annotation, ast.Constant) and annotation.value is None:
            return NOTHING
        if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
            return self._quoted(annotation, annotation.value)
        if isinstance(annotation, ast.BinOp) and isinstance(annotation.op, ast.BitOr):
            return join([self.value(annotation.left), self.value(annotation.right)])
        if isinstance(annotation, ast.Subscript):
            name = annotation.value
            word = name.attr if isinstance(name, ast.Attribute) else getattr(name, "id", "")
            inner = annotation.slice
            parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
            if word == "Union":
                return join([self.value(part) for part in parts])
            return self.value(parts[0]) if word in _AROUND and parts else UNKNOWN
        if not isinstance(annotation, ast.Name | ast.Attribute):
            return UNKNOWN
        return self.of_class(self.inference.value(annotation))

    def _quoted(self, node: ast.Constant, text: str) -> Value:
        if node not in self._parsed:
            try:
                inner = ast.parse(text.strip(), mode="eval").body
            except (SyntaxError, ValueError):
                return UNKNOWN
            scope = self.inference.names.scope_of[node]
            for child in ast.walk(inner):
                self.inference.names.scope_of[child] = scope
            self._parsed[node] = inner
        return self.value(self._parsed[node])

    def of_class(self, value: Value) -> Value:
        """The objects of a class that an expression is."""
        held = value.proven
        if isinstance(held, Own):
            return value
        if isinstance(held, Replacement):
            return Value(frozenset({Replacement(held.name, is_object=True)}), True)
        if isinstance(held, SymbolTarget):
            symbol = self.inference.system(held).symbol(held.name)
            if symbol is not None and symbol.produces == held.name:
                return Value(frozenset({Instance(held.system, held.name)}), True, value.origins)
        return UNKNOWN


def says_nothing(annotation: ast.expr) -> bool:
    """Whether an annotation is `Any` or `object`."""
    word = (
        annotation.attr if isinstance(annotation, ast.Attribute) else getattr(annotation, "id", "")
    )
    return word in ("Any", "object")

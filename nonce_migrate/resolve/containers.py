"""What plain containers hold: every display of theirs, and everything that is put into them.

A container is plain where each place that mentions it takes from it, puts into it, goes over it or
looks at it. Handed on, returned or kept under a second name, it is not, and what is in it unknown.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nonce_migrate.resolve.held import UNKNOWN, Value, join
from nonce_migrate.resolve.scopes import Drawn
from nonce_migrate.resolve.variables import (
    COMPREHENSIONS,
    DISPLAYS,
    MAPPINGS,
    PUTS,
    SAME_ITEMS,
    TAKES,
    Variable,
    elements,
    read_variable,
    use,
)

if TYPE_CHECKING:
    from nonce_migrate.resolve.inference import Inference

_SEQUENCES = frozenset(
    (
        *("list", "List", "tuple", "Tuple", "set", "Set", "frozenset", "deque", "Deque"),
        *("Sequence", "MutableSequence", "Iterable", "Collection"),
    )
)


@dataclass(frozen=True, slots=True)
class _Contents:
    """What a variable's container holds. is_mapping: going over it gives keys."""

    value: Value
    is_mapping: bool


class Containers:
    """Answers for the containers of one module."""

    def __init__(self, inference: Inference) -> None:
        self.inference = inference

    def items(self, node: ast.expr) -> Value | None:
        """What any item of a container (a value, for mappings) holds; None: no plain container."""
        found = self._contents(node)
        return found.value if found else None

    def drawn(self, drawn: Drawn) -> Value:
        """What a loop gives one of its targets."""
        return self._part(drawn.iterable, drawn.path) or UNKNOWN

    def taken(self, node: ast.Subscript) -> Value:
        """`container[key]`."""
        if isinstance(node.slice, ast.Slice):
            return UNKNOWN
        display, index = node.value, node.slice
        if isinstance(display, ast.Tuple | ast.List) and isinstance(index, ast.Constant):
            place, is_plain = index.value, not any(isinstance(e, ast.Starred) for e in display.elts)
            if isinstance(place, int) and place < len(display.elts) and is_plain:
                return self.inference.value(display.elts[place])
        return self.items(node.value) or UNKNOWN

    def taken_by_call(self, call: ast.Call) -> Value | None:
        """`container.get(key, default)` and its like; None: no such call."""
        function = call.func
        if not isinstance(function, ast.Attribute) or function.attr not in TAKES:
            return None
        items = self.items(function.value)
        if items is None:
            return None
        return join([items, *(self.inference.value(given) for given in call.args[1:])])

    def of_annotation(self, annotation: ast.expr) -> tuple[Value, bool] | None:
        """The items that `dict[str, X]` or `list[X]` promises, and whether it is a mapping."""
        if not isinstance(annotation, ast.Subscript):
            return None
        name, inner = annotation.value, annotation.slice
        word = name.attr if isinstance(name, ast.Attribute) else getattr(name, "id", "")
        parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
        if word in MAPPINGS and len(parts) == 2:
            return self.inference.annotated(parts[1]), True
        if word in _SEQUENCES:
            plain = [p for p in parts if not isinstance(p, ast.Constant) or p.value is not ...]
            return join([self.inference.annotated(part) for part in plain]), False
        if word in ("Optional", "Annotated", "Final", "ClassVar") and parts:
            return self.of_annotation(parts[0])
        return None

    def keeps(self, node: ast.expr) -> bool:
        """Whether everything that is done to a display or comprehension is followed."""
        names = self.inference.names
        parent = names.parents.get(node)
        if isinstance(parent, ast.Assign | ast.AnnAssign | ast.NamedExpr):
            targets = parent.targets if isinstance(parent, ast.Assign) else [parent.target]
            plain = all(isinstance(target, ast.Name | ast.Attribute) for target in targets)
            return plain and all(self.items(target) is not None for target in targets)
        if isinstance(parent, ast.List | ast.Tuple) and isinstance(node, ast.Tuple | ast.List):
            around = names.parents.get(parent)
            return isinstance(around, ast.For | ast.comprehension) and around.iter is parent
        return use(self.inference.module, node) is not None

    def takes_in(self, node: ast.AST) -> bool:
        """Whether an `append` call, or a subscript that is assigned to, puts into a plain one."""
        if isinstance(node, ast.Subscript):
            return self.items(node.value) is not None
        function = node.func if isinstance(node, ast.Call) else None
        if not isinstance(function, ast.Attribute) or function.attr not in {*PUTS, *TAKES}:
            return False
        return self.items(function.value) is not None

    def _contents(self, node: ast.expr) -> _Contents | None:
        if isinstance(node, (*DISPLAYS, *COMPREHENSIONS)):
            is_mapping = isinstance(node, ast.Dict | ast.DictComp)
            return _Contents(join(self.inference.value(e) for e in elements(node)), is_mapping)
        if isinstance(node, ast.Name | ast.Attribute):
            return self._of_variable(node)
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
            return self._contents(node.value)
        if isinstance(node, ast.Call):
            return self._of_call(node)
        return None

    def _of_call(self, call: ast.Call) -> _Contents | None:
        function = call.func
        if isinstance(function, ast.Attribute) and function.attr in ("values", "copy"):
            found = self._contents(function.value)
            if found is None:
                return None
            return _Contents(found.value, found.is_mapping and function.attr == "copy")
        if isinstance(function, ast.Name) and function.id in SAME_ITEMS and len(call.args) == 1:
            value = self._part(call.args[0], ())
            return _Contents(value, False) if value is not None else None
        return None

    def _part(self, iterable: ast.expr, path: tuple[int, ...]) -> Value | None:
        """What going over an iterable gives, at a path into each item."""
        function = iterable.func if isinstance(iterable, ast.Call) else None
        if isinstance(iterable, ast.Call) and isinstance(function, ast.Name) and path:
            if function.id == "enumerate" and iterable.args and path[0] == 1:
                return self._part(iterable.args[0], path[1:])
            if function.id == "zip" and path[0] < len(iterable.args):
                return self._part(iterable.args[path[0]], path[1:])
        if isinstance(function, ast.Attribute) and function.attr == "items" and path == (1,):
            return self.items(function.value)
        if path:
            return self._of_rows(iterable, path)
        found = self._contents(iterable)
        return found.value if found and not found.is_mapping else None

    def _of_rows(self, iterable: ast.expr, path: tuple[int, ...]) -> Value | None:
        """`for a, b in [(1, X()), (2, Y())]`: each row is spelt out."""
        if not isinstance(iterable, ast.List | ast.Tuple) or len(path) != 1:
            return None
        rows = [row for row in iterable.elts if isinstance(row, ast.Tuple | ast.List)]
        if len(rows) != len(iterable.elts) or any(len(row.elts) <= path[0] for row in rows):
            return None
        return join(self.inference.value(row.elts[path[0]]) for row in rows)

    def _of_variable(self, node: ast.Name | ast.Attribute) -> _Contents | None:
        program = self.inference.program
        if isinstance(node, ast.Name):
            home = self.inference.names.scope_of[node].lookup(node.id)
            if home is None:
                return None
            key: tuple[object, ...] = (self.inference.module.path, home, node.id)
        else:
            home, key = None, ("", None, node.attr)
        name = node.id if isinstance(node, ast.Name) else node.attr
        if key not in program.containers:
            program.containers[key] = read_variable(self.inference, home, name)
        variable = program.containers[key]
        if variable is None:
            return None
        value = program.answers.get(("items", key), lambda: self._values(variable))
        return _Contents(value, variable.is_mapping) if value.held or value.complete else None

    def _values(self, variable: Variable) -> Value:
        neighbours = self.inference.neighbours
        values = [neighbours[m.path].value(given) for m, given in variable.given]
        for module, annotation in variable.annotations:
            promised = neighbours[module.path].containers.of_annotation(annotation)
            if promised is not None:
                values.append(promised[0])
        return join(values)

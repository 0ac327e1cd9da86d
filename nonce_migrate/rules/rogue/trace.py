"""Goes back from where a nonce is wanted to the expressions of the file that make it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from nonce_migrate.resolve.scopes import Binding, BindingKind
from nonce_migrate.rules.rogue.catalogue import NUMBERS, TEXTS
from nonce_migrate.rules.rogue.evaluate import Evaluator
from nonce_migrate.rules.rogue.lookup import Function, Lookup
from nonce_migrate.rules.rogue.reading import Hop, Reading
from nonce_migrate.rules.rogue.sinks import Sink
from nonce_migrate.rules.rogue.templates import pieces

_MOST_STEPS = 20


@dataclass(frozen=True, slots=True)
class Path:
    """How a value came from its place to a sink: the names, functions and attributes between."""

    hops: tuple[Hop, ...] = ()
    bindings: tuple[Binding, ...] = ()
    functions: tuple[Function, ...] = ()
    attributes: tuple[str, ...] = ()


@dataclass(eq=False, slots=True)
class Place:
    """One expression that makes a nonce, with everything that it reaches."""

    node: ast.expr
    reading: Reading
    sinks: list[Sink] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)


class Tracer:
    """Collects the places of one file. followed: the names and calls that lead to a sink."""

    def __init__(self, lookup: Lookup, evaluator: Evaluator) -> None:
        self.lookup = lookup
        self.evaluator = evaluator
        self.places: dict[ast.expr, Place] = {}
        self.followed: set[ast.AST] = set()
        self.seen: set[ast.expr] = set()

    def trace(self, sink: Sink) -> None:
        """Adds what makes the value of a sink."""
        self.seen.clear()
        for node, path in self._origins(sink.value, Path(), 0):
            reading = self.evaluator.read(node)
            if reading is None:
                continue
            place = self.places.setdefault(node, Place(node, reading))
            place.sinks.append(sink)
            place.paths.append(path)

    def _origins(self, node: ast.expr, path: Path, steps: int) -> Iterator[tuple[ast.expr, Path]]:
        if steps > _MOST_STEPS or node in self.seen:
            return
        self.seen.add(node)
        steps += 1
        for part in _alternatives(node):
            core = self._core(part)
            if core is not part and isinstance(core, ast.IfExp | ast.BoolOp | ast.NamedExpr):
                yield from self._origins(core, path, steps)
            elif isinstance(core, ast.Name):
                yield from self._name(core, path, steps)
            elif isinstance(core, ast.Attribute) and self._stores(core):
                yield from self._attribute(core, path, steps)
            elif isinstance(core, ast.Call) and self._made_by(core):
                yield from self._call(core, path, steps)
            else:
                yield part, path

    def _core(self, node: ast.expr) -> ast.expr:
        """What stands inside conversions that would suit a nonce of the manager as well."""
        while True:
            inner = self._converted(node)
            if inner is None:
                return node
            node = inner

    def _converted(self, node: ast.expr) -> ast.expr | None:
        if isinstance(node, ast.Call):
            dotted = self.lookup.dotted(node.func)
            if dotted in NUMBERS or dotted in TEXTS:
                return node.args[0] if len(node.args) == 1 else None
        parts = [part for part in pieces(node) if part != ""]
        only = parts[0] if len(parts) == 1 else None
        return only if isinstance(only, ast.expr) else None

    def _name(self, node: ast.Name, path: Path, steps: int) -> Iterator[tuple[ast.expr, Path]]:
        for binding in self.lookup.bindings(node):
            if binding in path.bindings or binding.value is None:
                continue
            if binding.kind is not BindingKind.ASSIGNMENT:
                continue
            self.followed.add(node)
            hop = Hop(binding.value, f"`{node.id}` is set to `{self.lookup.text(binding.value)}`")
            longer = Path(
                (*path.hops, hop), (*path.bindings, binding), path.functions, path.attributes
            )
            yield from self._origins(binding.value, longer, steps)

    def _stores(self, node: ast.Attribute) -> list[ast.expr]:
        """What the class of `self` puts into `self.x`, anywhere."""
        owner = node.value
        class_ = self.lookup.class_of(owner) if isinstance(owner, ast.Name) else None
        if class_ is None:
            return []
        found = []
        for statement in ast.walk(class_):
            if isinstance(statement, ast.Assign):
                targets, value = statement.targets, statement.value
            elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
                targets, value = [statement.target], statement.value
            else:
                continue
            if any(_is_same(target, node) for target in targets):
                found.append(value)
        return found

    def _attribute(
        self, node: ast.Attribute, path: Path, steps: int
    ) -> Iterator[tuple[ast.expr, Path]]:
        shown = self.lookup.text(node)
        if shown in path.attributes:
            return
        self.followed.add(node)
        for value in self._stores(node):
            hop = Hop(value, f"`{shown}` is set to `{self.lookup.text(value)}`")
            longer = Path(
                (*path.hops, hop), path.bindings, path.functions, (*path.attributes, shown)
            )
            yield from self._origins(value, longer, steps)

    def _made_by(self, node: ast.Call) -> Function | ast.Lambda | None:
        """The function of this file that a call runs, or that `default_factory` names."""
        if function := self.lookup.function(node):
            return function
        for keyword in node.keywords:
            if keyword.arg in ("default_factory", "factory"):
                return keyword.value if isinstance(keyword.value, ast.Lambda) else None
        return None

    def _call(self, node: ast.Call, path: Path, steps: int) -> Iterator[tuple[ast.expr, Path]]:
        function = self._made_by(node)
        if isinstance(function, ast.Lambda):
            yield from self._origins(function.body, path, steps)
            return
        if function is None or function in path.functions:
            return
        self.followed.add(node.func)
        for value in self.lookup.results(function):
            hop = Hop(value, f"`{function.name}` returns `{self.lookup.text(value)}`")
            longer = Path(
                (*path.hops, hop), path.bindings, (*path.functions, function), path.attributes
            )
            yield from self._origins(value, longer, steps)


def _is_same(target: ast.expr, node: ast.Attribute) -> bool:
    """Whether an assignment's target is the attribute `name.attribute`."""
    if not isinstance(target, ast.Attribute) or target.attr != node.attr:
        return False
    left, right = target.value, node.value
    return isinstance(left, ast.Name) and isinstance(right, ast.Name) and left.id == right.id


def _alternatives(node: ast.expr) -> Iterator[ast.expr]:
    """The expressions of which one is the value."""
    if isinstance(node, ast.IfExp):
        yield from _alternatives(node.body)
        yield from _alternatives(node.orelse)
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from _alternatives(value)
    elif isinstance(node, ast.NamedExpr | ast.Await):
        yield from _alternatives(node.value)
    elif isinstance(node, ast.Lambda):
        yield from _alternatives(node.body)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Lambda):
        yield from _alternatives(node.func)
    elif isinstance(node, ast.Call) and _is_encoding(node.func):
        assert isinstance(node.func, ast.Attribute)
        yield from _alternatives(node.func.value)
    else:
        yield node


def _is_encoding(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and function.attr == "encode"

"""Where a constant of a table goes: loops, unpacking, subscripts and parameters, over files.

A value is followed with the path that leads to it from the expression at hand: the steps into
lists (a position, or `None` for any), mappings (`Key()`, `At(key)`).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from nonce_migrate.resolve.callee import qualified
from nonce_migrate.resolve.definitions import Function, parameter_of
from nonce_migrate.resolve.inference import Inference
from nonce_migrate.resolve.lookups import Gives, function_of, name_argument
from nonce_migrate.resolve.project import ModuleTarget
from nonce_migrate.resolve.scopes import Scope, ScopeKind


@dataclass(frozen=True, slots=True)
class Key:
    """The step to the keys of a mapping."""


@dataclass(frozen=True, slots=True)
class At:
    """The step to the value of a key; None where the key is not a constant."""

    key: object


Step = int | None | Key | At
Path = tuple[Step, ...]


class EndKind(Enum):
    """What is done with a constant where it is not handed further."""

    MODULE = auto()  # it is looked up as a module
    NAME = auto()  # it is looked up in an object
    TEXT = auto()  # it is shown, or only tested
    UNSEEN = auto()


@dataclass(frozen=True, slots=True)
class End:
    """One place where a constant goes. node: the call that looks it up. sites: the calls through
    which it came there, innermost first."""

    kind: EndKind
    inference: Inference
    node: ast.AST
    sites: tuple[tuple[Inference, ast.Call], ...] = ()


_MAX_STEPS = 400
_SHOWN = frozenset(f"builtins.{n}" for n in ("print", "len", "str", "repr", "bool", "ascii"))
_SAME = frozenset(f"builtins.{n}" for n in ("list", "tuple", "sorted", "reversed", "iter", "set"))
_LOGS = frozenset(("debug", "info", "warning", "error", "critical", "exception", "log"))
_PROBES = ("builtins.getattr", "builtins.hasattr")


class Flow:
    """Follows constants forward. inferences: those of all files, by path."""

    def __init__(self, inferences: Mapping[str, Inference]) -> None:
        self.inferences = inferences

    def ends(self, inference: Inference, node: ast.expr) -> list[End]:
        """Every place where a constant goes; with an UNSEEN one where not all are known."""
        walk = _Walk(self.inferences)
        walk.climb(inference, node, (), ())
        return walk.ends


Sites = tuple[tuple[Inference, ast.Call], ...]


class _Walk:
    def __init__(self, inferences: Mapping[str, Inference]) -> None:
        self.inferences = inferences
        self.ends: list[End] = []
        self.seen: set[tuple[ast.AST, Path]] = set()

    def end(self, kind: EndKind, inference: Inference, node: ast.AST, sites: Sites = ()) -> None:
        self.ends.append(End(kind, inference, node, sites))

    def climb(self, inference: Inference, node: ast.expr, path: Path, sites: Sites) -> None:
        """Goes from an expression that has the constant at `path` to what holds the expression."""
        if (node, path) in self.seen:
            return
        self.seen.add((node, path))
        parent = inference.names.parents.get(node)
        if len(self.seen) > _MAX_STEPS or parent is None:
            self.end(EndKind.UNSEEN, inference, node)
        elif isinstance(parent, ast.Tuple | ast.List):
            if self._is_fromlist(inference, parent):
                self.end(EndKind.NAME, inference, parent, sites)
            else:
                self.climb(inference, parent, (parent.elts.index(node), *path), sites)
        elif isinstance(parent, ast.Set):
            self.climb(inference, parent, (None, *path), sites)
        elif isinstance(parent, ast.Dict):
            self.climb(inference, parent, (_step_of(parent, node), *path), sites)
        elif isinstance(parent, ast.Assign):
            for target in parent.targets:
                self.bind(inference, target, path, sites)
        elif isinstance(parent, ast.AnnAssign | ast.NamedExpr) and parent.value is node:
            self.bind(inference, parent.target, path, sites)
        elif isinstance(parent, ast.For | ast.comprehension) and parent.iter is node:
            if path and not isinstance(path[0], At):
                self.bind(inference, parent.target, path[1:], sites)
        else:
            self.expression(inference, parent, node, path, sites)

    def expression(
        self, inference: Inference, parent: ast.AST, node: ast.expr, path: Path, sites: Sites
    ) -> None:
        if isinstance(parent, ast.Subscript) and parent.value is node and path:
            self.entry(inference, parent, path, sites)
        elif isinstance(parent, ast.Attribute):
            self.method(inference, parent, path, sites)
        elif isinstance(parent, ast.ListComp | ast.GeneratorExp | ast.SetComp):
            self.climb(inference, parent, (None, *path), sites)
        elif isinstance(parent, ast.IfExp) and parent.test is not node:
            self.climb(inference, parent, path, sites)
        elif isinstance(parent, ast.Call | ast.keyword | ast.Starred):
            self.argument(inference, parent, node, path, sites)
        elif _only_shows(parent, node):
            self.end(EndKind.TEXT, inference, parent)
        else:
            self.end(EndKind.UNSEEN, inference, parent)

    def entry(self, inference: Inference, node: ast.Subscript, path: Path, sites: Sites) -> None:
        step, index = path[0], node.slice
        if isinstance(index, ast.Slice):
            self.climb(inference, node, (None, *path[1:]), sites)
            return
        key = index.value if isinstance(index, ast.Constant) else None
        if key is None or step is None or step in (key, At(key), At(None)):
            self.climb(inference, node, path[1:], sites)

    def method(self, inference: Inference, node: ast.Attribute, path: Path, sites: Sites) -> None:
        call = inference.names.parents.get(node)
        step = path[0] if path else None
        if not isinstance(call, ast.Call) or call.func is not node:
            self.end(EndKind.UNSEEN, inference, node)
        elif node.attr == "items" and isinstance(step, Key | At):
            side = 0 if isinstance(step, Key) else 1
            self.climb(inference, call, (None, side, *path[1:]), sites)
        elif node.attr == "values" and isinstance(step, Key | At):
            if isinstance(step, At):
                self.climb(inference, call, (None, *path[1:]), sites)
        elif node.attr == "keys" and isinstance(step, Key | At):
            if isinstance(step, Key):
                self.climb(inference, call, (None, *path[1:]), sites)
        elif node.attr == "get" and isinstance(step, At):
            self.climb(inference, call, path[1:], sites)
        else:
            self.end(EndKind.UNSEEN, inference, node)

    def argument(
        self, inference: Inference, parent: ast.AST, node: ast.expr, path: Path, sites: Sites
    ) -> None:
        place: ast.AST = node
        call: ast.AST | None = parent
        if not isinstance(parent, ast.Call):
            place, call = parent, inference.names.parents.get(parent)
        if not isinstance(call, ast.Call):
            self.end(EndKind.UNSEEN, inference, parent)
            return
        word = qualified(inference.names, call.func)
        method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        if not path and function_of(inference.module, call) is not None:
            is_module = name_argument(call) is node
            gives = function_of(inference.module, call)
            known = is_module and gives in (Gives.MODULE, Gives.SPEC)
            self.end(EndKind.MODULE if known else EndKind.UNSEEN, inference, call, sites)
        elif not path and word in _PROBES and call.args[1:2] == [node]:
            self.end(EndKind.NAME, inference, call, sites)
        elif word in _SHOWN or method in _LOGS:
            self.end(EndKind.TEXT, inference, call)
        elif word in _SAME and path:
            self.climb(inference, call, (None, *path[1:]), sites)
        elif word == "builtins.enumerate" and path:
            self.climb(inference, call, (None, 1, *path[1:]), sites)
        elif word == "pytest.mark.parametrize" and call.args[1:2] == [node]:
            self.parametrized(inference, call, path)
        else:
            self.into(inference, call, place, path, sites)

    def parametrized(self, inference: Inference, call: ast.Call, path: Path) -> None:
        """The rows of a test's table are given to its parameters by name."""
        function = inference.names.parents.get(call)
        names = _parameter_names(call.args[0])
        rest = path[1:]
        if len(names) > 1 and rest and isinstance(rest[0], int) and rest[0] < len(names):
            name, rest = names[rest[0]], rest[1:]
        elif len(names) == 1:
            name = names[0]
        else:
            self.end(EndKind.UNSEEN, inference, call)
            return
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            self.parameter(inference, function, name, rest, ())

    def into(
        self, inference: Inference, call: ast.Call, place: ast.AST, path: Path, sites: Sites
    ) -> None:
        """An argument of a function of the project."""
        other, function, skip = inference.calls.target(call)
        if other is None or function is None:
            self.end(EndKind.UNSEEN, inference, call)
            return
        deeper = ((inference, call), *sites)
        if isinstance(place, ast.Starred):
            places = [*function.args.posonlyargs, *function.args.args][skip:]
            at = call.args.index(place)
            step = path[0] if path else None
            is_last = at == len(call.args) - 1
            if is_last and isinstance(step, int) and at + step < len(places):
                self.parameter(other, function, places[at + step].arg, path[1:], deeper)
                return
            self.end(EndKind.UNSEEN, inference, call)
            return
        parameter = parameter_of(function, call, place, skip)
        if parameter is None:
            self.end(EndKind.UNSEEN, inference, call)
        else:
            self.parameter(other, function, parameter.arg, path, deeper)

    def parameter(
        self, inference: Inference, function: Function, name: str, path: Path, sites: Sites
    ) -> None:
        scope = next((s for s in inference.names.scopes if s.node is function), None)
        if scope is None:
            self.end(EndKind.UNSEEN, inference, function)
        else:
            self.loads(inference, scope, name, path, sites)

    def bind(self, inference: Inference, target: ast.expr, path: Path, sites: Sites) -> None:
        if isinstance(target, ast.Tuple | ast.List):
            step = path[0] if path else None
            has_star = any(isinstance(e, ast.Starred) for e in target.elts)
            if has_star or isinstance(step, Key | At) or not path:
                self.end(EndKind.UNSEEN, inference, target)
                return
            chosen = target.elts if step is None else target.elts[step : step + 1]
            for element in chosen:
                self.bind(inference, element, path[1:], sites)
        elif isinstance(target, ast.Name):
            scope = inference.names.scope_of[target]
            home = scope if target.id in scope.bindings else scope.lookup(target.id)
            if home is None or home.kind is ScopeKind.CLASS:
                self.end(EndKind.UNSEEN, inference, target)
                return
            self.loads(inference, home, target.id, path, sites)
        else:
            self.end(EndKind.UNSEEN, inference, target)

    def loads(self, inference: Inference, home: Scope, name: str, path: Path, sites: Sites) -> None:
        for node, scope in inference.names.loads:
            if node.id == name and scope.lookup(name) is home:
                self.climb(inference, node, path, sites)
        if home is inference.names.module:
            self.elsewhere(inference, name, path)

    def elsewhere(self, inference: Inference, name: str, path: Path) -> None:
        """The files that take a global from its module."""
        own = inference.module.path.removesuffix("/__init__.py")
        for other in self.inferences.values():
            if other is inference:
                continue
            for scope, local in _imports_of(other, own, name):
                if local == "*":
                    self.end(EndKind.UNSEEN, other, scope.node)
                else:
                    self.loads(other, scope, local, path, ())
            for node, _ in other.names.attributes:
                if node.attr == name and other.value(node.value).held == {ModuleTarget(own)}:
                    self.climb(other, node, path, ())

    def _is_fromlist(self, inference: Inference, node: ast.expr) -> bool:
        parent = inference.names.parents.get(node)
        if isinstance(parent, ast.keyword) and parent.arg == "fromlist":
            parent = inference.names.parents.get(parent)
        elif not isinstance(parent, ast.Call) or parent.args[3:4] != [node]:
            return False
        if not isinstance(parent, ast.Call):
            return False
        return qualified(inference.names, parent.func).endswith("__import__")


def _imports_of(other: Inference, module: str, name: str) -> Iterator[tuple[Scope, str]]:
    for node, scope in other.names.imports:
        if not isinstance(node, ast.ImportFrom):
            continue
        found = other.project.locate(other.module, node)
        if found is None or found.module != module:
            continue
        for alias in node.names:
            if alias.name in (name, "*"):
                yield scope, "*" if alias.name == "*" else alias.asname or name


def _step_of(node: ast.Dict, child: ast.expr) -> Step:
    if child in node.keys:
        return Key()
    key = node.keys[node.values.index(child)]
    return At(key.value if isinstance(key, ast.Constant) else None)


def _parameter_names(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [name.strip() for name in node.value.split(",") if name.strip()]
    if isinstance(node, ast.Tuple | ast.List):
        return [str(e.value) for e in node.elts if isinstance(e, ast.Constant)]
    return []


def _only_shows(parent: ast.AST, node: ast.expr) -> bool:
    """Whether a value only goes into a text there, or is tested."""
    if isinstance(parent, ast.FormattedValue | ast.Expr | ast.Assert):
        return True
    if isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Mod):
        return isinstance(parent.left, ast.Constant) and parent.right is node
    return isinstance(parent, ast.If | ast.While | ast.IfExp) and parent.test is node

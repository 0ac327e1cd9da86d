"""The places of a file where a nonce is wanted: keys, parameters, bodies, names, functions."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from nonce_migrate.resolve.scopes import BindingKind
from nonce_migrate.rules.rogue.lookup import Function, Lookup
from nonce_migrate.rules.rogue.templates import pieces
from nonce_migrate.rules.rogue.uses import is_logged
from nonce_migrate.rules.rogue.words import Spoken, Words

_LOOKUPS = frozenset({"get", "pop", "setdefault"})


class SinkKind(Enum):
    """Where a value goes. KEY, ARGUMENT and BODY are sent; the others only hold it."""

    KEY = auto()
    ARGUMENT = auto()
    BODY = auto()
    RESULT = auto()
    ATTRIBUTE = auto()
    NAME = auto()
    DEFAULT = auto()


@dataclass(frozen=True, slots=True)
class Sink:
    """A place that takes a nonce. value: the expression that it is given. text: how to call it."""

    value: ast.expr
    kind: SinkKind
    text: str
    name: str


class Sinks:
    """Finds the sinks of one file. spoken: what the file says of nonces."""

    def __init__(self, lookup: Lookup, words: Words, spoken: Spoken) -> None:
        self.lookup = lookup
        self.words = words
        self.spoken = spoken
        self.names = lookup.names

    def found(self) -> Iterator[Sink]:
        """Every sink; what is only logged is none."""
        finders = self._finders()
        for node in [node for node in self.names.scope_of if type(node) in finders]:
            for sink in finders[type(node)](node):
                if not is_logged(self.names, sink.value):
                    yield sink
        yield from self._bound_names()

    def _finders(self) -> Mapping[type[ast.AST], Callable[[Any], Iterable[Sink]]]:
        """What finds the sinks in nodes of a type: for no others the file has the words."""
        said = self.spoken
        finders: dict[type[ast.AST], Callable[[Any], Iterable[Sink]]] = {
            ast.JoinedStr: self._body,
            ast.BinOp: self._body,
            ast.Call: self._formatted,
        }
        if said.texts:
            finders |= {ast.Dict: self._dict, ast.Tuple: self._pair, ast.List: self._pair}
        if said.texts or said.stored:
            finders |= {ast.Assign: self._assigned, ast.AnnAssign: self._assigned}
        if said.texts or said.arguments or said.bound:
            finders[ast.Call] = self._call
        if said.bound:
            finders |= {ast.FunctionDef: self._function, ast.AsyncFunctionDef: self._function}
        return finders

    def _pair(self, node: ast.Tuple | ast.List) -> Iterable[Sink]:
        return self._keyed(*node.elts) if len(node.elts) == 2 else ()

    def _dict(self, node: ast.Dict) -> Iterator[Sink]:
        for key, value in zip(node.keys, node.values, strict=True):
            if key is not None:
                yield from self._keyed(key, value)

    def _keyed(self, key: ast.expr, value: ast.expr) -> Iterator[Sink]:
        name = key.value if isinstance(key, ast.Constant) else None
        if isinstance(name, str) and self.words.is_nonce(name):
            yield Sink(value, SinkKind.KEY, f'the key "{name}"', name)

    def _assigned(self, node: ast.Assign | ast.AnnAssign) -> Iterator[Sink]:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            for left, right in _pairs(target, node.value):
                if isinstance(left, ast.Subscript):
                    yield from self._keyed(left.slice, right)
                elif isinstance(left, ast.Attribute) and self.words.is_function(left.attr):
                    is_call = isinstance(right, ast.Lambda)
                    if is_call or self.words.is_nonce(left.attr):
                        text = f"the attribute `{self.lookup.text(left)}`"
                        yield Sink(right, SinkKind.ATTRIBUTE, text, left.attr)

    def _call(self, node: ast.Call) -> Iterator[Sink]:
        for keyword in node.keywords:
            if self.words.is_nonce(keyword.arg):
                text = f"the argument `{keyword.arg}`"
                yield Sink(keyword.value, SinkKind.ARGUMENT, text, str(keyword.arg))
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if name in _LOOKUPS and len(node.args) == 2:
            yield from self._keyed(node.args[0], node.args[1])
        if isinstance(node.func, ast.Name) and node.func.id == "setattr" and len(node.args) == 3:
            yield from self._keyed(node.args[1], node.args[2])
        if self.spoken.bound:
            yield from self._positional(node)
        yield from self._formatted(node)

    def _positional(self, node: ast.Call) -> Iterator[Sink]:
        """Arguments of this file's own functions, by the names of their parameters."""
        function = self.lookup.function(node)
        if function is None or any(isinstance(a, ast.Starred) for a in node.args):
            return
        parameters = [*function.args.posonlyargs, *function.args.args]
        if isinstance(node.func, ast.Attribute) and not _is_static(function):
            parameters = parameters[1:]
        for parameter, value in zip(parameters, node.args, strict=False):
            if self.words.is_nonce(parameter.arg):
                text = f"the parameter `{parameter.arg}` of `{function.name}`"
                yield Sink(value, SinkKind.ARGUMENT, text, parameter.arg)

    def _formatted(self, node: ast.Call) -> Iterable[Sink]:
        """`"nonce={}".format(value)`."""
        is_format = isinstance(node.func, ast.Attribute) and node.func.attr == "format"
        return self._body(node) if is_format else ()

    def _body(self, node: ast.Call | ast.JoinedStr | ast.BinOp) -> Iterator[Sink]:
        parent = self.names.parents.get(node)
        is_inner = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Add)
        if is_inner and isinstance(node, ast.BinOp | ast.JoinedStr):
            return
        before = ""
        for part in pieces(node):
            if isinstance(part, str):
                before += part
                continue
            if self.words.ends_in_key(before):
                yield Sink(part, SinkKind.BODY, "a body, behind `nonce`", "nonce")
            before = ""

    def _function(self, node: Function) -> Iterator[Sink]:
        if self.words.is_function(node.name):
            for value in self.lookup.results(node):
                text = f"the result of `{node.name}`"
                yield Sink(value, SinkKind.RESULT, text, node.name)
        arguments = node.args
        positional = [*arguments.posonlyargs, *arguments.args]
        defaults: list[tuple[ast.arg, ast.expr | None]] = list(
            zip(reversed(positional), reversed(arguments.defaults), strict=False)
        )
        defaults += zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        for parameter, default in defaults:
            if default is not None and self.words.is_nonce(parameter.arg):
                text = f"the default of the parameter `{parameter.arg}`"
                yield Sink(default, SinkKind.DEFAULT, text, parameter.arg)

    def _bound_names(self) -> Iterator[Sink]:
        for scope in self.names.scopes if self.spoken.bound else ():
            for name, bindings in scope.bindings.items():
                if name not in self.spoken.bound:
                    continue
                for binding in bindings:
                    value = binding.value
                    if binding.kind is not BindingKind.ASSIGNMENT or value is None:
                        continue
                    if isinstance(value, ast.Lambda) or self.words.is_nonce(name):
                        yield Sink(value, SinkKind.NAME, f"the name `{name}`", name)


def _is_static(function: Function) -> bool:
    return any(isinstance(d, ast.Name) and d.id == "staticmethod" for d in function.decorator_list)


def _pairs(target: ast.expr, value: ast.expr | None) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Each target with its own value, where both sides are spelt out."""
    if value is None:
        return
    if isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Tuple | ast.List):
        if len(target.elts) == len(value.elts):
            for left, right in zip(target.elts, value.elts, strict=True):
                yield from _pairs(left, right)
        return
    yield target, value

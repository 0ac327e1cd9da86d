"""Names that tell what may stand behind them where nothing else does.

Collected from the whole project: the attributes that some object keeps a legacy object in, and the
functions that return one.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from nonce_migrate.resolve.definitions import is_fixture, is_property, parameter_of
from nonce_migrate.resolve.held import NOTHING, Own, Value, join
from nonce_migrate.resolve.inference import Inference


@dataclass(frozen=True, slots=True)
class Hints:
    """attribute (or parameter, or pytest fixture) name, and function name -> what it may hold.

    contradicted: annotated parameters that some caller gives an object of another class.
    overridden: (class name, attribute) that a subclass, or code outside the class, sets to
    something that is no legacy object.
    """

    attributes: Mapping[str, Value] = field(default_factory=dict)
    calls: Mapping[str, Value] = field(default_factory=dict)
    fixtures: Mapping[str, Value] = field(default_factory=dict)
    contradicted: frozenset[ast.arg] = frozenset()
    overridden: frozenset[tuple[str, str]] = frozenset()


def collect_hints(inferences: Iterable[Inference]) -> Hints:
    """The hints of all files together."""
    known = list(inferences)
    attributes: dict[str, list[Value]] = {}
    calls: dict[str, list[Value]] = {}
    fixtures: dict[str, list[Value]] = {}
    for inference in known:
        for name, value in inference.attributes.stored():
            if value.instances:
                attributes.setdefault(name, []).append(value)
        for function, value in inference.calls.returning():
            if is_property(function):
                attributes.setdefault(function.name, []).append(value)
            elif is_fixture(function):
                fixtures.setdefault(function.name, []).append(value)
            else:
                calls.setdefault(function.name, []).append(value)
    contradicted = frozenset(p for inference in known for p in _contradicted(inference))
    overridden = frozenset(pair for inference in known for pair in _overridden(inference))
    return Hints(_joined(attributes), _joined(calls), _joined(fixtures), contradicted, overridden)


def _overridden(inference: Inference) -> Iterator[tuple[str, str]]:
    """What the classes of a module set in place of their bases', and what is set from outside."""
    for scope in inference.names.scopes:
        if isinstance(scope.node, ast.ClassDef) and scope.node.bases:
            bases = [ast.unparse(base).rpartition(".")[2] for base in scope.node.bases]
            for name, value in inference.attributes.all(scope.node).items():
                if not value.instances and value != NOTHING:
                    yield from ((base, name) for base in bases)
    for node, _ in inference.names.attributes:
        if isinstance(node.ctx, ast.Store) and not inference.attributes.class_of_self(node.value):
            held = inference.value(node.value).proven
            if isinstance(held, Own) and not inference.attributes.set_by(node).instances:
                yield held.name, node.attr


def _contradicted(inference: Inference) -> Iterator[ast.arg]:
    """Parameters annotated with a legacy class that a call gives an object of another class."""
    for call, _ in inference.names.calls:
        other, function, skip = inference.calls.target(call)
        if other is None or function is None:
            continue
        for given in (*call.args, *(keyword.value for keyword in call.keywords)):
            place = parameter_of(function, call, given, skip)
            if place is None or place.annotation is None:
                continue
            if (
                _is_of_another_class(inference, given)
                and other.annotated(place.annotation).instances
            ):
                yield place


def _is_of_another_class(inference: Inference, given: ast.expr) -> bool:
    """Whether an expression makes an object of a class that is not legacy.

    By its name, where the class is in a file that refers to nothing legacy, or a mock.
    """
    value = inference.value(given)
    if not isinstance(given, ast.Call) or value.held:
        return any(isinstance(held, Own) for held in value.held)
    function = given.func
    word = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return bool(word[:1].isupper())


def _joined(table: Mapping[str, list[Value]]) -> dict[str, Value]:
    return {name: join(values).guessed() for name, values in table.items()}

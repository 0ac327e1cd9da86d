"""Names that tell what may stand behind them where nothing else does.

Collected from the whole project: the attributes that some object keeps a legacy object in, and the
functions that return one.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nonce_migrate.resolve.definitions import is_fixture, is_property, parameter_of
from nonce_migrate.resolve.held import Foreign, Own, Value, join
from nonce_migrate.resolve.references import References

if TYPE_CHECKING:
    from nonce_migrate.resolve.inference import Inference


@dataclass(frozen=True, slots=True)
class Hints:
    """attribute (or parameter, or pytest fixture) name, and function name -> what it may hold.

    contradicted: annotated parameters that some caller gives an object of another class.
    """

    attributes: Mapping[str, Value] = field(default_factory=dict)
    calls: Mapping[str, Value] = field(default_factory=dict)
    fixtures: Mapping[str, Value] = field(default_factory=dict)
    contradicted: frozenset[ast.arg] = frozenset()


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
    return Hints(_joined(attributes), _joined(calls), _joined(fixtures), contradicted)


def _contradicted(inference: Inference) -> Iterator[ast.arg]:
    """Parameters annotated with a legacy class that a call gives an object of another class."""
    references = References(
        inference.program.names, inference.program.classes, inference.neighbours
    )
    for call, _ in inference.names.calls:
        given = [*call.args, *(keyword.value for keyword in call.keywords)]
        others = [g for g in given if _is_of_another_class(inference, g)]
        for definition, skip in references.targets(inference.module, call) if others else ():
            function, home = definition.node, inference.neighbours[definition.module.path]
            assert not isinstance(function, ast.ClassDef)
            for other in others:
                place = parameter_of(function, call, other, skip)
                annotation = place.annotation if place is not None else None
                if annotation is not None and home.annotated(annotation).instances:
                    assert place is not None
                    yield place


def _is_of_another_class(inference: Inference, given: ast.expr) -> bool:
    """Whether an expression makes an object of a class that is not legacy.

    By its name, where the class is in a file that refers to nothing legacy, or a mock.
    """
    value = inference.value(given)
    if not isinstance(given, ast.Call) or value.held:
        return any(isinstance(held, Own | Foreign) for held in value.held)
    function = given.func
    word = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return bool(word[:1].isupper())


def _joined(table: Mapping[str, list[Value]]) -> dict[str, Value]:
    return {name: join(values).guessed() for name, values in table.items()}

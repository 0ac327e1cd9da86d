"""Names that tell what may stand behind them where nothing else does.

Collected from the whole project: the attributes that some object keeps a legacy object in, and the
functions that return one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nonce_migrate.resolve.definitions import is_fixture, is_property
from nonce_migrate.resolve.held import Value, join

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


def collect_hints(inferences: Iterable[Inference]) -> Hints:
    """The hints of all files together."""
    attributes: dict[str, list[Value]] = {}
    calls: dict[str, list[Value]] = {}
    fixtures: dict[str, list[Value]] = {}
    for inference in inferences:
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
    return Hints(_joined(attributes), _joined(calls), _joined(fixtures))


def _joined(table: Mapping[str, list[Value]]) -> dict[str, Value]:
    return {name: join(values).guessed() for name, values in table.items()}

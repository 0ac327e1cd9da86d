"""Every name that is imported from the target is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from nonce_migrate.proof.module import Module
from nonce_migrate.proof.places import Places


@dataclass(frozen=True, slots=True)
class Target:
    """The module that everything moves to. path: its file. names: empty where not known."""

    path: str
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Taken:
    """One `from` statement: its dots, the module behind them, and the names but for a star."""

    level: int
    module: str | None
    names: tuple[str, ...]


def taken_by(module: Module) -> tuple[Taken, ...]:
    """What the `from` statements of a module take."""
    return tuple(
        Taken(node.level, node.module, tuple(a.name for a in node.names if a.name != "*"))
        for node in module.from_imports
    )


def target_of(path: str, module: Module | None, exports: frozenset[str]) -> Target:
    """The target as its file will be, which may be of another version than the profile tells of.

    exports: what the profile says, for a file that is not there.
    """
    if module is None:
        return Target(path, exports)
    return Target(path, frozenset() if module.is_open else module.bound)


def target_problems(
    path: str,
    taken: Sequence[Taken],
    before: Callable[[], Sequence[Taken]],
    target: Target,
    places: Places,
) -> Iterator[str]:
    """The names that a file will take from the target, which has none such.

    before: gives what it takes now; it is asked only where the new text has something amiss.
    """
    if not target.names:
        return
    missing = _from(target, path, taken, places) - target.names
    for name in sorted(missing - _from(target, path, before(), places)) if missing else ():
        yield f"the result would import {name} from {target.path}, which has no such name"


def _from(target: Target, path: str, taken: Sequence[Taken], places: Places) -> set[str]:
    return {
        name
        for statement in taken
        if statement.names and places.imported(path, statement) == {target.path}
        for name in statement.names
    }

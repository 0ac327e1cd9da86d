"""Every name that is imported from the target is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nonce_migrate.proof.module import Module
from nonce_migrate.proof.places import Places


@dataclass(frozen=True, slots=True)
class Target:
    """The module that everything moves to. path: its file. names: empty where not known."""

    path: str
    names: frozenset[str]


def target_of(path: str, module: Module | None, exports: frozenset[str]) -> Target:
    """The target as its file will be, which may be of another version than the profile tells of.

    exports: what the profile says, for a file that is not there.
    """
    if module is None:
        return Target(path, exports)
    return Target(path, frozenset() if module.is_open else module.bound)


def target_problems(before: Module, after: Module, target: Target, places: Places) -> Iterator[str]:
    """The names that a new text takes from the target, which has none such."""
    if not target.names:
        return
    missing = _taken(after, target, places) - target.names
    for name in sorted(missing - _taken(before, target, places)) if missing else ():
        yield f"the result would import {name} from {target.path}, which has no such name"


def _taken(module: Module, target: Target, places: Places) -> set[str]:
    return {
        alias.name
        for node in module.from_imports
        for alias in node.names
        if alias.name != "*" and places.imported(module.path, node) == {target.path}
    }

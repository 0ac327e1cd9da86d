"""Decides what happens to each top-level statement of a legacy module in its shim."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator
from enum import Enum

from nonce_migrate.shims.names import (
    bound_names,
    child_statements,
    dotted,
    lasting_names,
    mentioned_names,
)
from nonce_migrate.shims.pieces import Piece

_BLOCK = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.Match)
_BLOCKS = (*_BLOCK, ast.TryStar)
_ASSIGNMENT = (ast.Assign, ast.AnnAssign, ast.AugAssign)
_DISPLAY = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
_CONTAINERS = frozenset({"dict", "list", "set", "defaultdict", "OrderedDict", "deque", "Counter"})
_SEARCH_PATH = re.compile(r"sys\.path\b|site\.addsitedir$")
_OPENS_A_FILE = re.compile(r"(^|\.)(open|\w*FileHandler)$")


class Fate(Enum):
    """What happens to a statement.

    KEEP: carried over. LATER: the name that it binds is made when it is first asked for.
    REPLACE: the shim defines its names. DROP: lost, and listed. IGNORE: lost without loss.
    """

    KEEP = "keep"
    LATER = "later"
    REPLACE = "replace"
    DROP = "drop"
    IGNORE = "ignore"


def fates(
    pieces: tuple[Piece, ...], replaced: frozenset[str], kept_classes: Collection[str]
) -> list[Fate]:
    """What happens to each statement.

    replaced: the names that the shim defines itself. kept_classes: those of them whose class
    statement is kept all the same. Calls for their effect alone are dropped, but edits of
    `sys.path` and calls that fill the module's own lists, sets and dicts.
    """
    data = frozenset(name for piece in pieces for name in _containers(piece.node))
    found = [_fate(piece.node, replaced, data) for piece in pieces]
    for number, piece in enumerate(pieces):
        if found[number] is Fate.KEEP and _makes_at_once(piece.node, replaced):
            others = [
                other.node
                for other, fate in zip(pieces, found, strict=True)
                if other is not piece and _stays(other.node, fate, kept_classes)
            ]
            if not _is_needed(piece.node, others):
                found[number] = Fate.LATER
    _keep_what_is_needed(pieces, found, replaced)
    return found


def _stays(node: ast.stmt, fate: Fate, kept_classes: Collection[str]) -> bool:
    kept_class = isinstance(node, ast.ClassDef) and node.name in kept_classes
    return fate in (Fate.KEEP, Fate.LATER) or kept_class


def _fate(node: ast.stmt, replaced: frozenset[str], data: frozenset[str]) -> Fate:
    if isinstance(node, ast.Pass) or future_features(node):
        return Fate.IGNORE
    if isinstance(node, ast.Expr):
        return _fate_of_expression(node.value, data)
    if isinstance(node, (ast.Assert, ast.Raise)):
        return Fate.DROP
    names = lasting_names(node)
    if names and replaced.issuperset(names):
        return Fate.REPLACE
    if isinstance(node, ast.Delete):
        return Fate.DROP if replaced & mentioned_names(node) else Fate.KEEP
    if isinstance(node, _BLOCKS):
        return _fate_of_block(node, names, replaced, data)
    if isinstance(node, _ASSIGNMENT) and not names:
        return _fate_of_store(node, replaced, data)
    return Fate.KEEP


def _fate_of_expression(value: ast.expr, data: frozenset[str]) -> Fate:
    if isinstance(value, ast.Constant):
        return Fate.IGNORE
    if isinstance(value, ast.Call):
        called = dotted(value.func)
        if _SEARCH_PATH.match(called):
            return Fate.KEEP
        owner, _, method = called.rpartition(".")
        if method and owner in data:
            return Fate.KEEP
    return Fate.DROP


def _fate_of_block(
    node: ast.stmt, names: tuple[str, ...], replaced: frozenset[str], data: frozenset[str]
) -> Fate:
    if isinstance(node, ast.If) and _is_main_guard(node.test):
        return Fate.DROP
    if names:
        return Fate.KEEP
    inner = [_fate(child, replaced, data) for child in child_statements(node)]
    useful = Fate.KEEP in inner and Fate.DROP not in inner
    return Fate.KEEP if useful else Fate.DROP


def _fate_of_store(
    node: ast.Assign | ast.AnnAssign | ast.AugAssign, replaced: frozenset[str], data: frozenset[str]
) -> Fate:
    """Of an assignment to items or attributes only: kept where it fills the module's own data."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    owners = {dotted(_owner(target)) for target in targets}
    own = all(owner in data or _SEARCH_PATH.match(owner) for owner in owners)
    return Fate.KEEP if own and not replaced & owners else Fate.DROP


def _owner(target: ast.expr) -> ast.expr:
    while isinstance(target, ast.Subscript):
        target = target.value
    return target


def _is_main_guard(test: ast.expr) -> bool:
    return isinstance(test, ast.Compare) and "__name__" in mentioned_names(test)


def _containers(node: ast.stmt) -> Iterator[str]:
    """The names that a statement binds to a list, a dict or a set of its own."""
    if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
        value = node.value
        called = dotted(value.func).rpartition(".")[2] if isinstance(value, ast.Call) else ""
        if isinstance(value, _DISPLAY) or called in _CONTAINERS:
            yield from bound_names(node)


def _makes_at_once(node: ast.stmt, replaced: frozenset[str]) -> bool:
    """Whether it binds one name to a legacy object, or to a file that it opens."""
    if not isinstance(node, (ast.Assign, ast.AnnAssign)) or node.value is None:
        return False
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    if len(targets) != 1 or not isinstance(targets[0], ast.Name):
        return False
    calls = [dotted(n.func) for n in ast.walk(node.value) if isinstance(n, ast.Call)]
    legacy = any(called.partition(".")[0] in replaced for called in calls)
    return legacy or any(_OPENS_A_FILE.search(called) for called in calls)


def _is_needed(node: ast.stmt, others: list[ast.stmt]) -> bool:
    """Whether the module's own code mentions what a statement binds, or binds it too."""
    names = set(bound_names(node))
    return any(names & (mentioned_names(other) | set(bound_names(other))) for other in others)


def _keep_what_is_needed(
    pieces: tuple[Piece, ...], found: list[Fate], replaced: frozenset[str]
) -> None:
    """Keeps dropped statements after all that bind a name which a kept one mentions."""
    changed = True
    while changed:
        kept = [p.node for p, fate in zip(pieces, found, strict=True) if fate is Fate.KEEP]
        bound = {name for node in kept for name in bound_names(node)}
        missing = {name for node in kept for name in mentioned_names(node)} - bound - replaced
        changed = False
        for number, piece in enumerate(pieces):
            is_main = isinstance(piece.node, ast.If) and _is_main_guard(piece.node.test)
            if (
                found[number] is Fate.DROP
                and not is_main
                and missing & set(bound_names(piece.node))
            ):
                found[number] = Fate.KEEP
                changed = True


def future_features(node: ast.stmt) -> tuple[str, ...]:
    """The features of a `from __future__` import, nothing for any other statement."""
    if isinstance(node, ast.ImportFrom) and node.module == "__future__" and not node.level:
        return tuple(alias.name for alias in node.names)
    return ()

"""Carries the rest of a legacy module over into its shim."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace

from nonce_migrate.shims.fates import Fate, fates, future_features
from nonce_migrate.shims.names import STAR, bound_names, mentioned_names
from nonce_migrate.shims.pieces import Piece


@dataclass(frozen=True, slots=True)
class Kept:
    """What of a legacy module is carried over.

    features: of its `from __future__` imports. statements: in their order. later: names that the
    module bound on import to something that it should not make on import, each with the text of
    its expression. names: everything above that stays importable. overriding: whether a kept
    statement may bind a name that the shim itself defines. dropped: one line each.
    """

    features: tuple[str, ...]
    statements: tuple[Piece, ...]
    later: tuple[tuple[str, str], ...]
    names: tuple[str, ...]
    overriding: bool
    dropped: tuple[str, ...]


def keep(pieces: tuple[Piece, ...], replaced: frozenset[str], kept_classes: dict[str, str]) -> Kept:
    """Decides about each statement.

    replaced: the names that the shim defines itself. kept_classes: those of them whose class
    statement is kept all the same, with the name that it gets.
    """
    decided = fates(pieces, replaced, kept_classes)
    statements, later, dropped = [], [], []
    names: list[str] = []
    for piece, fate in zip(pieces, decided, strict=True):
        node = piece.node
        if fate is Fate.REPLACE and isinstance(node, ast.ClassDef) and node.name in kept_classes:
            statements.append(_renamed(piece, node.name, kept_classes[node.name]))
        elif fate is Fate.DROP:
            dropped.append(describe(piece))
        elif fate is Fate.LATER:
            later.append(_later(piece))
        elif fate is Fate.KEEP:
            statements.append(piece)
        if fate in (Fate.KEEP, Fate.LATER):
            names += bound_names(node)
        if fate is Fate.KEEP and isinstance(node, ast.Delete):
            names = [name for name in names if name not in mentioned_names(node)]
    own = replaced | {STAR, "__all__", "__getattr__"}
    return Kept(
        features=tuple(feature for piece in pieces for feature in future_features(piece.node)),
        statements=tuple(statements),
        later=tuple(later),
        names=tuple(dict.fromkeys(name for name in names if name not in own)),
        overriding=bool((replaced | {STAR}).intersection(names)),
        dropped=tuple(dropped),
    )


def describe(piece: Piece) -> str:
    """A line that names a statement that could not be kept."""
    first = piece.text.split("\n")[piece.text.count("\n", 0, _code_start(piece))]
    shown = first if len(first) <= 80 else f"{first[:77]}..."
    return f"line {piece.line}: {shown}"


def _code_start(piece: Piece) -> int:
    offset = 0
    while piece.text.startswith("#", offset):
        offset = piece.text.index("\n", offset) + 1
    return offset


def _renamed(piece: Piece, old: str, new: str) -> Piece:
    text = re.sub(rf"^class([ \t]+){old}\b", rf"class\g<1>{new}", piece.text, count=1, flags=re.M)
    return replace(piece, text=text)


def _later(piece: Piece) -> tuple[str, str]:
    node = piece.node
    assert isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None
    return bound_names(node)[0], ast.unparse(node.value)

"""Builds the deprecation shim of a legacy module from the rows of its profile."""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Iterator
from itertools import takewhile
from pathlib import PurePosixPath

from nonce_migrate import __version__
from nonce_migrate.profile.schema import Profile, ShimKind, Symbol, System
from nonce_migrate.shims import templates
from nonce_migrate.shims.classes import adapter, stand_in
from nonce_migrate.shims.code import call, literal, module, paragraph, prose
from nonce_migrate.shims.expiry import with_remove_in
from nonce_migrate.shims.functions import alias, function, gone
from nonce_migrate.shims.inert import build_inert
from nonce_migrate.shims.keep import Kept, keep
from nonce_migrate.shims.names import bound_names
from nonce_migrate.shims.pieces import Piece, cut, join
from nonce_migrate.shims.plan import Form, ShimPlan, old_class_name
from nonce_migrate.shims.shim import MARKER, Shim
from nonce_migrate.source import UnparsableError


def build_shim(
    profile: Profile,
    system: System,
    module_path: PurePosixPath,
    target_path: PurePosixPath,
    source: str,
    remove_in: str = "",
) -> Shim:
    """The shim that replaces a legacy module.

    module_path, target_path: of the legacy module and of the target, from the project's base.
    source: the text of the legacy module, with any line ends. Where it cannot be parsed, nothing
    of it is kept, and `dropped` says so. remove_in: when the shim is to go, as nonce_migrate.expiry
    reads it, "" where that is not settled. The same input gives the same text.
    """
    pieces, problem = _pieces(source)
    if system.shim is ShimKind.INERT:
        shim = build_inert(system, pieces)
    else:
        shim = _adapting(profile, system, module_path, target_path, pieces)
    text = with_remove_in(shim.text, remove_in)
    return Shim(text, shim.kept_names, (*problem, *shim.dropped))


def _pieces(source: str) -> tuple[tuple[Piece, ...], tuple[str, ...]]:
    text = source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    try:
        return cut(text), ()
    except UnparsableError as error:
        return (), (f"line {error.line}: nothing of the old module is kept: {error.reason}",)


def _adapting(
    profile: Profile,
    system: System,
    module_path: PurePosixPath,
    target_path: PurePosixPath,
    pieces: tuple[Piece, ...],
) -> Shim:
    classes = frozenset(p.node.name for p in pieces if isinstance(p.node, ast.ClassDef))
    plan = ShimPlan(profile, system, ".".join(_parts(target_path)), classes)
    kept = keep(
        pieces, plan.replaced, {name: old_class_name(name) for name in sorted(plan.kept_classes)}
    )
    text = module(
        [MARKER, *_about(plan), *_future(kept), "", *templates.LOAD_IMPORTS.split("\n")],
        [_loader(module_path, target_path)],
        [templates.GOES],
        [templates.WARN],
        [templates.STAND_IN] if any(plan.names_in(Form.STAND_IN)) else [],
        [templates.ADAPTER] if plan.adapters else [],
        [line for symbol in plan.names_in(Form.ALIAS) for line in alias(symbol)],
        *(stand_in(plan, symbol) for symbol in plan.names_in(Form.STAND_IN)),
        *(adapter(plan, symbol) for symbol in plan.names_in(Form.ADAPTER)),
        *(function(plan, symbol) for symbol in plan.names_in(Form.FUNCTION)),
        *_missing(plan, kept),
        *_rest(plan, kept),
        [templates.WARN_FROM_NOW_ON],
    )
    return Shim(text, kept.names, kept.dropped)


def _about(plan: ShimPlan) -> list[str]:
    """The docstring of the shim: what it is, since when, what to import instead."""
    system = plan.system
    first = prose(f"Deprecated since nonce-migrate {__version__}: use {plan.target} instead.")
    rows = [line for symbol in system.symbols.values() for line in _row(symbol)]
    about = (
        f"This module was {system.description or system.name}. Its names still work as they did, "
        f"on the objects of {plan.target}. Making one of its classes, or calling one of its "
        "functions or classmethods, warns DeprecationWarning at the line that does it; importing "
        "it, or calling a method, does not."
    )
    return [f'"""{first}', "", *paragraph(about), "", "What to use instead:", "", *rows, '"""']


def _row(symbol: Symbol) -> list[str]:
    lines = paragraph(f"{symbol.name}: {symbol.becomes.text if symbol.becomes else symbol.step}")
    return ["    " + lines[0], *(" " * 8 + line for line in lines[1:])]


def _future(kept: Kept) -> list[str]:
    features = sorted(set(kept.features))
    return ["", f"from __future__ import {', '.join(features)}"] if features else []


def _parts(path: PurePosixPath) -> tuple[str, ...]:
    parts = path.with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" else parts


def _loader(module_path: PurePosixPath, target_path: PurePosixPath) -> str:
    own, target = _parts(module_path)[:-1], _parts(target_path)
    pairs = zip(own, target[:-1], strict=False)
    common = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    file = posixpath.relpath(target_path.as_posix(), module_path.parent.as_posix())
    return templates.LOAD % {
        "up": len(own) - common,
        "below": ", ".join(literal(part) for part in target[common:]),
        "file": f"[{', '.join(literal(part) for part in PurePosixPath(file).parts)}]",
        "target": ".".join(target),
    }


def _missing(plan: ShimPlan, kept: Kept) -> Iterator[list[str]]:
    for symbol in plan.names_in(Form.GONE):
        if symbol.name not in kept.names:
            yield gone(symbol)


def _rest(plan: ShimPlan, kept: Kept) -> Iterator[list[str]]:
    """What is kept of the legacy module, between what protects the shim's own names from it."""
    if kept.overriding:
        names = ", ".join(literal(name) for name in sorted(plan.replaced))
        yield call("_shim_own = dict", [f"(name, globals()[name]) for name in [{names}]"])
    if kept.statements:
        yield ["# The rest of the module, as it was.", "", join(kept.statements)]
    if kept.overriding:
        yield ["globals().update(_shim_own)"]
    if kept.later:
        yield from _made_later(kept)


def _made_later(kept: Kept) -> Iterator[list[str]]:
    rows = [f"    {literal(name)}: lambda: {expression}," for name, expression in kept.later]
    yield ["_shim_lazy = {", *rows, "}"]
    bound = {name for piece in kept.statements for name in bound_names(piece.node)}
    otherwise = templates.LAZY_END
    if "__getattr__" in bound:
        yield ["_shim_kept_getattr = __getattr__"]
        otherwise = templates.LAZY_KEPT
    yield [templates.LAZY % {"otherwise": otherwise}]
    if "__all__" not in bound:
        public = [literal(name) for name, _ in kept.later if not name.startswith("_")]
        listed = '[name for name in globals() if not name.startswith("_")]'
        yield [f"__all__ = {listed} + [{', '.join(public)}]"] if public else []

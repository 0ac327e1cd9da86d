"""Fits the arguments of a legacy call to the new one, or says why that cannot be proven."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from nonce_migrate.profile.schema import Becomes, Parameter
from nonce_migrate.rules.intents import Drop, Keyword


@dataclass(frozen=True, slots=True)
class Fit:
    """How the written arguments are handed on; empty where they stay as they stand."""

    arguments: Mapping[int, Keyword | Drop] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Misfit:
    """Why the arguments cannot be mapped one to one. broken: what failed with them before."""

    reason: str
    broken: str = ""


MayDrop = Callable[[str, ast.expr], bool]


def written(call: ast.Call) -> list[ast.expr | ast.keyword]:
    """The arguments of a call in the order in which they are written and evaluated."""
    return sorted([*call.args, *call.keywords], key=lambda a: (a.lineno, a.col_offset))


def fit(
    call: ast.Call,
    parameters: tuple[Parameter, ...] | None,
    becomes: Becomes,
    may_drop: MayDrop,
) -> Fit | Misfit:
    """Maps each written argument to its place in the new call.

    may_drop: whether the expression given for a parameter may go (it has no side effect and what
    it gives is known). Nothing is ever reordered.
    """
    if becomes.arguments is None and not becomes.convert:
        return Fit()
    bound = bind(call, parameters or ())
    if isinstance(bound, Misfit):
        return bound
    missing = [p.name for p in parameters or () if p.default is None and p.name not in bound]
    if missing:
        return _never_fitted(f"it lacks `{missing[0]}`")
    if becomes.arguments is None:
        return Fit()
    places = {argument.parameter: argument.keyword for argument in becomes.arguments}
    order = [argument.parameter for argument in becomes.arguments]
    changes: dict[int, Keyword | Drop] = {}
    for index, (item, parameter) in enumerate(zip(written(call), bound, strict=True)):
        value = item.value if isinstance(item, ast.keyword) else item
        if parameter not in places:
            if not may_drop(parameter, value):
                return Misfit(f"the argument for `{parameter}` has no place in the new call")
            changes[index] = Drop()
            continue
        keyword = places[parameter]
        if keyword is not None and getattr(item, "arg", None) != keyword:
            changes[index] = Keyword(keyword)
        if (
            keyword is None
            and not isinstance(item, ast.keyword)
            and order.index(parameter) != index
        ):
            return Misfit(f"the argument for `{parameter}` would have to change its position")
    return Fit(changes)


def _never_fitted(reason: str) -> Misfit:
    return Misfit(f"{reason}, so it always raised TypeError", "always raised TypeError")


def bind(call: ast.Call, parameters: tuple[Parameter, ...]) -> list[str] | Misfit:
    """The parameter that each written argument is for."""
    names = [parameter.name for parameter in parameters]
    bound: list[str] = []
    for item in written(call):
        if isinstance(item, ast.Starred) or (isinstance(item, ast.keyword) and item.arg is None):
            return Misfit("arguments are unpacked from a variable, so what they are is not known")
        if isinstance(item, ast.keyword):
            assert item.arg is not None
            name = item.arg
        elif len(bound) < len(names):
            name = names[call.args.index(item)]
        else:
            return _never_fitted("it has more arguments than the legacy signature takes")
        if name not in names or name in bound:
            return _never_fitted(f"the legacy signature takes no `{name}` here")
        bound.append(name)
    return bound

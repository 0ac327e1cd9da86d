"""Adapts one call: another callee, other keywords, fewer arguments, a conversion around it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import libcst as cst

from nonce_migrate.edit import gaps
from nonce_migrate.edit.dotted import dotted_node
from nonce_migrate.edit.errors import EditError
from nonce_migrate.edit.gaps import Gap
from nonce_migrate.edit.parse import comments, is_expression, read_expression, refusing

_NOTHING = cst.SimpleWhitespace("")
_PRIMARIES = cst.Name | cst.Attribute | cst.Call | cst.Subscript


@dataclass(frozen=True, slots=True)
class Keep:
    """The argument stays as it is written."""


@dataclass(frozen=True, slots=True)
class AsKeyword:
    """The argument is passed as `name=value`, whether or not it had a keyword before."""

    name: str


@dataclass(frozen=True, slots=True)
class Drop:
    """The argument goes."""


ArgumentChange = Keep | AsKeyword | Drop


@dataclass(frozen=True, slots=True)
class CallChange:
    """What becomes of a call.

    callee: new source of the whole callee. member: new last name of `obj.member(...)`, not
    together with callee. arguments: by index in the order written; the others stay. convert: a
    name to wrap the call with, `int` for `int(...)`. Empty and None change nothing.
    """

    callee: str | None = None
    member: str | None = None
    arguments: Mapping[int, ArgumentChange] = field(default_factory=dict)
    convert: str = ""


def adapt_call(expression: str, change: CallChange) -> str:
    """The call with the change made; everything else in it stays as it is written.

    expression: the exact source of one call, without `await`; it may hold line ends that only
    brackets around it make legal. Raises EditError where it is no call, where an index or member
    is not there, where an argument would change its place or be passed twice, and where a
    comment would be lost.
    """
    fixed = tuple((index, change.arguments[index]) for index in sorted(change.arguments))
    return _adapted(expression, change.callee, change.member, fixed, change.convert)


@lru_cache(maxsize=1024)  # the same call stands in many places
def _adapted(
    expression: str,
    callee: str | None,
    member: str | None,
    fixed: tuple[tuple[int, ArgumentChange], ...],
    convert: str,
) -> str:
    change = CallChange(callee, member, dict(fixed), convert)
    module, call = read_expression(expression)
    if not isinstance(call, cst.Call):
        raise EditError("not a call")
    if not all(0 <= index < len(call.args) for index in change.arguments):
        raise EditError(f"the call has {len(call.args)} arguments only")
    with refusing():
        changed = _with_callee(call, change)
        if change.arguments:
            changed = _with_arguments(changed, change.arguments)
        result = module.code_for_node(changed)
    if "#" in expression and Counter(comments(changed)) != Counter(comments(call)):
        raise EditError("a comment would be lost")
    if change.convert:
        dotted_node(change.convert)
        result = f"{change.convert}({result})"
    if not is_expression(f"({result})"):
        raise EditError("the result would not be Python")
    if not is_expression(result) and is_expression(expression):
        raise EditError("the result would need brackets around it")
    return result


def _with_callee(call: cst.Call, change: CallChange) -> cst.Call:
    if change.callee is not None and change.member is not None:
        raise EditError("either the callee or its last name can change, not both")
    if change.callee is not None:
        _, callee = read_expression(change.callee)
        if not isinstance(callee, _PRIMARIES) and not callee.lpar:
            raise EditError(f"not something to call: {change.callee!r}")
        return call.with_changes(func=callee)
    if change.member is None:
        return call
    name = dotted_node(change.member)
    if not isinstance(call.func, cst.Attribute) or not isinstance(name, cst.Name):
        raise EditError("not a call of a member")
    attr = call.func.attr.with_changes(value=name.value)
    return call.with_changes(func=call.func.with_changes(attr=attr))


def _with_arguments(call: cst.Call, changes: Mapping[int, ArgumentChange]) -> cst.Call:
    _check_order(call.args, changes)
    arguments: list[cst.Arg] = []
    between: list[Gap] = []
    pending = call.whitespace_before_args
    for index, argument in enumerate(call.args):
        what = changes.get(index, Keep())
        after = _space_behind(argument)
        if isinstance(what, Drop):
            pending = gaps.close_up(pending, after, leading=not arguments)
            continue
        arguments.append(
            _as_keyword(argument, what.name) if isinstance(what, AsKeyword) else argument
        )
        between.append(pending)
        pending = after
    _check_keywords(arguments)
    if not arguments and not comments(pending):
        pending = _NOTHING
    first, *others = (*between, pending)
    ends_in_comma = isinstance(call.args[-1].comma, cst.Comma)
    return call.with_changes(
        whitespace_before_args=first, args=_spaced(arguments, others, ends_in_comma=ends_in_comma)
    )


def _space_behind(argument: cst.Arg) -> Gap:
    if isinstance(argument.comma, cst.Comma):
        return argument.comma.whitespace_after
    return argument.whitespace_after_arg


def _spaced(
    arguments: Sequence[cst.Arg], spaces: Sequence[Gap], *, ends_in_comma: bool
) -> list[cst.Arg]:
    """The arguments with these gaps behind them."""
    result = []
    for number, (argument, space) in enumerate(zip(arguments, spaces, strict=False), start=1):
        if number == len(arguments) and not ends_in_comma:
            spaced = argument.with_changes(
                comma=cst.MaybeSentinel.DEFAULT, whitespace_after_arg=space
            )
        else:
            assert isinstance(argument.comma, cst.Comma)
            spaced = argument.with_changes(
                comma=argument.comma.with_changes(whitespace_after=space)
            )
        result.append(spaced)
    return result


def _as_keyword(argument: cst.Arg, name: str) -> cst.Arg:
    keyword = dotted_node(name)
    if not isinstance(keyword, cst.Name):
        raise EditError(f"not the name of a parameter: {name!r}")
    if argument.keyword is not None:
        return argument.with_changes(keyword=argument.keyword.with_changes(value=name))
    value = argument.value
    if isinstance(value, cst.GeneratorExp | cst.NamedExpr) and not value.lpar:
        value = value.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    equal = cst.AssignEqual(whitespace_before=_NOTHING, whitespace_after=_NOTHING)
    return argument.with_changes(keyword=keyword, equal=equal, value=value)


def _check_order(arguments: Sequence[cst.Arg], changes: Mapping[int, ArgumentChange]) -> None:
    """Refuses keywords for arguments whose position is unknown, or which others rely on."""
    unpacked = converted = False
    for index, argument in enumerate(arguments):
        what = changes.get(index, Keep())
        positional = argument.keyword is None and argument.star != "**"
        if isinstance(what, AsKeyword) and argument.star:
            raise EditError(f"`{argument.star}` has no one keyword")
        if positional and unpacked and not argument.star and not isinstance(what, Keep):
            raise EditError("an argument behind `*` has no known place")
        if positional and converted and isinstance(what, Keep):
            raise EditError("a positional argument would stand behind a keyword")
        converted = converted or (positional and isinstance(what, AsKeyword))
        unpacked = unpacked or (argument.star == "*" and isinstance(what, Keep))


def _check_keywords(arguments: Sequence[cst.Arg]) -> None:
    keywords = [argument.keyword.value for argument in arguments if argument.keyword]
    for name, times in Counter(keywords).items():
        if times > 1:
            raise EditError(f"{name!r} would be passed twice")

"""Turns what a row of the profile becomes into the call in the body of a shim's function."""

from __future__ import annotations

from nonce_migrate.profile.schema import Becomes, Parameter
from nonce_migrate.shims.code import call, literal
from nonce_migrate.shims.plan import ShimPlan, required

_BUILTIN_RETURNS = frozenset(
    {"None", "bool", "bytes", "dict", "float", "int", "list", "list[int]", "list[str]", "str"}
)


def signature(
    name: str,
    parameters: tuple[Parameter, ...] | None,
    *,
    receiver: str = "",
    returns: str = "",
    is_coroutine: bool = False,
) -> str:
    """The line that begins a function. receiver: `self`, `cls` or nothing."""
    first = [receiver] if receiver else []
    if parameters is None:
        rest = ["*args", "**kwargs"]
    else:
        rest = [p.name if p.default is None else f"{p.name}={p.default}" for p in parameters]
    arrow = f" -> {returns}" if returns in _BUILTIN_RETURNS else ""
    start = "async def" if is_coroutine else "def"
    return f"{start} {name}({', '.join([*first, *rest])}){arrow}:"


def passed_on(becomes: Becomes, parameters: tuple[Parameter, ...] | None) -> list[str]:
    """The arguments of the new call, in terms of the legacy parameters."""
    if becomes.arguments is not None:
        return [
            a.parameter if a.keyword is None else f"{a.keyword}={a.parameter}"
            for a in becomes.arguments
        ]
    if parameters is None:
        return ["*args", "**kwargs"]
    return [p.name for p in parameters]


def callee(becomes: Becomes, this: str) -> str:
    """What the new call calls. this: the object or class that `self` stands for."""
    if not becomes.receiver:
        return f"_shim_target.{becomes.target}"
    via = f"{becomes.via}()." if becomes.via else ""
    return f"{this}.{via}{becomes.target}"


def body(
    becomes: Becomes,
    parameters: tuple[Parameter, ...] | None,
    *,
    this: str = "",
    indent: int,
    returns: str = "",
    is_coroutine: bool = False,
) -> list[str]:
    """The lines that make the new call and give what it gives."""
    head = ("await " if is_coroutine else "") + callee(becomes, this)
    tail = ""
    if becomes.convert:
        head, tail = f"{becomes.convert}({head}", ")"
    if returns != "None":
        head = f"return {head}"
    return call(head, passed_on(becomes, parameters), tail, indent=indent)


def shared(
    plan: ShimPlan,
    becomes: Becomes,
    parameters: tuple[Parameter, ...] | None,
    *,
    cls: str,
    produced: str,
    this: str = "",
    indent: int,
) -> list[str]:
    """The lines that give the one adapter for the required arguments of a call.

    cls: the expression of its class. produced: that class's name in the profile.
    """
    keys = [p.name for p in required(parameters)]
    constructor = plan.system.symbols[produced]
    given = {p.name for p in parameters or ()}
    kept = [
        f"{p.name}={p.name if p.name in given else p.default}"
        for p in constructor.parameters or ()
        if p.name not in constructor.drops
    ]
    key = f"({keys[0]},)" if len(keys) == 1 else f"({', '.join(keys)})"
    new = call(f"_new = {callee(becomes, this)}", passed_on(becomes, parameters), indent=indent)
    return [*new, *call("return _shim_shared", [cls, key, "_new", *kept], indent=indent)]


def warning(old: str, new: str, *, indent: int) -> list[str]:
    """The lines that warn of a call of a legacy name."""
    return call("_shim_warn", [literal(old), literal(new)], indent=indent)

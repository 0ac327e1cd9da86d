"""Whether what the rows of a profile become fits the packaged manager: wrong words for each misfit.

The target is known to the last parameter there, so that a slip of a row is told when the profile is
read, not by the bot when it trades.
"""

from __future__ import annotations

from nonce_migrate.profile.packaged import Callee, Packaged
from nonce_migrate.profile.schema import Argument, Becomes, Member, MemberKind, Symbol
from nonce_migrate.profile.table import hint


def misfit_of_short_row(symbol: Symbol, packaged: Packaged) -> str:
    """Why `old = "new"` is too short for a name, "" where it is not."""
    new = symbol.becomes.target if symbol.becomes else ""
    if new not in packaged.functions or new.endswith("Error"):
        return ""
    return (
        "a plain rename would keep arguments and results as they are, and the packaged manager "
        f'has its own: write [[system.name]] with signature = "{symbol.name}(...)"'
    )


def misfit_of_name(symbol: Symbol, packaged: Packaged) -> str:
    """Why a row `[[system.name]]` does not fit, "" where it does."""
    new = symbol.becomes
    callee = packaged.functions.get(new.target) if new else None
    if new is None or callee is None or symbol.parameters is None:
        return ""
    if callee.gives_the_manager and not symbol.produces:
        return (
            f"{new.text!r} gives the manager: name the class whose members its result had before, "
            "as produces"
        )
    return _misfit_of_call(new, _arguments(new, symbol), callee, symbol.ignored)


def misfit_of_member(member: Member, owner: Symbol | None, packaged: Packaged) -> str:
    """Why a row `[[system.member]]` does not fit, "" where it does. owner: its class."""
    new = member.becomes
    cls = owner.becomes.target if owner is not None and owner.becomes is not None else ""
    members = packaged.members.get(cls)
    if new is None or members is None:
        return ""
    for name in filter(None, (new.via, new.target)):
        if name not in members:
            public = [n for n in members if not n.startswith("_")]
            return f"{name!r} of {new.text!r} is no member of {cls}{hint(name, public)}"
    callee = members[new.target]
    if callee is None or member.kind is MemberKind.ATTRIBUTE:
        return ""
    if callee.is_coroutine != member.is_coroutine:
        return _of_another_kind(member, new, callee)
    return _misfit_of_call(new, _arguments(new, member), callee, member.ignored)


def _of_another_kind(member: Member, new: Becomes, callee: Callee) -> str:
    one, other = ("a coroutine", "a plain method")[:: 1 if callee.is_coroutine else -1]
    cure = "coroutine = true" if callee.is_coroutine else "a step instead of becomes"
    return f"{new.text!r} is {one}, and {member.name} {other} here; if that is right, give {cure}"


def _arguments(new: Becomes, row: Symbol | Member) -> tuple[Argument, ...]:
    if new.arguments is not None:
        return new.arguments
    return tuple(Argument(parameter.name) for parameter in row.parameters or ())


def _misfit_of_call(
    new: Becomes, arguments: tuple[Argument, ...], callee: Callee, ignored: tuple[str, ...]
) -> str:
    if callee.takes_any:
        return ""
    known = {*callee.positional, *callee.keywords}
    given: set[str] = set()
    for place, argument in enumerate(arguments):
        name = argument.keyword or (
            callee.positional[place] if place < len(callee.positional) else ""
        )
        if not name:
            return f"{argument.parameter!r} is one argument more than {new.target} takes"
        if name not in known:
            return f"{name!r} is no parameter of {new.target}{hint(name, known)}"
        if argument.keyword is None and name != argument.parameter:
            old, others = argument.parameter, ", ".join(sorted(known - {name}))
            possible = f" (others: {others})" if others else ""
            return (
                f"{old!r} by position is {name!r} of {new.target}, and a caller may give it by "
                f"name: write {name}={old} in becomes, if that is what it means{possible}"
            )
        given.add(name)
    missing = sorted(callee.required - given)
    return f"{new.target} needs {missing[0]!r}, which {new.text!r} does not give" if missing else ""

"""Turns the rows of a system's table into symbols and members."""

from __future__ import annotations

from nonce_migrate.profile.expressions import NotationError, parse_becomes, parse_signature
from nonce_migrate.profile.schema import (
    Becomes,
    Member,
    MemberKind,
    NameKind,
    Parameter,
    Symbol,
    Unit,
)
from nonce_migrate.profile.table import Table, hint, is_name

_MEMBER_KINDS = (MemberKind.METHOD, MemberKind.CLASSMETHOD, MemberKind.ATTRIBUTE)


def read_short_symbols(names: Table) -> list[tuple[str, Symbol]]:
    """`[system.names]`, rows of old = "new": the keys and what they describe."""
    found = []
    for name in names:
        text = names.required(name, "the new name")
        if not is_name(name):
            names.complain(name, "is not a Python name")
            continue
        kind = _kind_of_name(name, None)
        becomes = _becomes_of_name(names, name, text, None) if text else None
        produces = name if kind is NameKind.CLASS else ""
        found.append((name, Symbol(name, kind, None, becomes, produces, is_renamed=True)))
    return found


def read_symbol(row: Table) -> Symbol | None:
    """`[[system.name]]`; None where not even its name can be read."""
    name, parameters = _signature(row)
    kind = row.choice("kind", _kind_of_name(name, parameters), tuple(NameKind))
    text = row.text("becomes")
    symbol = Symbol(
        name=name,
        kind=kind,
        parameters=parameters,
        becomes=None,
        produces=row.text("produces") or (name if kind is NameKind.CLASS else ""),
        drops=_drops(row, parameters),
        ignored=_parameters(row, "ignored", parameters),
        raised_with=_parameters(row, "raised_with", parameters),
        unit=_unit(row),
        broken=row.text("broken"),
        why=row.text("why"),
        step=row.text("step"),
    )
    row.finish()
    if not name:
        return None
    if not row.has("becomes") and not symbol.step:
        text = name + _arguments(parameters)
    becomes = _becomes_of_name(row, "becomes", text, parameters) if text else None
    return symbol._replace(becomes=becomes)


def read_member(row: Table) -> Member | None:
    """`[[system.member]]`; None where not even its name can be read."""
    owner = row.required("of", "the legacy class that the member belongs to")
    name, parameters = _signature(row)
    text = row.text("becomes")
    member = Member(
        owner=owner,
        name=name,
        kind=row.choice("kind", MemberKind.METHOD, _MEMBER_KINDS),
        parameters=parameters or (),
        becomes=None,
        returns=row.text("returns"),
        produces=row.text("produces"),
        is_coroutine=row.flag("coroutine"),
        ignored=_parameters(row, "ignored", parameters),
        unit=_unit(row),
        broken=row.text("broken"),
        why=row.text("why"),
        step=row.text("step"),
    )
    row.finish()
    if not name or not owner:
        return None
    if not row.has("becomes") and not member.step:
        text = f"self.{name}{_arguments(parameters)}"
    return member._replace(becomes=_becomes_of_member(row, text, parameters) if text else None)


def read_private(row: Table) -> list[Member]:
    """`[[system.private]]`: members that no code should touch, with one step for all of them."""
    owner = row.required("of", "the legacy class that the members belong to")
    names = row.names("names")
    if row.is_empty("names"):
        row.complain("names", "missing; give the names of the members")
    step = row.required("step", "what a person has to do instead")
    why = row.text("why")
    row.finish()
    if not owner:
        return []
    return [Member(owner, name, MemberKind.PRIVATE, (), None, why=why, step=step) for name in names]


def _signature(row: Table) -> tuple[str, tuple[Parameter, ...] | None]:
    """The name and parameters of a row; the name alone where the parameters are wrong."""
    text = row.required("signature", "the legacy name, with its parameters if it has any")
    if not text:
        return "", None
    try:
        return parse_signature(text)
    except NotationError as error:
        row.complain("signature", str(error))
        name = text.partition("(")[0].strip()
        return (name if is_name(name) else ""), None


def _kind_of_name(name: str, parameters: tuple[Parameter, ...] | None) -> NameKind:
    """What a top-level name is by its looks."""
    if name.lstrip("_")[:1].isupper():
        is_exception = name.endswith(("Error", "Exception"))
        return NameKind.EXCEPTION if is_exception else NameKind.CLASS
    return NameKind.DATA if parameters is None else NameKind.FUNCTION


def _drops(row: Table, parameters: tuple[Parameter, ...] | None) -> dict[str, tuple[str, ...]]:
    table = row.table("drops")
    known = {parameter.name for parameter in parameters or ()}
    for parameter in table:
        if parameter not in known:
            table.complain(
                parameter, f"is not a parameter of the signature{hint(parameter, known)}"
            )
    return {parameter: table.names(parameter) for parameter in table}


def _parameters(row: Table, key: str, parameters: tuple[Parameter, ...] | None) -> tuple[str, ...]:
    """An array of names of parameters."""
    known = {parameter.name for parameter in parameters or ()}
    found = row.names(key)
    for name in found:
        if name not in known:
            row.complain(key, f"{name!r} is not a parameter of the signature{hint(name, known)}")
    return found


def _unit(row: Table) -> Unit | None:
    return row.choice("unit", Unit.US, tuple(Unit)) if row.has("unit") else None


def _arguments(parameters: tuple[Parameter, ...] | None) -> str:
    """A call's brackets that hand every parameter on, "" where there is none to call."""
    if parameters is None:
        return ""
    return f"({', '.join(parameter.name for parameter in parameters)})"


def _becomes_of_name(
    row: Table, key: str, text: str, parameters: tuple[Parameter, ...] | None
) -> Becomes | None:
    becomes = _becomes(row, key, text, parameters)
    if becomes is not None and becomes.receiver:
        row.complain(key, f"{text!r} is a member; give a top-level name of the target")
        return None
    return becomes


def _becomes_of_member(
    row: Table, text: str, parameters: tuple[Parameter, ...] | None
) -> Becomes | None:
    becomes = _becomes(row, "becomes", text, parameters)
    if becomes is not None and not becomes.receiver:
        row.complain("becomes", f"{text!r} has no object; write self.{becomes.target}")
        return None
    return becomes


def _becomes(
    row: Table, key: str, text: str, parameters: tuple[Parameter, ...] | None
) -> Becomes | None:
    try:
        return parse_becomes(text, parameters)
    except NotationError as error:
        row.complain(key, str(error))
        return None

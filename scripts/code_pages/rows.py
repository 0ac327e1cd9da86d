"""What the profile `kraken` says on a code, as sections of its page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from prose import literal

from nonce_migrate.model import Code
from nonce_migrate.profile import load_profile
from nonce_migrate.profile.schema import Member, MemberKind, Parameter, Profile, Symbol


def profile_section(code: Code) -> list[str]:
    """The heading and the list for a code, nothing where the profile says nothing on it."""
    if code not in _ROWS:
        return []
    rows = dict.fromkeys(_ROWS[code](load_profile("kraken")))
    return ["## In the profile `kraken`", "\n".join(f"- {row}" for row in rows)]


def _modules(profile: Profile) -> Iterator[str]:
    for system in profile.systems:
        yield f"`{system.module}`, {literal(system.description)}. {literal(system.why)}"


def _names(profile: Profile) -> Iterator[str]:
    for system in profile.systems:
        for symbol in system.symbols.values():
            name = f"`{symbol.name}{_signature(symbol.parameters)}` of {system.name}"
            yield name + _fate(symbol)


def _changed_members(profile: Profile) -> Iterator[str]:
    for member in _members(profile):
        if member.kind is not MemberKind.PRIVATE and not member.is_unchanged:
            called = "" if member.kind is MemberKind.ATTRIBUTE else _signature(member.parameters)
            why = f". {literal(member.why)}" if member.why else ""
            yield f"`{member.owner}.{member.name}{called}`{_fate(member)}{why}"


def _fate(row: Symbol | Member) -> str:
    if row.becomes is not None:
        return f" becomes `{row.becomes.text}`"
    return f" has no counterpart: {literal(row.step)}"


def _private_state(profile: Profile) -> Iterator[str]:
    steps: dict[tuple[str, str], list[str]] = {}
    for member in _members(profile):
        if member.kind is MemberKind.PRIVATE:
            steps.setdefault((member.owner, member.step), []).append(member.name)
    for (owner, step), names in steps.items():
        yield f"{_listed(names)} of `{owner}`: {literal(step)}"


def _state_files(profile: Profile) -> Iterator[str]:
    for system in profile.systems:
        if system.state_files:
            yield f"state files of {system.name}: {_listed(system.state_files)}"


def _rogue(profile: Profile) -> Iterator[str]:
    assert profile.rogue is not None
    yield f"names that hold a nonce: {_listed(profile.rogue.names)}"
    yield f"functions that give one: {_listed(profile.rogue.functions)}"
    yield f"in their place: `{profile.rogue.becomes}`, which counts in {profile.rogue.unit}"
    yield f"words that speak for the exchange: {_listed(profile.rogue.context)}"


def _broken(profile: Profile) -> Iterator[str]:
    for system in profile.systems:
        for symbol in system.symbols.values():
            if symbol.broken:
                yield f"`{symbol.name}` of {system.name} {literal(symbol.broken)}"
    for member in _members(profile):
        if member.broken:
            yield f"`{member.owner}.{member.name}` {literal(member.broken)}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _members(profile: Profile) -> Iterator[Member]:
    return (member for system in profile.systems for member in system.members)


def _signature(parameters: tuple[Parameter, ...] | None) -> str:
    if parameters is None:
        return ""
    texts = (p.name if p.default is None else f"{p.name}={p.default}" for p in parameters)
    return f"({', '.join(texts)})"


_ROWS: dict[Code, Callable[[Profile], Iterator[str]]] = {
    Code.LEGACY_MODULE: _modules,
    Code.IMPORT_NAME: _names,
    Code.CALL: _changed_members,
    Code.PRIVATE_STATE: _private_state,
    Code.UNDOING: _state_files,
    Code.ROGUE_NONCE: _rogue,
    Code.BROKEN_BEFORE: _broken,
}

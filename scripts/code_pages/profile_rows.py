"""What the profile `kraken` says on a code, as sections of its page."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from nonce_migrate.model import Code
from nonce_migrate.profile import load_profile
from nonce_migrate.profile.schema import Member, MemberKind, Parameter, Profile

Row = tuple[str, ...]


def profile_section(code: Code) -> list[str]:
    """The heading and the table for a code, nothing where the profile says nothing on it."""
    if code not in _TABLES:
        return []
    head, rows = _TABLES[code]
    lines = [_line(head), "|" + "---|" * len(head)]
    lines += [_line(row) for row in dict.fromkeys(rows(load_profile("kraken")))]
    return ["## In the profile `kraken`", "\n".join(lines)]


def _line(cells: Row) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _modules(profile: Profile) -> Iterator[Row]:
    for system in profile.systems:
        yield f"`{system.module}`", system.description, system.why


def _names(profile: Profile) -> Iterator[Row]:
    for system in profile.systems:
        for symbol in system.symbols.values():
            becomes = f"`{symbol.becomes.text}`" if symbol.becomes else symbol.step
            yield f"`{symbol.name}{_signature(symbol.parameters)}`", system.name, becomes


def _changed_members(profile: Profile) -> Iterator[Row]:
    for member in _members(profile):
        if member.kind is not MemberKind.PRIVATE and not member.is_unchanged:
            becomes = f"`{member.becomes.text}`" if member.becomes else member.step
            called = "" if member.kind is MemberKind.ATTRIBUTE else _signature(member.parameters)
            yield f"`{member.owner}.{member.name}{called}`", becomes, member.why


def _private_state(profile: Profile) -> Iterator[Row]:
    steps: dict[tuple[str, str], list[str]] = {}
    for member in _members(profile):
        if member.kind is MemberKind.PRIVATE:
            steps.setdefault((member.owner, member.step), []).append(member.name)
    for (owner, step), names in steps.items():
        yield f"`{owner}`", ", ".join(f"`{name}`" for name in names), step


def _state_files(profile: Profile) -> Iterator[Row]:
    for system in profile.systems:
        if system.state_files:
            yield system.name, ", ".join(f"`{name}`" for name in system.state_files)


def _rogue(profile: Profile) -> Iterator[Row]:
    assert profile.rogue is not None
    yield "names that hold a nonce", ", ".join(f"`{name}`" for name in profile.rogue.names)
    yield "functions that give one", ", ".join(f"`{name}`" for name in profile.rogue.functions)
    yield "in its place", f"`{profile.rogue.becomes}`, in {profile.rogue.unit}"
    yield "words that speak for the exchange", ", ".join(f"`{w}`" for w in profile.rogue.context)


def _broken(profile: Profile) -> Iterator[Row]:
    for system in profile.systems:
        for symbol in system.symbols.values():
            if symbol.broken:
                yield f"`{symbol.name}`", system.name, symbol.broken
    for member in _members(profile):
        if member.broken:
            yield f"`{member.owner}.{member.name}`", "", member.broken


def _members(profile: Profile) -> Iterator[Member]:
    return (member for system in profile.systems for member in system.members)


def _signature(parameters: tuple[Parameter, ...] | None) -> str:
    if parameters is None:
        return ""
    texts = (p.name if p.default is None else f"{p.name}={p.default}" for p in parameters)
    return f"({', '.join(texts)})"


_TABLES: dict[Code, tuple[Row, Callable[[Profile], Iterator[Row]]]] = {
    Code.LEGACY_MODULE: (("module", "what it was", "what is wrong with it"), _modules),
    Code.IMPORT_NAME: (("legacy name", "of", "becomes"), _names),
    Code.CALL: (("legacy call", "becomes", "why"), _changed_members),
    Code.PRIVATE_STATE: (("class", "private state", "do"), _private_state),
    Code.UNDOING: (("system", "state files"), _state_files),
    Code.ROGUE_NONCE: (("what", "in the profile"), _rogue),
    Code.BROKEN_BEFORE: (("what", "of", "before the migration it"), _broken),
}

"""What becomes of each legacy name of a system in its shim: the decisions, as data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from nonce_migrate.profile.schema import (
    Becomes,
    MemberKind,
    NameKind,
    Parameter,
    Profile,
    Symbol,
    System,
)


class Form(Enum):
    """What a legacy name is in the shim.

    ALIAS: the target's own object. FUNCTION: a function that calls the target. STAND_IN: a class
    whose objects are the target's, since old and new mean the same in everything. ADAPTER: a
    class with the old interface on an object of the target. GONE: the target has no counterpart.
    """

    ALIAS = "alias"
    FUNCTION = "function"
    STAND_IN = "stand-in"
    ADAPTER = "adapter"
    GONE = "gone"


@dataclass(frozen=True)
class ShimPlan:
    """A system of a profile, seen from its shim.

    target: the dotted target module. defined_classes: the classes that the legacy source defines
    by plain top-level statements, and that may be kept under another name.
    """

    profile: Profile
    system: System
    target: str
    defined_classes: frozenset[str]

    def names_in(self, form: Form) -> Iterator[Symbol]:
        """The legacy names of that form, in the order of the profile."""
        for symbol in self.system.symbols.values():
            if form_of(self.system, symbol) is form:
                yield symbol

    @cached_property
    def adapters(self) -> frozenset[str]:
        """The legacy classes of this system that are adapters."""
        return frozenset(symbol.name for symbol in self.names_in(Form.ADAPTER))

    @cached_property
    def replaced(self) -> frozenset[str]:
        """The names that the shim itself defines, whatever the source has."""
        gone = {symbol.name for symbol in self.names_in(Form.GONE)}
        return frozenset(self.system.symbols) - gone

    @cached_property
    def kept_classes(self) -> frozenset[str]:
        """The replaced classes whose source is kept too, for arguments that may not be dropped."""
        symbols = self.system.symbols
        return frozenset(n for n in self.adapters & self.defined_classes if symbols[n].drops)


def form_of(system: System, symbol: Symbol) -> Form:
    """The form that a legacy name takes in the shim of its system."""
    if symbol.becomes is None:
        return Form.GONE
    if symbol.kind in (NameKind.DATA, NameKind.EXCEPTION):
        return Form.ALIAS
    if symbol.kind is NameKind.FUNCTION:
        return Form.FUNCTION
    members = system.members_by_owner.get(symbol.name, {}).values()
    same = all(m.is_unchanged for m in members if m.kind is not MemberKind.PRIVATE)
    return Form.STAND_IN if same and _is_called_the_same(symbol.becomes) else Form.ADAPTER


def old_class_name(name: str) -> str:
    """The name under which the source of a replaced class is kept."""
    return f"_ShimOld{name.lstrip('_')}"


def required(parameters: tuple[Parameter, ...] | None) -> tuple[Parameter, ...]:
    """The parameters without a default."""
    return tuple(p for p in parameters or () if p.default is None)


def _is_called_the_same(becomes: Becomes) -> bool:
    return becomes.arguments is None and not becomes.convert and not becomes.receiver

"""The shape of a profile: what the legacy systems are and what each of their names becomes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from nonce_migrate.profile.exports import packaged_members

_NOTHING: Mapping[str, tuple[str, ...]] = {}
_SHORTEST_PART = 4
_FIRST_WORD = re.compile(r"^([A-Z]?[a-z0-9]+_?)")


class NameKind(StrEnum):
    """What a top-level name of a legacy module is."""

    CLASS = "class"
    FUNCTION = "function"
    EXCEPTION = "exception"
    DATA = "data"


class MemberKind(StrEnum):
    """What a member of a legacy class is."""

    METHOD = "method"
    CLASSMETHOD = "classmethod"
    ATTRIBUTE = "attribute"
    PRIVATE = "private"


class Unit(StrEnum):
    """The steps in which a clock counts."""

    S = "s"
    MS = "ms"
    US = "us"
    NS = "ns"


class ShimKind(StrEnum):
    """What a legacy module is turned into."""

    ADAPTER = "adapter"
    INERT = "inert"


class Parameter(NamedTuple):
    """One parameter of a legacy callable. default: its source text, None where it is required."""

    name: str
    default: str | None = None


class Argument(NamedTuple):
    """How a legacy parameter is handed on: by position (keyword None) or as `keyword=`."""

    parameter: str
    keyword: str | None = None


class Becomes(NamedTuple):
    """The new expression for a legacy name or call, as the profile writes it.

    text: that expression. target: the new name (of a top-level name, or of the member).
    receiver: for members, "self" (the object or class at hand). via: a member called on it first
    (`get_instance` in `self.get_instance().force_save()`), or "". convert: a function around the
    call (`int`), or "". arguments: None where they stay as they stand.
    """

    text: str
    target: str
    receiver: str = ""
    via: str = ""
    convert: str = ""
    arguments: tuple[Argument, ...] | None = None


class Symbol(NamedTuple):
    """A top-level name of a legacy module.

    parameters: None where it is not callable or its arguments are not described. becomes: None
    where the target has no counterpart (then `step` says what to do). produces: the legacy class
    of what a call gives, "" where it is none. drops: parameters that may be dropped, each with
    the legacy classes whose objects may be dropped there. ignored: parameters that mean nothing
    to the target, so that what is given goes if evaluating it does nothing. raised_with: parameters
    that the signature lists, though giving them always raised TypeError. unit: what the number that
    it gives counts, None where that is the target's unit or of no matter. is_renamed: nothing
    changes but the name, so that the members of a class are what they were.
    """

    name: str
    kind: NameKind
    parameters: tuple[Parameter, ...] | None
    becomes: Becomes | None
    produces: str = ""
    drops: Mapping[str, tuple[str, ...]] = _NOTHING
    ignored: tuple[str, ...] = ()
    raised_with: tuple[str, ...] = ()
    unit: Unit | None = None
    is_renamed: bool = False
    broken: str = ""
    why: str = ""
    step: str = ""


class Member(NamedTuple):
    """A member of a legacy class.

    becomes: None where there is no safe rewrite (then `step` says what to do). ignored, unit: as
    of a Symbol.
    """

    owner: str
    name: str
    kind: MemberKind
    parameters: tuple[Parameter, ...]
    becomes: Becomes | None
    returns: str = ""
    produces: str = ""
    is_coroutine: bool = False
    ignored: tuple[str, ...] = ()
    unit: Unit | None = None
    broken: str = ""
    why: str = ""
    step: str = ""

    @property
    def is_unchanged(self) -> bool:
        """Whether the same call means the same on the target."""
        new = self.becomes
        return new is not None and (
            new.target == self.name
            and not new.via
            and not new.convert
            and new.arguments is None
            and self.unit is None
        )


@dataclass(frozen=True)
class System:
    """One legacy system: a module and everything that is known of it.

    state_files: names of the files that it keeps its nonces in, `*` for any characters.
    """

    name: str
    module: str
    description: str
    why: str
    shim: ShimKind
    symbols: Mapping[str, Symbol]
    members: tuple[Member, ...]
    state_files: tuple[str, ...] = ()

    @cached_property
    def members_by_owner(self) -> Mapping[str, Mapping[str, Member]]:
        """class -> member name -> member."""
        table: dict[str, dict[str, Member]] = {}
        for member in self.members:
            table.setdefault(member.owner, {})[member.name] = member
        return table

    def symbol(self, name: str) -> Symbol | None:
        """The description of a top-level name, None where the profile has none."""
        return self.symbols.get(name)


class Rogue(NamedTuple):
    """How nonces that no manager makes are known, and what stands in their place.

    names: keys, variables, parameters and headers that hold a nonce. functions: functions that
    return one. becomes: the expression that draws one as text; it starts with `imported`, a name of
    the target. unit: what the target's nonces count. context: words that speak for this
    exchange; signing: for a signed call; foreign: for another exchange, or another thing that is
    called nonce.
    """

    names: tuple[str, ...]
    functions: tuple[str, ...]
    becomes: str
    imported: str
    unit: Unit
    context: tuple[str, ...]
    signing: tuple[str, ...]
    foreign: tuple[str, ...]

    @property
    def scale(self) -> float:
        """Steps of the unit in a second."""
        return 10.0 ** (3 * list(Unit).index(self.unit))


@dataclass(frozen=True)
class Profile:
    """A whole migration as data.

    target: dotted module that everything moves to. vendor: whether `apply` installs the packaged
    manager there. shims: whether legacy modules become deprecation shims. roots: folders, from
    the project root, from which modules may also be imported by a shorter name. exclude:
    gitignore patterns of folders and files to leave out. exports: the names the target has, empty
    where that is not known. unit: what the target's nonces count. rogue: None where nonces without
    a manager are not looked for. is_packaged: whether it comes with this program.
    """

    name: str
    target: str
    vendor: bool
    shims: bool
    roots: tuple[str, ...]
    exclude: tuple[str, ...]
    systems: tuple[System, ...]
    exports: frozenset[str] = frozenset()
    unit: Unit = Unit.US
    rogue: Rogue | None = None
    is_packaged: bool = False

    @cached_property
    def target_members(self) -> frozenset[str]:
        """What objects of the target have; empty where it is not the packaged manager."""
        return packaged_members() if self.vendor else frozenset()

    @cached_property
    def lone_methods(self) -> Mapping[str, Member]:
        """Changed methods that one legacy class alone has, and whose name tells of that class.

        A name that has no part in common with the class's own (`cleanup`) is no evidence of it.
        """
        found: dict[str, list[Member]] = {}
        for system in self.systems:
            for member in system.members:
                found.setdefault(member.name, []).append(member)
        lone = (members[0] for members in found.values() if len(members) == 1)
        return {m.name: m for m in lone if _tells_of_its_class(m)}

    @property
    def module_stems(self) -> frozenset[str]:
        """The last parts of the legacy modules' names: each import of one holds such a word."""
        return frozenset(system.module.rpartition(".")[2] for system in self.systems)

    @cached_property
    def words(self) -> frozenset[str]:
        """Words one of which stands in every file that imports a legacy module itself.

        The names are among them for the files that use one without an import; those that any
        program has (`main`) are not, nor are constants, since a client of a re-export is looked
        for by what the re-exporting module binds.
        """
        names = {
            name
            for system in self.systems
            for name, symbol in system.symbols.items()
            if len(name) >= 8 and symbol.kind is not NameKind.DATA
        }
        # What a careless search and replace makes of them: UnifiedUnifiedKrakenNonceManager.
        doubled = {_FIRST_WORD.sub(r"\1\1", name) for name in names}
        return frozenset({*self.module_stems, *names, *doubled, *self.lone_methods})

    @cached_property
    def lasting_words(self) -> frozenset[str]:
        """Those of the words that nothing has been given as its new name."""
        symbols = (symbol for system in self.systems for symbol in system.symbols.values())
        return self.words - {s.becomes.target for s in symbols if s.becomes is not None}


def _tells_of_its_class(member: Member) -> bool:
    parts = [part for part in member.name.split("_") if len(part) >= _SHORTEST_PART]
    is_changed = member.becomes is not None and not member.is_unchanged
    is_method = member.kind is MemberKind.METHOD and is_changed
    return is_method and any(part in member.owner.lower() for part in parts)

"""Builds a profile from its table: reads everything first, then checks that it fits together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import TypeVar

from nonce_migrate.profile.exports import packaged_source
from nonce_migrate.profile.fitting import misfit_of_member, misfit_of_name, misfit_of_short_row
from nonce_migrate.profile.packaged import Packaged, read_packaged
from nonce_migrate.profile.rogue import read_rogue
from nonce_migrate.profile.rows import (
    read_member,
    read_private,
    read_short_symbols,
    read_symbol,
)
from nonce_migrate.profile.schema import (
    Becomes,
    Member,
    NameKind,
    Profile,
    ShimKind,
    Symbol,
    System,
    Unit,
)
from nonce_migrate.profile.table import Table, hint

_Row = TypeVar("_Row", Symbol, Member)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a description stands, for complaints: a table, and the key of its name in it."""

    table: Table
    name_key: str
    becomes_key: str


@dataclass(frozen=True, slots=True)
class _Rows:
    """One system as its table gives it, before any check across rows."""

    table: Table
    name: str
    module: str
    description: str
    why: str
    shim: ShimKind
    symbols: tuple[tuple[_Place, Symbol], ...]
    members: tuple[tuple[_Place, Member], ...]
    state_files: tuple[str, ...]

    @property
    def classes(self) -> frozenset[str]:
        """The legacy classes that the system has."""
        kinds = (NameKind.CLASS, NameKind.EXCEPTION)
        return frozenset(symbol.name for _, symbol in self.symbols if symbol.kind in kinds)


def build_profile(table: Table) -> Profile:
    """The profile of a file's table. What is wrong goes to the problems of the table."""
    name = table.required("name", "the name of the profile")
    target = table.dotted("target", "the dotted name of the module that everything moves to")
    vendor, shims = table.flag("vendor"), table.flag("shims")
    roots = tuple(_root(table, text) for text in table.strings("roots", (".",)))
    if table.has("roots") and table.is_empty("roots"):
        table.complain("roots", 'empty; give at least one folder, such as "."')
    exclude = table.strings("exclude")
    exports = frozenset(table.names("exports"))
    unit = table.choice("unit", Unit.US, tuple(Unit))
    if vendor and unit is not Unit.US:
        table.complain("unit", f"{unit} is not what the packaged manager counts: us")
    systems = [_read_system(row) for row in table.tables("system")]
    if not systems and table.is_empty("system"):
        table.complain("system", "missing; give at least one [[system]] with its module")
    rogue_row = table.table("rogue") if table.has("rogue") else None
    table.finish()
    packaged = read_packaged(packaged_source()) if vendor else None
    if packaged is not None and not exports:
        exports = packaged.exports
    rogue = read_rogue(rogue_row, exports, unit) if rogue_row is not None else None
    _check_systems(table, target, systems)
    classes = frozenset(name for rows in systems for name in rows.classes)
    for rows in systems:
        _check_rows(rows, classes)
        _check_exports(rows, exports)
        if packaged is not None:
            _check_fit(rows, packaged)
    named = _named(systems, unit)
    return Profile(name, target, vendor, shims, roots, exclude, named, exports, unit, rogue)


def _root(table: Table, text: str) -> str:
    """A folder inside the project, without `./` or a final slash."""
    path = PurePosixPath(text)
    if path.is_absolute() or PureWindowsPath(text).drive or ".." in path.parts:
        table.complain("roots", f"{text!r} is not a folder inside the project")
    return str(path)


def _read_system(table: Table) -> _Rows:
    module = table.dotted("module", "the dotted name of the legacy module")
    names = table.table("names")
    symbols = [(_Place(names, key, key), symbol) for key, symbol in read_short_symbols(names)]
    for row in table.tables("name"):
        if symbol := read_symbol(row):
            symbols.append((_Place(row, "signature", "becomes"), symbol))
    members = []
    for row in table.tables("member"):
        if member := read_member(row):
            members.append((_Place(row, "signature", "becomes"), member))
    for row in table.tables("private"):
        members.extend((_Place(row, "names", "names"), member) for member in read_private(row))
    rows = _Rows(
        table=table,
        name=table.text("label"),
        module=module,
        description=table.text("description"),
        why=table.text("why"),
        shim=table.choice("shim", ShimKind.ADAPTER, tuple(ShimKind)),
        symbols=tuple(symbols),
        members=tuple(members),
        state_files=tuple(_file_name(table, text) for text in table.strings("state_files")),
    )
    table.finish()
    return rows


def _file_name(table: Table, text: str) -> str:
    """The name of a file, without a folder, so that `*` has something fixed beside it."""
    if "/" in text or "\\" in text or not text.strip("*?. "):
        table.complain("state_files", f"{text!r} is not a file name such as nonce_state_*.json")
    return text


def _check_systems(table: Table, target: str, systems: Iterable[_Rows]) -> None:
    """Modules and names are each there once, and the target is none of them."""
    modules: dict[str, str] = {}
    names: dict[str, str] = {}
    for rows in systems:
        where = rows.table.path
        if first := modules.get(rows.module):
            rows.table.complain("module", f"{rows.module!r} is the module of {first} already")
        if first := names.get(rows.name):
            rows.table.complain("label", f"{rows.name!r} is the label of {first} already")
        if rows.module and rows.module == target:
            table.complain("target", f"{target!r} is the legacy module of {where}")
        modules.setdefault(rows.module or where, where)
        names.setdefault(rows.name or where, where)


def _check_rows(rows: _Rows, classes: frozenset[str]) -> None:
    """Names are there once, and the classes that rows speak of exist."""
    symbols: set[str] = set()
    for place, symbol in rows.symbols:
        if symbol.name in symbols:
            place.table.complain(place.name_key, f"{symbol.name!r} is described already")
        symbols.add(symbol.name)
        _check_class(place, "produces", symbol.produces, classes)
        for parameter, dropped in symbol.drops.items():
            for name in dropped:
                _check_class(place, f"drops.{parameter}", name, classes)
    members: set[tuple[str, str]] = set()
    for place, member in rows.members:
        if (member.owner, member.name) in members:
            shown = f"{member.owner}.{member.name}"
            place.table.complain(place.name_key, f"{shown!r} is described already")
        members.add((member.owner, member.name))
        _check_class(place, "of", member.owner, rows.classes)
        _check_class(place, "produces", member.produces, classes)


def _check_class(place: _Place, key: str, name: str, classes: frozenset[str]) -> None:
    if name and name not in classes:
        message = f"{name!r} is no class that is described here{hint(name, classes)}"
        place.table.complain(key, message)


def _check_exports(rows: _Rows, exports: frozenset[str]) -> None:
    """What names become are names of the target."""
    if not exports:
        return
    for place, symbol in rows.symbols:
        if symbol.becomes is not None:
            _check_export(place, symbol.becomes, symbol.becomes.target, exports)


def _check_export(place: _Place, becomes: Becomes, name: str, exports: frozenset[str]) -> None:
    if name not in exports:
        message = (
            f"{name!r} of {becomes.text!r} is no name that the target has{hint(name, exports)}"
        )
        place.table.complain(place.becomes_key, message)


def _check_fit(rows: _Rows, packaged: Packaged) -> None:
    """What names and members become can be called so at the packaged manager."""
    owners: dict[str, Symbol] = {}
    for place, symbol in rows.symbols:
        owners[symbol.name] = symbol
        misfit = misfit_of_short_row if symbol.is_renamed else misfit_of_name
        if text := misfit(symbol, packaged):
            place.table.complain(place.becomes_key, text)
    for place, member in rows.members:
        if text := misfit_of_member(member, owners.get(member.owner), packaged):
            place.table.complain(place.becomes_key, text)


def _named(systems: Iterable[_Rows], unit: Unit) -> tuple[System, ...]:
    """The systems; one without a label is named by its module, as shortly as is unique.

    unit: the target's, which no row needs to name.
    """
    systems = tuple(systems)
    stems = Counter(rows.name or _stem(rows.module) for rows in systems)
    found = []
    for rows in systems:
        stem = _stem(rows.module)
        found.append(
            System(
                name=rows.name or (stem if stems[stem] == 1 else rows.module),
                module=rows.module,
                description=rows.description,
                why=rows.why,
                shim=rows.shim,
                symbols={symbol.name: _in(unit, symbol) for _, symbol in rows.symbols},
                members=tuple(_in(unit, member) for _, member in rows.members),
                state_files=rows.state_files,
            )
        )
    return tuple(found)


def _in(unit: Unit, row: _Row) -> _Row:
    return row._replace(unit=None) if row.unit is unit else row


def _stem(module: str) -> str:
    return module.rpartition(".")[2]

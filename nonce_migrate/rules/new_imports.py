"""What each import statement turns into once its carriers' fates and names are settled."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nonce_migrate.resolve.project import Project, SymbolTarget, all_strings
from nonce_migrate.rules.addresses import Address, Addresses
from nonce_migrate.rules.brought import CarrierKind, handed_on
from nonce_migrate.rules.facts import Carrier, FileFacts
from nonce_migrate.rules.intents import ChangeImport, NewImport
from nonce_migrate.rules.naming import Naming


def changed_imports(
    project: Project, facts: FileFacts, naming: Naming, addresses: Addresses
) -> Iterator[ChangeImport]:
    """One change for each import statement of a file that has moving carriers."""
    statements: dict[ast.Import | ast.ImportFrom, dict[int, tuple[NewImport, ...]]] = {}
    for carrier in facts.carriers:
        if carrier in naming.fates.stays or not isinstance(
            carrier.node, ast.Import | ast.ImportFrom
        ):
            continue
        new = new_imports(project, facts, carrier, naming, addresses)
        if new is not None:
            statements.setdefault(carrier.node, {})[carrier.index] = new
    for node, changes in statements.items():
        yield ChangeImport(node, changes)


def new_imports(
    project: Project, facts: FileFacts, carrier: Carrier, naming: Naming, addresses: Addresses
) -> tuple[NewImport, ...] | None:
    """What stands for one alias afterwards; None where it stays as it stands."""
    if carrier.kind is CarrierKind.STAR:
        return _explicit(project, facts, carrier, naming, addresses)
    if carrier.kind is CarrierKind.MODULE:
        address = addresses.of_target(carrier)
        assert address is not None
        return (_module_import(carrier, address, naming.local(carrier)),)
    name, local = naming.imported_name(carrier), naming.local(carrier)
    is_marked = carrier.alias.asname == carrier.alias.name
    as_name = None if local == name and not is_marked else local
    if carrier.is_direct:
        address = addresses.of_target(carrier)
        assert address is not None
        return (NewImport(address.text, name, as_name),)
    if name == carrier.alias.name and as_name == carrier.alias.asname:
        return None
    node = carrier.node
    assert isinstance(node, ast.ImportFrom)
    return (NewImport("." * node.level + (node.module or ""), name, as_name),)


def _module_import(carrier: Carrier, address: Address, local: str) -> NewImport:
    stem = address.parts[-1]
    if isinstance(carrier.node, ast.ImportFrom):
        as_name = None if local == stem else local
        if not address.package:
            return NewImport(None, stem, as_name)
        return NewImport(address.package, stem, as_name)
    dotted = ".".join(address.parts)
    if carrier.alias.asname or "." not in carrier.alias.name:
        return NewImport(None, dotted, None if local == dotted else local)
    return NewImport(None, dotted, None)


def _explicit(
    project: Project, facts: FileFacts, carrier: Carrier, naming: Naming, addresses: Addresses
) -> tuple[NewImport, ...] | None:
    """The names that a star import of a legacy module is really wanted for."""
    if not carrier.is_direct:
        return None
    address = addresses.of_target(carrier)
    assert address is not None
    result: dict[NewImport, None] = {}
    for name, target in _wanted(project, facts, carrier):
        symbol = naming.symbol(target)
        if symbol is None or symbol.becomes is None:
            continue
        local = naming.starred_local(carrier, name, target)
        new = naming.new_name(target)
        result[NewImport(address.text, new, None if local == new else local)] = None
    return tuple(result)


def _wanted(
    project: Project, facts: FileFacts, carrier: Carrier
) -> Iterator[tuple[str, SymbolTarget]]:
    """What this file uses of it; all that it brings, where the file hands names on."""
    wanted = {use.symbol.name for use in carrier.uses} | carrier.demanded
    wanted |= {quoted.local for quoted in facts.quoted if carrier in quoted.carriers}
    listed = {str(node.value) for node in all_strings(facts.module)}
    brought = list(handed_on(project, carrier.found.module))
    wanted |= listed & {name for name, _ in brought}
    hands_on = facts.module.path.endswith("__init__.py") and not listed
    for name, target in brought:
        if hands_on or name in wanted or not wanted:
            yield name, target

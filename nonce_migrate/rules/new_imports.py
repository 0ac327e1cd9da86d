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


class NewImports:
    """The imports of one file as they are afterwards."""

    def __init__(
        self, project: Project, facts: FileFacts, naming: Naming, addresses: Addresses
    ) -> None:
        self.project = project
        self.facts = facts
        self.naming = naming
        self.addresses = addresses
        self._known: dict[Carrier, tuple[NewImport, ...] | None] = {}

    def changes(self) -> Iterator[ChangeImport]:
        """One change for each import statement that has moving carriers."""
        statements: dict[ast.Import | ast.ImportFrom, dict[int, tuple[NewImport, ...]]] = {}
        for carrier in self.facts.carriers:
            node = carrier.node
            if carrier in self.naming.fates.stays:
                continue
            if isinstance(node, ast.Import | ast.ImportFrom):
                new = self.of(carrier)
                if new is not None:
                    statements.setdefault(node, {})[carrier.index] = new
        for node, changes in statements.items():
            yield ChangeImport(node, changes)

    def of(self, carrier: Carrier) -> tuple[NewImport, ...] | None:
        """What stands for one alias that moves; None where it stays as it stands."""
        if carrier not in self._known:
            self._known[carrier] = self._of(carrier)
        return self._known[carrier]

    def _of(self, carrier: Carrier) -> tuple[NewImport, ...] | None:
        if carrier.kind is CarrierKind.STAR:
            return self._explicit(carrier)
        if carrier.kind is CarrierKind.MODULE:
            local = self.naming.local(carrier)
            return (_module_import(carrier, self._address(carrier), local),)
        name, local = self.naming.imported_name(carrier), self.naming.local(carrier)
        is_marked = carrier.alias.asname == carrier.alias.name
        as_name = None if local == name and not is_marked else local
        if carrier.is_direct:
            return (NewImport(self._address(carrier).text, name, as_name),)
        if name == carrier.alias.name and as_name == carrier.alias.asname:
            return None
        node = carrier.node
        assert isinstance(node, ast.ImportFrom)
        return (NewImport("." * node.level + (node.module or ""), name, as_name),)

    def _address(self, carrier: Carrier) -> Address:
        address = self.addresses.of_target(carrier)
        assert address is not None
        return address

    def _explicit(self, carrier: Carrier) -> tuple[NewImport, ...] | None:
        """The names that a star import of a legacy module is really wanted for."""
        if not carrier.is_direct:
            return None
        address = self._address(carrier)
        result: dict[NewImport, None] = {}
        for name, target in _wanted(self.project, self.facts, carrier):
            symbol = self.naming.symbol(target)
            if symbol is None or symbol.becomes is None:
                continue
            local = self.naming.starred_local(carrier, name, target)
            new = self.naming.new_name(target)
            result[NewImport(address.text, new, None if local == new else local)] = None
        return tuple(result)


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

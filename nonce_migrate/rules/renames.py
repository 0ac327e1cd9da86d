"""What the uses of a moved name become: the new texts, and the edits that write them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nonce_migrate.resolve.project import ParsedModule, SymbolTarget
from nonce_migrate.rules.addresses import Addresses
from nonce_migrate.rules.brought import CarrierKind
from nonce_migrate.rules.facts import Carrier, QuotedName, Use
from nonce_migrate.rules.intents import ChangeText, Intent, RenameName, RenamePrefix
from nonce_migrate.rules.naming import Naming


class Renames:
    """The new names in one file, of what its imports bring and of what it takes from modules."""

    def __init__(self, module: ParsedModule, naming: Naming, addresses: Addresses) -> None:
        self.module = module
        self.naming = naming
        self.addresses = addresses

    def use(self, use: Use) -> tuple[str, list[Intent]]:
        """The new text of a moved name where it is used, with the edits that write it there."""
        if isinstance(use.node, ast.Name) and use.text is None:
            carrier = use.carriers[0] if use.carriers else None
            new = self.local(carrier, use.node.id, use.symbol) if carrier else use.node.id
            return new, [RenameName(use.node, new)] if new != use.node.id else []
        new = self.naming.new_name(use.symbol)
        if use.exporter:
            new = self.naming.exported(use.exporter, getattr(use.node, "attr", ""), use.symbol)
        return new, [*_written(use, new), *self._base(use)]

    def local(self, carrier: Carrier, name: str, symbol: SymbolTarget) -> str:
        """What a name that an import brings is called in the file."""
        if carrier.kind is CarrierKind.STAR:
            return self.naming.starred_local(carrier, name, symbol)
        return self.naming.local(carrier)

    def _base(self, use: Use) -> Iterator[Intent]:
        """The module part of `legacy.X` or `a.b.legacy.X`, after its import has moved."""
        carrier = use.carriers[0] if use.carriers else None
        if use.exporter or carrier is None or carrier.kind is CarrierKind.LOOKUP:
            return
        if carrier.module is not self.module:
            return  # another file hands the module on, under a name that it keeps
        if isinstance(use.base, ast.Name):
            new = self.naming.local(carrier)
            if new != use.base.id:
                yield RenameName(use.base, new)
        elif isinstance(use.base, ast.Attribute):
            parts = ast.unparse(use.base).count(".") + 1
            yield RenamePrefix(use.base, parts, self._dotted(carrier))

    def quoted(self, quoted: QuotedName) -> str:
        """The new text of a name inside a quoted annotation."""
        if quoted.exporter:
            name = self.naming.exported(quoted.exporter, quoted.local, quoted.symbol)
            return f"{quoted.base}.{name}"
        if not quoted.carriers:
            return quoted.local
        carrier = quoted.carriers[0]
        if carrier.kind is CarrierKind.STAR or not quoted.base:
            return self.local(carrier, quoted.local, quoted.symbol)
        name = self.naming.new_name(quoted.symbol)
        if "." not in quoted.base:
            return f"{self.naming.local(carrier)}.{name}"
        return f"{self._dotted(carrier)}.{name}"

    def _dotted(self, carrier: Carrier) -> str:
        address = self.addresses.of_target(carrier)
        assert address is not None
        return ".".join(address.parts)


def _written(use: Use, new: str) -> Iterator[Intent]:
    """The edit of a name behind its module, or of the text that looks it up."""
    if use.text is not None:
        if new != use.text.value:
            yield ChangeText(use.text, ((0, len(str(use.text.value)), new),))
    elif isinstance(use.node, ast.Attribute) and new != use.node.attr:
        yield RenameName(use.node, new)

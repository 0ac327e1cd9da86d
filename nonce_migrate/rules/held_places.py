"""Keeps what stands at some places as it is, and with it all that hangs together with that."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from nonce_migrate.rules.facts import Block, Carrier, FileFacts, TextReference, TextRole
from nonce_migrate.rules.intents import AddImport, ChangeImport, Intent
from nonce_migrate.source import Source

Places = Mapping[str, Collection[tuple[int, int]]]

_REASON = "it is accepted as it is"
_STEP = "take the acceptance away (a comment there, or per-file-ignores), then run apply again"
# A text that names a module for its own sake hangs together with nothing.
_ALONE = (TextRole.OTHER, TextRole.CODE)


def hold_places(files: Sequence[FileFacts], places: Places) -> None:
    """Blocks every edit at the places, which are (line, column) by the path of a module.

    What brings the legacy thing there blocks, too: that import, in whichever file, stays.
    """
    for facts in files:
        wanted = places.get(facts.module.path, ())
        if wanted:
            _Holder(facts, wanted).hold()


def place_of_edit(source: Source, intent: Intent) -> tuple[int, int]:
    """Where the finding stands that an edit of an expression is about; (0, 0) for an import."""
    if isinstance(intent, AddImport | ChangeImport):
        return 0, 0
    node = intent.node
    return node.lineno, source.column(node.lineno, node.col_offset)


class _Holder:
    def __init__(self, facts: FileFacts, places: Collection[tuple[int, int]]) -> None:
        self.facts = facts
        self.places = places

    def hold(self) -> None:
        """All of a file."""
        for carrier in self.facts.carriers:
            if self.is_at(carrier.alias):
                carrier.blocks.append(_block(0))
        for use in self.facts.uses:
            if self.is_at(use.text or use.node):
                use.block = _block(use.node.lineno)
                self.keep(use.carriers, use.node.lineno)
        for member in self.facts.members:
            node = member.call.node if member.call is not None else member.node
            if self.is_at(node):
                member.block = _block(node.lineno)
                self.keep(member.carriers, node.lineno)
        for quoted in self.facts.quoted:
            if self.is_at(quoted.node):
                self.keep(quoted.carriers, quoted.node.lineno)
                if quoted.exporter or not quoted.carriers:
                    self.facts.held.setdefault(quoted.symbol, _block(quoted.node.lineno))
        for entry in self.facts.entries:
            if self.is_at(entry.node):
                self.keep(entry.carriers, entry.node.lineno)
        self.facts.texts[:] = map(self.text, self.facts.texts)

    def text(self, text: TextReference) -> TextReference:
        """A string; what it looks up stays where it is."""
        if not self.is_at(text.node):
            return text
        block = _block(text.node.lineno)
        if text.role not in _ALONE:
            self.facts.held.update(dict.fromkeys((text.target, *text.seen_by), block))
        if text.carrier is not None:
            self.keep((text.carrier,), text.node.lineno)
        return replace(text, block=block)

    def is_at(self, node: ast.expr | ast.alias) -> bool:
        """Whether a finding about a node stands at one of the places."""
        column = self.facts.module.source.column(node.lineno, node.col_offset)
        return (node.lineno, column) in self.places

    def keep(self, carriers: Iterable[Carrier], line: int) -> None:
        """Keeps imports, of this or another file, for what stands at a line of this one."""
        path = self.facts.module.path
        for carrier in carriers:
            is_own = carrier.module is self.facts.module
            block = Block(0, f"{path}:{line}: {_REASON}", _STEP)
            carrier.blocks.append(_block(line) if is_own else block)


def _block(line: int) -> Block:
    return Block(line, _REASON, _STEP)

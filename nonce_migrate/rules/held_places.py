"""Keeps what stands at some places as it is, and with it all that hangs together with that."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from nonce_migrate.model import Safety
from nonce_migrate.rules.facts import Block, Carrier, FileFacts, TextReference, TextRole
from nonce_migrate.rules.intents import AddImport, ChangeImport, Intent
from nonce_migrate.source import Source

Places = Mapping[str, Collection[tuple[int, int]]]

ACCEPTED = Block(
    0,
    "it is accepted as it is",
    "take the acceptance away (a comment there, or per-file-ignores), then run apply again",
)
# Why what an accepted import brings is left, too: it is accepted with the import.
FOLLOWS = Block(0, f"its import stays on the shim: {ACCEPTED.reason}", ACCEPTED.step)
_OUTSIDE = Block(
    0,
    "it hangs together with a file that this run leaves as it is",
    "run apply on the whole project, that file included",
)
# A text that names a module for its own sake hangs together with nothing.
_ALONE = (TextRole.OTHER, TextRole.CODE)


def hold_places(files: Sequence[FileFacts], places: Places) -> None:
    """Blocks every edit at the places, which are (line, column) by the path of a module.

    What brings the legacy thing there blocks, too: that import, in whichever file, stays.
    """
    for facts in files:
        wanted = places.get(facts.module.path, ())
        if wanted:
            _Holder(facts, ACCEPTED, wanted).hold()


def hold_files(files: Sequence[FileFacts], covers: Callable[[str], bool]) -> None:
    """Blocks every edit in files that may not be edited, and what hangs together with one.

    An object that such a file takes from another one must go on being what it was: a call that
    has to change with it cannot.
    """
    for facts in files:
        if not covers(facts.module.path):
            _Holder(facts, _OUTSIDE, None).hold()


def place_of_edit(source: Source, intent: Intent) -> tuple[int, int]:
    """Where the finding stands that an edit of an expression is about; (0, 0) for an import."""
    if isinstance(intent, AddImport | ChangeImport):
        return 0, 0
    node = intent.node
    return node.lineno, source.column(node.lineno, node.col_offset)


class _Holder:
    """Holds a file at some places (None: at all of them), each with the same reason and step."""

    def __init__(
        self, facts: FileFacts, why: Block, places: Collection[tuple[int, int]] | None
    ) -> None:
        self.facts = facts
        self.why = why
        self.places = places

    def hold(self) -> None:
        """All of a file. What no edit was meant for holds nothing."""
        facts = self.facts
        for carrier in facts.carriers:
            if self.is_at(carrier.alias):
                # Another file tells of this line, where it is kept for what this run leaves.
                why = self.block(carrier.alias) if self.places is None else self.why
                carrier.blocks.append(why)
        for use in facts.uses:
            if self.is_at(use.text or use.node):
                use.block = self.block(use.node)
                self.keep(use.carriers, use.node)
        for member in facts.members:
            if member.call is not None and self.is_at(member.call.node):
                member.block = self.block(member.call.node)
                self.keep(member.carriers, member.call.node)
        for quoted in facts.quoted:
            if self.is_at(quoted.node):
                self.keep(quoted.carriers, quoted.node)
                if quoted.exporter or not quoted.carriers:
                    facts.held.setdefault(quoted.symbol, self.block(quoted.node))
        for entry in facts.entries:
            if self.is_at(entry.node):
                self.keep(entry.carriers, entry.node)
        facts.texts[:] = map(self.text, facts.texts)

    def text(self, text: TextReference) -> TextReference:
        """A string; what it looks up stays where it is."""
        is_manual = text.block is not None and text.block.level is Safety.MANUAL
        if is_manual or not self.is_at(text.node):
            return text
        block = self.block(text.node)
        if text.role not in _ALONE:
            self.facts.held.update(dict.fromkeys((text.target, *text.seen_by), block))
        if text.carrier is not None:
            self.keep((text.carrier,), text.node)
        return replace(text, block=block)

    def is_at(self, node: ast.expr | ast.alias) -> bool:
        """Whether a finding about a node stands at one of the places."""
        if self.places is None:
            return True
        column = self.facts.module.source.column(node.lineno, node.col_offset)
        return (node.lineno, column) in self.places

    def block(self, node: ast.expr | ast.alias) -> Block:
        """The block at a node of this file."""
        return replace(self.why, line=node.lineno)

    def keep(self, carriers: Iterable[Carrier], node: ast.expr) -> None:
        """Keeps imports, of this or another file, for what stands at a node of this one."""
        where = f"{self.facts.module.path}:{node.lineno}: "
        for carrier in carriers:
            is_own = carrier.module is self.facts.module
            elsewhere = replace(self.why, reason=where + self.why.reason)
            carrier.blocks.append(self.block(node) if is_own else elsewhere)

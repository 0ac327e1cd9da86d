"""Turns settled facts into findings for people and intents for the engine."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field, replace

from nonce_migrate.model import Code, Finding, Safety
from nonce_migrate.resolve.project import ModuleTarget, Project, SymbolTarget
from nonce_migrate.rules.addresses import Addresses
from nonce_migrate.rules.brought import CarrierKind, handed_on
from nonce_migrate.rules.facts import (
    AllEntry,
    Block,
    BrokenName,
    Carrier,
    FileFacts,
    MemberUse,
    TextReference,
    TextRole,
    Use,
)
from nonce_migrate.rules.held_places import ACCEPTED, FOLLOWS
from nonce_migrate.rules.intents import ChangeText, Intent
from nonce_migrate.rules.naming import Naming
from nonce_migrate.rules.new_imports import NewImports
from nonce_migrate.rules.reasons import why_imported, why_used
from nonce_migrate.rules.renames import Renames
from nonce_migrate.rules.selection import EVERYTHING, Part
from nonce_migrate.rules.strings.targets import new_text


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided for one file. following: lines and columns of findings that are left for
    nothing but that their import is accepted as it is.
    """

    path: str
    findings: tuple[Finding, ...]
    intents: tuple[Intent, ...]
    following: frozenset[tuple[int, int]] = frozenset()


@dataclass(slots=True)
class Report:
    """Collects the findings and intents of one file, in a run that accepts edits down to a level.

    rests_on_levels: whether a run that accepts other levels may decide something else of it, even
    where the same imports stay.
    """

    project: Project
    facts: FileFacts
    naming: Naming
    addresses: Addresses
    accept: Safety
    selection: frozenset[Part] = EVERYTHING
    findings: list[Finding] = field(default_factory=list)
    intents: list[Intent] = field(default_factory=list)
    following: set[tuple[int, int]] = field(default_factory=set)
    rests_on_levels: bool = False
    new_imports: NewImports = field(init=False)
    renames: Renames = field(init=False)

    def __post_init__(self) -> None:
        self.renames = Renames(self.facts.module, self.naming, self.addresses)
        self.new_imports = NewImports(self.project, self.facts, self.naming, self.addresses)

    def decided(self) -> Decided:
        """Everything about the file. The order of the findings does not depend on the fates."""
        for carrier in self.facts.carriers:
            if carrier.kind is not CarrierKind.LOOKUP:
                self.carrier(carrier)
        for use in self.facts.uses:
            self.use(use)
        for member in self.facts.members:
            self.member(member)
        self.quoted_names()
        for entry in self.facts.entries:
            self.entry(entry)
        for text in self.facts.texts:
            self.text(text)
        for broken in self.facts.broken:
            self.broken(broken)
        for script in self.facts.undoing:
            self.add(script.node, Code.UNDOING, script.system, script.symbol, block=script.block)
        self.intents.extend(self.new_imports.changes())
        return Decided(
            self.facts.module.path,
            tuple(self.findings),
            tuple(self.intents),
            frozenset(self.following),
        )

    def add(
        self,
        node: ast.expr | ast.alias,
        code: Code,
        system: str,
        symbol: str,
        *,
        becomes: str = "",
        block: Block | None = None,
        broken: str = "",
        why: tuple[str, ...] = (),
    ) -> None:
        column = self.facts.module.source.column(node.lineno, node.col_offset)
        if block is FOLLOWS:
            self.following.add((node.lineno, column))
        self.findings.append(
            Finding(
                path=self.facts.module.path,
                line=node.lineno,
                column=column,
                code=code,
                system=system,
                symbol=symbol,
                safety=Safety.MANUAL if block else Safety.SAFE,
                becomes="" if block else becomes,
                reason=block.reason if block else "",
                step=block.step if block else "",
                broken=broken,
                why=why,
            )
        )

    def carrier(self, carrier: Carrier) -> None:
        block = self.naming.fates.stays.get(carrier)
        if block is not None and block.line:
            block = replace(block, line=0, reason=f"line {block.line}: {block.reason}")
        becomes = "" if block else self._import_text(carrier)
        target = carrier.target
        home = target.module if isinstance(target, ModuleTarget) else target.home
        code = {
            CarrierKind.NAME: Code.IMPORT_NAME if carrier.is_direct else Code.IMPORT_REEXPORT,
            CarrierKind.MODULE: Code.IMPORT_MODULE,
            CarrierKind.STAR: Code.IMPORT_STAR,
        }[carrier.kind]
        if isinstance(target, SymbolTarget):
            system, symbol = target.system, target.name
        elif home in self.project.index.legacy:
            legacy = self.project.index.legacy[home]
            system, symbol = legacy.name, legacy.module
        else:
            system, symbol = self._star_system(carrier), ".".join(carrier.found.parts) or "."
        why = why_imported(self.project, carrier)
        self.add(carrier.alias, code, system, symbol, becomes=becomes, block=block, why=why)

    def _star_system(self, carrier: Carrier) -> str:
        for use in carrier.uses:
            return use.symbol.system
        return next(t.system for _, t in handed_on(self.project, carrier.found.module))

    def _import_text(self, carrier: Carrier) -> str:
        new = self.new_imports.of(carrier)
        if new is None:
            return "the same import, which brings the new name then"
        names = ", ".join(n.name + (f" as {n.as_name}" if n.as_name else "") for n in new)
        if not new:
            return "nothing"
        module = new[0].module
        return f"import {names}" if module is None else f"from {module} import {names}"

    def use(self, use: Use) -> None:
        block = self._holding(use.block) or self._stay(use.carriers)
        exporting = self.naming.exporters.of(use.exporter, getattr(use.node, "attr", ""))
        if block is None and use.exporter:
            block = self._stay(exporting)
        node = use.text if use.text is not None else use.node
        if use.code is Code.BROKEN_BEFORE:
            block = block or Block(use.node.lineno, use.broken, "find out what was meant")
        becomes = use.becomes
        if not block:
            new, edits = self.renames.use(use)
            self.intents.extend(edits)
            becomes = becomes if use.call is not None else new
        code = use.code
        if use.call is not None and block is not None and not self._holding(use.block):
            code = Code.CALL
        self.add(
            node,
            code,
            use.symbol.system,
            f"{use.symbol.name}.{use.member}" if use.member else use.symbol.name,
            becomes=becomes,
            block=block,
            broken=use.broken,
            why=use.why or why_used(self.project, self.facts, use),
        )
        if block is None and use.call is not None:
            self.intents.append(use.call)

    def _holding(self, block: Block | None) -> Block | None:
        """The block, unless this run lifts it."""
        if block is not None and block.level is not Safety.MANUAL:
            self.rests_on_levels = True
        return block if block is not None and block.holds(self.accept) else None

    def _stay(self, carriers: tuple[Carrier, ...]) -> Block | None:
        reason = self.naming.fates.reason(carriers)
        if reason is None:
            return None
        if reason is ACCEPTED:
            return FOLLOWS
        where = f"line {reason.line}: " if reason.line else ""
        text = f"its import stays on the shim: {where}{reason.reason}"
        return Block(0, text, reason.step, reason.level)

    def member(self, member: MemberUse) -> None:
        block = self._holding(member.block)
        if block is None and member.call is not None:
            block = self._stay(member.carriers)
        node = member.call.node if member.call is not None else member.node
        self.add(
            node,
            member.code,
            member.system,
            member.symbol,
            becomes=member.becomes,
            block=block,
            broken=member.broken,
            why=member.why,
        )
        if block is None and member.call is not None:
            self.intents.append(member.call)

    def quoted_names(self) -> None:
        parts: dict[ast.Constant, list[tuple[int, int, str]]] = {}
        for quoted in self.facts.quoted:
            exporting = self.naming.exporters.of(quoted.exporter, quoted.local)
            block = self._stay((*quoted.carriers, *exporting))
            if quoted.base and not quoted.carriers and not quoted.exporter:
                block = Block(0, "its module is not imported here", "import it by its name")
            old = f"{quoted.base}.{quoted.local}" if quoted.base else quoted.local
            new = old if block else self.renames.quoted(quoted)
            self.add(
                quoted.node,
                Code.QUOTED_ANNOTATION,
                quoted.symbol.system,
                quoted.symbol.name,
                becomes=new,
                block=block,
            )
            if new != old:
                parts.setdefault(quoted.node, []).append((quoted.start, quoted.end, new))
        self.intents.extend(ChangeText(node, tuple(spans)) for node, spans in parts.items())

    def entry(self, entry: AllEntry) -> None:
        block = self._stay(entry.carriers)
        name = str(entry.node.value)
        new = name
        if block is None and entry.carriers:
            new = self.renames.local(entry.carriers[0], name, entry.symbol)
        self.add(
            entry.node,
            Code.ALL_ENTRY,
            entry.symbol.system,
            entry.symbol.name,
            becomes=new,
            block=block,
        )
        if new != name:
            self.intents.append(ChangeText(entry.node, ((0, len(name), new),)))

    def text(self, text: TextReference) -> None:
        outcome = new_text(self.project, self.naming, text)
        target = text.target
        if isinstance(target, SymbolTarget):
            system, symbol = target.system, target.name
        else:
            legacy = self.project.index.legacy[target.module]
            system, symbol = legacy.name, legacy.module
        block = self._holding(outcome.block)
        self.add(text.node, text.code, system, symbol, becomes=outcome.new, block=block)
        value = str(text.node.value)
        is_wanted = text.role is TextRole.CONSUMER or Part.STRINGS in self.selection
        if block is None and outcome.new != value and is_wanted:
            self.intents.append(ChangeText(text.node, ((0, len(value), outcome.new),)))

    def elsewhere(self, broken: BrokenName) -> None:
        """A legacy name in a part of a document that something else of it brings."""
        symbol = self.project.systems[broken.system].symbol(broken.meant)
        new = symbol.becomes.target if symbol is not None and symbol.becomes else ""
        step = f"write `{new}` where what brings it has moved" if new else "take the use out"
        reason = "nothing in this part of the document binds it, so what it is cannot be proven"
        block = Block(broken.node.lineno, reason, step)
        self.add(broken.node, Code.CONFIGURATION, broken.system, broken.meant, block=block)

    def broken(self, broken: BrokenName) -> None:
        if broken.is_elsewhere:
            self.elsewhere(broken)
            return
        block = Block(
            broken.node.lineno,
            f"nothing binds `{broken.node.id}` here, so this raises NameError when it runs",
            f"find out what was meant (a {broken.meant}?); the migration leaves it as it is",
        )
        self.add(
            broken.node,
            Code.BROKEN_BEFORE,
            broken.system,
            broken.node.id,
            block=block,
            broken=f"`{broken.node.id}` is bound nowhere",
        )

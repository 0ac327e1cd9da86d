"""Finds the members of legacy objects whose call has to change, or that nobody can keep."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping

from nonce_migrate.model import Code
from nonce_migrate.profile.schema import Member, MemberKind
from nonce_migrate.resolve.project import ParsedModule, Project
from nonce_migrate.resolve.scopes import BindingKind
from nonce_migrate.resolve.values import Inference, Instance, Value
from nonce_migrate.rules.contexts import is_called
from nonce_migrate.rules.facts import Block, Carrier, FileFacts, MemberUse
from nonce_migrate.rules.replaced_calls import member_call

Holders = Mapping[str, frozenset[Instance]]


def legacy_attributes(files: Iterable[FileFacts]) -> dict[str, frozenset[Instance]]:
    """attribute name -> the legacy objects that some class of the project keeps under it."""
    table: dict[str, frozenset[Instance]] = {}
    for facts in files:
        inference = facts.inference
        for scope in facts.module.names.scopes:
            if isinstance(scope.node, ast.ClassDef):
                for name, values in inference.attributes(scope.node).items():
                    held = frozenset(i for value in values for i in value.instances)
                    if held:
                        table[name] = table.get(name, frozenset()) | held
    return table


def find_members(project: Project, facts: FileFacts, holders: Holders) -> None:
    """Fills in the member uses of a file, and the blocks that they put on its imports."""
    finder = _Finder(project, facts, holders)
    for node, _ in facts.module.names.attributes:
        use = finder.look(node)
        if use is None:
            continue
        facts.members.append(use)
        if use.block is not None and use.blocks_carriers:
            for carrier in use.carriers:
                carrier.blocks.append(use.block)


class _Finder:
    def __init__(self, project: Project, facts: FileFacts, holders: Holders) -> None:
        self.project = project
        self.facts = facts
        self.holders = holders
        self.inference: Inference = facts.inference
        self.by_binding = {c.binding: c for c in facts.carriers if c.binding is not None}

    def look(self, node: ast.Attribute) -> MemberUse | None:
        if node.attr.startswith("__"):
            return None
        value = self.inference.value(node.value)
        if not value.instances:
            return None if value.held or value.complete else self.guess(node)
        held = value.proven
        if isinstance(held, Instance):
            return self.proven(node, held, self.carriers(value))
        return self.unproven(node, value.instances, self.carriers(value))

    def carriers(self, value: Value) -> tuple[Carrier, ...]:
        found = (self.by_binding.get(origin) for origin in value.origins)
        carriers = [carrier for carrier in found if carrier is not None]
        return tuple(sorted(carriers, key=lambda c: (c.node.lineno, c.index)))

    def proven(
        self, node: ast.Attribute, held: Instance, carriers: tuple[Carrier, ...]
    ) -> MemberUse | None:
        member = self.inference.member(held, node.attr)
        text = f"{held.owner}.{node.attr}"
        if member is None:
            return self.undescribed(node, held, text, carriers)
        use = MemberUse(node, Code.CALL, held.system, text, carriers, broken=member.broken)
        if member.kind is MemberKind.PRIVATE or member.becomes is None:
            use.code = Code.PRIVATE_STATE
            use.block = Block(node.lineno, "it is private state of the legacy object", member.step)
            return use
        if member.is_unchanged:
            use.code, use.becomes = Code.BROKEN_BEFORE, "the same call, which works then"
            return use if member.broken else None
        return self.changed(node, member, use)

    def changed(self, node: ast.Attribute, member: Member, use: MemberUse) -> MemberUse | None:
        assert member.becomes is not None
        call = is_called(node, self.facts.module.names)
        outcome = member_call(self.inference, call, member) if call else None
        use.becomes = _text(member, node.value)
        if outcome is not None and not outcome.misfit:
            use.call = outcome.change
            return use if outcome.change is not None else None
        reason = outcome.misfit if outcome else "the method is handed on, not called"
        step = f"write {use.becomes} on this object. {member.why}".strip()
        use.block, use.blocks_carriers = Block(node.lineno, reason, step), True
        return use

    def undescribed(
        self, node: ast.Attribute, held: Instance, text: str, carriers: tuple[Carrier, ...]
    ) -> MemberUse:
        defined = self.defined_members(held)
        if defined and node.attr not in defined:
            return MemberUse(
                node,
                Code.BROKEN_BEFORE,
                held.system,
                text,
                carriers,
                block=Block(
                    node.lineno,
                    f"no `{held.owner}` has a `{node.attr}`",
                    "find out what was meant; the migration leaves it as it is",
                ),
                broken=f"`{held.owner}` never had a `{node.attr}`",
            )
        return MemberUse(
            node,
            Code.PRIVATE_STATE,
            held.system,
            text,
            carriers,
            block=Block(
                node.lineno,
                f"`{text}` is not described in the profile, so the new object may lack it",
                "describe it in a profile of your own, or take the use out, then run apply again",
            ),
            blocks_carriers=True,
        )

    def defined_members(self, held: Instance) -> frozenset[str]:
        """What the legacy class itself defines, empty where its code is not at hand."""
        system = self.project.systems[held.system]
        for home in (h for h, s in self.project.index.legacy.items() if s is system):
            file = self.project.index.source_file(home)
            parsed = self.project.parsed(file) if file else None
            names = class_members(parsed, held.owner) if parsed else frozenset()
            if names:
                return names
        return frozenset()

    def unproven(
        self, node: ast.Attribute, held: tuple[Instance, ...], carriers: tuple[Carrier, ...]
    ) -> MemberUse | None:
        return self.maybe(node, held, carriers, "it can also hold something else")

    def guess(self, node: ast.Attribute) -> MemberUse | None:
        """A receiver known by its name alone: `self.auth.nonce_manager`."""
        receiver = node.value
        if isinstance(receiver, ast.Attribute):
            name = receiver.attr
        elif isinstance(receiver, ast.Name) and self.is_bare_parameter(receiver):
            name = receiver.id
        else:
            return None
        held = tuple(sorted(self.holders.get(name, ()), key=lambda i: (i.system, i.owner)))
        reason = f"only the name `{name}` says what it is"
        return self.maybe(node, held, (), reason) if held else None

    def is_bare_parameter(self, name: ast.Name) -> bool:
        scope = self.facts.module.names.scope_of[name].lookup(name.id)
        bindings = scope.bindings[name.id] if scope else []
        return any(b.kind is BindingKind.PARAMETER for b in bindings)

    def maybe(
        self,
        node: ast.Attribute,
        held: tuple[Instance, ...],
        carriers: tuple[Carrier, ...],
        why: str,
    ) -> MemberUse | None:
        for instance in held:
            member = self.inference.member(instance, node.attr)
            if member is None or member.is_unchanged:
                continue
            step = (
                member.step
                or f"if it is a {instance.owner}: write {_text(member, node.value)} here"
            )
            return MemberUse(
                node,
                Code.MEMBER_UNPROVEN,
                instance.system,
                f"{instance.owner}.{node.attr}",
                carriers,
                block=Block(node.lineno, f"the receiver is not proven: {why}", step),
                blocks_carriers=member.becomes is not None,
            )
        return None


def _text(member: Member, receiver: ast.expr) -> str:
    """What a member becomes, on the receiver at hand."""
    new = member.becomes
    if new is None:
        return member.name
    return new.text.replace("self.", f"{ast.unparse(receiver)}.", 1)


def class_members(module: ParsedModule, name: str) -> frozenset[str]:
    """What a class of a module defines: its body's names and what its methods set on self."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ClassDef) and node.name == name:
            scope = next(s for s in module.names.scopes if s.node is node)
            stored = {
                child.attr
                for child in ast.walk(node)
                if isinstance(child, ast.Attribute) and isinstance(child.ctx, ast.Store)
            }
            inherits = [base for base in node.bases if ast.unparse(base) not in ("object", "ABC")]
            return frozenset() if inherits else frozenset(scope.bindings) | stored
    return frozenset()

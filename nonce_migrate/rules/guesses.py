"""Members of objects that are not proven to be legacy ones: what a guess says, and its level."""

from __future__ import annotations

import ast
from dataclasses import replace

from nonce_migrate.model import Code, Safety
from nonce_migrate.profile.schema import Member
from nonce_migrate.resolve.held import Value
from nonce_migrate.resolve.project import Project
from nonce_migrate.rules.contexts import is_called
from nonce_migrate.rules.facts import Block, Carrier, FileFacts, MemberUse
from nonce_migrate.rules.replaced_calls import member_call


def carriers_of(facts: FileFacts, value: Value) -> tuple[Carrier, ...]:
    """The imports, of this or another file, that a value came through, in a fixed order."""
    found = (facts.by_binding.get(origin) for origin in value.origins)
    carriers = [carrier for carrier in found if carrier is not None]
    return tuple(sorted(carriers, key=lambda c: (c.module.path, c.node.lineno, c.index)))


class Guesses:
    """Answers for the members of one file."""

    def __init__(self, project: Project, facts: FileFacts) -> None:
        self.project = project
        self.facts = facts
        self.inference = facts.inference

    def unproven(
        self, node: ast.expr, value: Value, receiver: ast.expr, name: str
    ) -> MemberUse | None:
        """A member that would have to change if the receiver is what it may be."""
        why = (
            "only its name says what it is" if value.is_guess else "it can hold something else too"
        )
        call = is_called(node, self.facts.module.names)
        for instance in value.instances:
            member = self.inference.member(instance, name)
            if member is None or member.is_unchanged or self.makes_no_difference(call, member):
                continue
            step = (
                member.step or f"if it is a {instance.owner}: write {new_text_of(member, receiver)}"
            )
            use = MemberUse(
                node,
                Code.MEMBER_UNPROVEN,
                instance.system,
                f"{instance.owner}.{name}",
                carriers_of(self.facts, value),
                block=Block(node.lineno, f"the receiver is not proven: {why}", step),
                blocks_carriers=member.becomes is not None,
            )
            is_one = value.is_guess and len(value.instances) == 1
            return self.guessed(use, call, member, receiver) if is_one else use
        return None

    def lone(self, node: ast.Attribute) -> MemberUse | None:
        """A call of a method that one legacy class alone has, on a receiver nothing tells of."""
        member = self.project.profile.lone_methods.get(node.attr)
        call = is_called(node, self.facts.module.names)
        if member is None or call is None or self.is_defined(member.name):
            return None
        system = next(s for s in self.project.profile.systems if member in s.members)
        reason = f"the receiver is not proven: only a {member.owner} has a `{member.name}`"
        step = f"if it is a {member.owner}: write {new_text_of(member, node.value)}"
        use = MemberUse(
            node,
            Code.MEMBER_UNPROVEN,
            system.name,
            f"{member.owner}.{member.name}",
            block=Block(node.lineno, reason, step),
            why=(
                f"{self.inference.place(node)}: nothing says what "
                f"`{self.inference.shown(node.value)}` is",
                f"of the legacy classes only {member.owner} has a `{member.name}`, and no class "
                "of the project defines one",
            ),
        )
        return self.guessed(use, call, member, node.value)

    def is_defined(self, name: str) -> bool:
        """Whether a class or function of the project has the name."""
        modules = self.inference.program.modules.values()
        return any(name in s.bindings for m in modules for s in m.names.scopes)

    def guessed(
        self, use: MemberUse, call: ast.Call | None, member: Member, receiver: ast.expr
    ) -> MemberUse:
        """A call that is very likely one on the legacy object: changed by those who accept that."""
        if call is None or member.becomes is None or isinstance(use.node, ast.Call):
            return use
        outcome = member_call(self.inference, call, member)
        is_reckoned = outcome.doubt is not None and outcome.doubt.level is Safety.MANUAL
        if outcome.change is not None and not outcome.misfit and not is_reckoned:
            assert use.block is not None
            use.call, use.becomes = outcome.change, new_text_of(member, receiver)
            use.block = replace(use.block, level=Safety.UNSAFE)
        return use

    def makes_no_difference(self, call: ast.Call | None, member: Member) -> bool:
        """Whether the call does the same here with the old object and with the new one."""
        if call is None or member.becomes is None:
            return False
        outcome = member_call(self.inference, call, member)
        return outcome.change is None and not outcome.misfit and outcome.doubt is None


def new_text_of(member: Member, receiver: ast.expr) -> str:
    """What a member becomes, on the receiver at hand."""
    new = member.becomes
    if new is None:
        return member.name
    return new.text.replace("self.", f"{ast.unparse(receiver)}.", 1)

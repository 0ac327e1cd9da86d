"""Finds the members of legacy objects whose call has to change, or that nobody can keep."""

from __future__ import annotations

import ast

from nonce_migrate.model import Code
from nonce_migrate.profile.schema import Member, MemberKind
from nonce_migrate.resolve.held import UNKNOWN, Instance, Replacement, Value
from nonce_migrate.resolve.inference import Inference
from nonce_migrate.resolve.project import Project
from nonce_migrate.resolve.scopes import ScopeKind
from nonce_migrate.rules.contexts import is_builtin, is_called
from nonce_migrate.rules.facts import Block, Carrier, FileFacts, MemberUse
from nonce_migrate.rules.guesses import Guesses, carriers_of, new_text_of
from nonce_migrate.rules.legacy_code import defined_members
from nonce_migrate.rules.reasons import why_held
from nonce_migrate.rules.replaced_calls import member_call

_CLASS_NAMES = frozenset(("__name__", "__qualname__"))
_INTROSPECTION = frozenset(("__class__", "__dict__"))
_PROBES = frozenset(("getattr", "hasattr", "setattr", "delattr"))


def is_same_class(project: Project, instance: Instance) -> bool:
    """Whether every member of a legacy class means the same on the target."""
    members = project.systems[instance.system].members_by_owner.get(instance.owner, {})
    return all(m.is_unchanged for m in members.values() if m.kind is not MemberKind.PRIVATE)


def find_members(project: Project, facts: FileFacts) -> None:
    """Fills in the member uses of a file, and the blocks that they put on its imports."""
    finder = _Finder(project, facts)
    names = facts.module.names
    trail, telling = facts.inference.program.legacy_trail, finder.telling
    looked_at = [n for n, _ in names.attributes if n.attr in telling or trail.passes(n.value)]
    found = [(finder.look(node), node.value) for node in looked_at]
    if not _PROBES.isdisjoint(facts.module.spelt):
        found += [(finder.probe(call), call.args[0]) for call, _ in names.calls if call.args]
    for use, receiver in found:
        if use is None:
            continue
        value = facts.inference.value(receiver)
        if value.instances:
            use.why = (*why_held(facts, receiver, value), *use.why)
        facts.members.append(use)
        if use.block is not None and use.blocks_carriers:
            for carrier in use.carriers:
                carrier.blocks.append(_seen_from(facts, carrier, use.block))


def _seen_from(facts: FileFacts, carrier: Carrier, block: Block) -> Block:
    """A block as the import's own file tells it."""
    if carrier.module is facts.module:
        return block
    where = f"{facts.module.path}:{block.line}"
    return Block(0, f"{where}: {block.reason}", block.step, block.level)


class _Finder:
    def __init__(self, project: Project, facts: FileFacts) -> None:
        self.project = project
        self.facts = facts
        self.inference: Inference = facts.inference
        self.guesses = Guesses(project, facts)
        self.telling = _CLASS_NAMES | project.profile.lone_methods.keys()

    def look(self, node: ast.Attribute) -> MemberUse | None:
        """An attribute of what may be a legacy object, or of a name that tells by itself."""
        if node.attr in _CLASS_NAMES:
            return self.introspected(node, self.type_of(node.value))
        value = self.inference.value(node.value)
        if node.attr.startswith("__"):
            return self.introspected(node, value) if node.attr in _INTROSPECTION else None
        held = value.proven
        if isinstance(held, Replacement):
            return self.left_over(node, held)
        if not value.instances:
            return None if value.held or value.complete else self.guesses.lone(node)
        held = value.proven
        if isinstance(held, Instance):
            return self.proven(node, held, self.carriers(value))
        return self.guesses.unproven(node, value, node.value, node.attr)

    def type_of(self, node: ast.expr) -> Value:
        """The legacy object that `type(x)` is the class of."""
        is_type = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "type"
        if isinstance(node, ast.Call) and is_type and len(node.args) == 1:
            given = node.args[0]
            return self.inference.value(given) if self.inference.may_be_legacy(given) else UNKNOWN
        return UNKNOWN

    def left_over(self, node: ast.Attribute, held: Replacement) -> MemberUse | None:
        """Private state of a legacy class that is still touched after its import has moved."""
        for system in self.project.profile.systems:
            for member in system.members:
                if member.kind is MemberKind.PRIVATE and member.name == node.attr:
                    if node.attr in self.defined_at_target():
                        return None
                    reason = (
                        "it is private state of a legacy class; the new object has no such thing"
                    )
                    block = Block(node.lineno, reason, member.step)
                    name = f"{held.name}.{node.attr}"
                    return MemberUse(node, Code.PRIVATE_STATE, system.name, name, block=block)
        return None

    def defined_at_target(self) -> frozenset[str]:
        """The names that the target's code binds in its classes."""
        index = self.project.index
        file = index.source_file(index.target_path(index.base_of(self.facts.module.path)))
        parsed = self.project.parsed(file) if file else None
        scopes = parsed.names.scopes if parsed else []
        return frozenset(n for s in scopes if s.kind is ScopeKind.CLASS for n in s.bindings)

    def switching(
        self, call: ast.Call, held: Instance, name: str, carriers: tuple[Carrier, ...]
    ) -> MemberUse | None:
        """A probe for a member that only the new object has: its branch would switch."""
        defined = defined_members(self.project, held)
        if name not in self.project.profile.target_members or not defined or name in defined:
            return None
        block = Block(
            call.lineno,
            f"no {held.owner} has a `{name}`, but the new object does: the branch would switch",
            "decide what should happen then, and take the probe out",
        )
        return MemberUse(
            call,
            Code.PRIVATE_STATE,
            held.system,
            f"{held.owner}.{name}",
            carriers,
            block=block,
            blocks_carriers=True,
        )

    def introspected(self, node: ast.Attribute, value: Value) -> MemberUse | None:
        """`manager.__class__.__name__`: it tells something else after the migration."""
        held = value.proven
        if not isinstance(held, Instance):
            return None
        symbol = self.project.systems[held.system].symbol(held.owner)
        new = symbol.becomes.target if symbol and symbol.becomes else ""
        if new == held.owner:
            return None
        step = f"its class is {new} then: compare with that, or do not compare classes by name"
        block = Block(node.lineno, "it tells the class or the inner state of the object", step)
        name = f"{held.owner}.{node.attr}"
        return MemberUse(
            node, Code.PRIVATE_STATE, held.system, name, self.carriers(value), block=block
        )

    def carriers(self, value: Value) -> tuple[Carrier, ...]:
        return carriers_of(self.facts, value)

    def probe(self, call: ast.Call) -> MemberUse | None:
        """`getattr(manager, "name")` and its like: a member looked up by its text."""
        function = call.func
        if not isinstance(function, ast.Name) or function.id not in _PROBES:
            return None
        if len(call.args) < 2 or not is_builtin(self.facts.module.names, function):
            return None
        receiver, text = call.args[0], call.args[1]
        if not isinstance(text, ast.Constant) or not isinstance(text.value, str):
            return None
        if not self.inference.may_be_legacy(receiver):
            return None
        value = self.inference.value(receiver)
        held = value.proven
        if not isinstance(held, Instance):
            return self.guesses.unproven(call, value, receiver, text.value)
        member = self.inference.member(held, text.value)
        if member is None:
            return self.switching(call, held, text.value, self.carriers(value))
        if member.is_unchanged:
            return None
        name = f"{held.owner}.{text.value}"
        use = MemberUse(call, Code.PRIVATE_STATE, held.system, name, self.carriers(value))
        if member.becomes is None:
            use.block = Block(
                call.lineno, "it is private state of the legacy object, probed by name", member.step
            )
            return use
        use.code, use.blocks_carriers = Code.CALL, True
        step = f"write {new_text_of(member, receiver)} on this object. {member.why}".strip()
        use.block = Block(call.lineno, "the method is looked up by its name", step)
        return use

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
        if member.kind is MemberKind.ATTRIBUTE and not isinstance(node.ctx, ast.Load):
            use.code, use.blocks_carriers = Code.PRIVATE_STATE, True
            reason = "it puts another object into the legacy one; the new one takes none"
            use.block = Block(node.lineno, reason, "decide which of the two is to draw the nonces")
            return use
        if member.is_unchanged:
            use.code, use.becomes = Code.BROKEN_BEFORE, "the same call, which works then"
            return use if member.broken else None
        return self.changed(node, member, use)

    def changed(self, node: ast.Attribute, member: Member, use: MemberUse) -> MemberUse | None:
        assert member.becomes is not None
        call = is_called(node, self.facts.module.names)
        outcome = member_call(self.inference, call, member) if call else None
        use.becomes = new_text_of(member, node.value)
        if outcome is not None and not outcome.misfit:
            use.call, use.why = outcome.change, (*use.why, *outcome.why)
            use.block, use.blocks_carriers = outcome.doubt, outcome.doubt is not None
            return use if outcome.change is not None or outcome.doubt is not None else None
        reason = outcome.misfit if outcome else "the method is handed on, not called"
        step = f"write {use.becomes} on this object. {member.why}".strip()
        use.block, use.blocks_carriers = Block(node.lineno, reason, step), True
        if outcome is not None and outcome.broken:
            use.code, use.broken = Code.BROKEN_BEFORE, use.broken or outcome.broken
        return use

    def undescribed(
        self, node: ast.Attribute, held: Instance, text: str, carriers: tuple[Carrier, ...]
    ) -> MemberUse:
        symbol = self.project.systems[held.system].symbol(held.owner)
        if symbol is not None and symbol.becomes is None:
            block = Block(node.lineno, f"`{held.owner}` has no counterpart", symbol.step)
            return MemberUse(node, Code.PRIVATE_STATE, held.system, text, carriers, block=block)
        defined = defined_members(self.project, held)
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

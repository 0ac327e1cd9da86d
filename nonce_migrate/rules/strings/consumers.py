"""Strings that name what another module has imported: `patch("consumer.LegacyName")`.

Such a name follows a rename of the consumer's import, where the call that looks it up is known;
else the consumer keeps the old name by an alias.
"""

from __future__ import annotations

import ast

from nonce_migrate.resolve.project import ModuleTarget, Project, SymbolTarget
from nonce_migrate.rules.contexts import is_plain_literal
from nonce_migrate.rules.facts import Block, FileFacts, TextReference, TextRole
from nonce_migrate.rules.strings.patches import expects_the_old
from nonce_migrate.rules.strings.places import Does, Place

_BY_KEYWORD = frozenset(("multiple", "dict"))


class Consumers:
    """Looks after the names of the project's own modules that strings of one file look up."""

    def __init__(self, project: Project, facts: FileFacts) -> None:
        self.project = project
        self.facts = facts
        is_spelt = not _BY_KEYWORD.isdisjoint(facts.module.spelt)
        for call, _ in facts.module.names.calls if is_spelt else ():
            word = call.func.attr if isinstance(call.func, ast.Attribute) else ""
            if word in _BY_KEYWORD:
                facts.pins.update(("", k.arg) for k in call.keywords if k.arg)

    def dotted(
        self, node: ast.Constant, place: Place, module: str, prefix: str, rest: list[str]
    ) -> None:
        """A text that names a module of the project and something in it."""
        if not rest:
            return
        if rest == ["__dict__"]:
            self.facts.pins.add((module, ""))
            self.facts.stand_ins.add((module, ""))
            return
        target = self.project.member(module, rest[0])
        if not self.is_legacy(target):
            return
        assert target is not None
        if isinstance(target, ModuleTarget) and len(rest) > 1:
            self.through_module(node, place, module, prefix, rest)
            return
        is_alone = len(rest) == 1
        self.reference(node, place, module, rest[0], target, prefix, is_alone=is_alone)

    def through_module(
        self, node: ast.Constant, place: Place, module: str, prefix: str, rest: list[str]
    ) -> None:
        """`patch("consumer.legacy_module.Name")`: a name of the module that the consumer has."""
        home = self.project.member(module, rest[0])
        assert isinstance(home, ModuleTarget)
        target = self.project.member(home.module, rest[1])
        assert isinstance(target, SymbolTarget)
        reason = f"it reaches `{rest[1]}` through a module that `{prefix}` has imported"
        step = "write the path of the new name in the target's own module"
        block = Block(node.lineno, reason, step)
        self.facts.pins.add((module, rest[0]))
        if place.does is Does.PATCH:
            self.facts.held[target] = block
        self.facts.texts.append(
            TextReference(node, TextRole.CONSUMER, target, prefix, consumer=module, block=block)
        )

    def is_legacy(self, target: object) -> bool:
        """Whether a consumer's name is a legacy module or name."""
        is_module = isinstance(target, ModuleTarget) and target.module in self.project.index.legacy
        return isinstance(target, SymbolTarget) or is_module

    def reference(
        self,
        node: ast.Constant,
        place: Place,
        module: str,
        name: str,
        target: SymbolTarget | ModuleTarget,
        prefix: str,
        *,
        is_alone: bool,
    ) -> None:
        known = place.is_known and place.does in (Does.PATCH, Does.ATTRIBUTE)
        if isinstance(target, ModuleTarget) or not is_plain_literal(self.facts.module.source, node):
            known = False
        (self.facts.followed if known else self.facts.pins).add((module, name))
        if self.needs_the_old(place, target, is_alone=is_alone):
            self.facts.stand_ins.add((module, name))
        self.facts.texts.append(
            TextReference(node, TextRole.CONSUMER, target, prefix, consumer=module)
        )

    def needs_the_old(
        self, place: Place, target: SymbolTarget | ModuleTarget, *, is_alone: bool
    ) -> bool:
        """Whether what is put there, or taken from there, is used out of sight as the old name."""
        if not isinstance(target, SymbolTarget) or not is_alone:
            return place.does is Does.PATCH
        symbol = self.project.systems[target.system].symbol(target.name)
        if symbol is None:
            return False
        if isinstance(place.call, ast.Call) and getattr(place.call.func, "id", "") == "getattr":
            return True
        if place.does not in (Does.PATCH, Does.ATTRIBUTE):
            return False
        return bool(expects_the_old(self.project, self.facts, place, target, symbol))

    def name(self, node: ast.Constant, text: str, place: Place) -> None:
        """The "Name" of `patch.object(consumer, "Name")` and of `vars(consumer)["Name"]`."""
        parent = self.facts.module.names.parents.get(node)
        if isinstance(parent, ast.Subscript) and parent.slice is node:
            self.facts.pins.add(("", text))
            if _is_namespace(parent.value):
                self.facts.stand_ins.add(("", text))  # called out of sight
            return
        if isinstance(parent, ast.Dict):
            self.key(parent, text)
        if place.does is not Does.ATTRIBUTE or not isinstance(place.call, ast.Call):
            return
        if not self.facts.inference.may_be_module(place.call.args[0]):
            self.facts.pins.add(("", text))
            return
        held = self.facts.inference.value(place.call.args[0])
        modules = [h.module for h in held.held if isinstance(h, ModuleTarget)]
        for module in modules:
            if module in self.project.index.legacy:
                continue
            target = self.project.member(module, text)
            if self.is_legacy(target) and held.proven is not None:
                assert target is not None
                self.reference(node, place, module, text, target, "", is_alone=True)
            else:
                self.facts.pins.add((module, text))
        if not modules:
            self.facts.pins.add(("", text))

    def key(self, node: ast.Dict, text: str) -> None:
        """`patch.dict(namespace, {"Name": ...})`."""
        call = self.facts.module.names.parents.get(node)
        function = call.func if isinstance(call, ast.Call) else None
        if isinstance(function, ast.Attribute) and function.attr in ("dict", "update"):
            self.facts.pins.add(("", text))
            self.facts.stand_ins.add(("", text))


def _is_namespace(node: ast.expr) -> bool:
    is_vars = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "vars"
    return is_vars or (isinstance(node, ast.Attribute) and node.attr == "__dict__")

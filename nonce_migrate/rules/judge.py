"""Judges each use of a legacy name: what becomes of it, or why it must not be touched."""

from __future__ import annotations

import ast

from nonce_migrate.model import Code
from nonce_migrate.profile.schema import MemberKind, NameKind, Symbol
from nonce_migrate.resolve.held import Instance
from nonce_migrate.resolve.project import Project, SymbolTarget
from nonce_migrate.rules.contexts import (
    class_test,
    is_base_class,
    is_called,
    is_only_looked_at,
)
from nonce_migrate.rules.facts import Block, FileFacts, MemberUse, Use
from nonce_migrate.rules.replaced_calls import member_call, symbol_call


class Judge:
    """Decides over the uses of one file."""

    def __init__(self, project: Project, facts: FileFacts) -> None:
        self.project = project
        self.facts = facts
        self.names = facts.module.names
        self.annotations = {annotation for annotation, _ in self.names.annotations}

    def judge(self, use: Use) -> None:
        """Decides what becomes of a use apart from its name."""
        source = self.facts.module.source
        if isinstance(use.node, ast.Name) and source.slice(source.span(use.node)) != use.node.id:
            use.block = Block(
                use.node.lineno,
                "the name is spelt with other characters than those that Python makes of it",
                f"write `{use.node.id}` in plain letters, then run apply again",
            )
        if use.block is not None:
            return
        system = self.project.systems[use.symbol.system]
        symbol = system.symbol(use.symbol.name)
        if symbol is None or symbol.becomes is None:
            self.without_counterpart(use, symbol)
            return
        use.becomes, use.broken = symbol.becomes.target, symbol.broken
        if not use.carriers and not use.exporter and use.base is not None:
            use.block = Block(
                use.node.lineno,
                "the module is reached through its package, without an import of it in this file",
                f"import {system.module} here by its name, then run apply again",
            )
            return
        place = self.place(use)
        if place is not None:
            self.judge_place(use, symbol, place)

    def place(self, use: Use) -> ast.expr | None:
        """The expression that gives the name: itself, or the `getattr` that looks it up."""
        if use.text is None:
            return use.node
        call = self.names.parents.get(use.text)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "getattr":
            return call
        return None

    def without_counterpart(self, use: Use, symbol: Symbol | None) -> None:
        name = use.symbol.name
        exports = self.project.target_names(use.symbol.home)
        if symbol is not None:
            use.broken = symbol.broken
            use.block = Block(
                use.node.lineno, f"`{name}` has no counterpart at the target", symbol.step
            )
        elif use.text is not None and name in exports - self.defined(use.symbol):
            use.block = Block(
                use.node.lineno,
                f"the old module has no `{name}`, but the target does: the branch would switch",
                "decide what should happen then, and take the probe out",
            )
        elif use.base is not None and not self.exists(use.symbol):
            use.code, use.broken = Code.BROKEN_BEFORE, f"the module never had a `{name}`"
        elif exports and name not in exports:
            use.block = _unlisted(use.node.lineno, name)

    def exists(self, symbol: SymbolTarget) -> bool:
        """Whether a legacy module binds a name (assumed where its code is not at hand)."""
        defined = self.defined(symbol)
        return not defined or symbol.name in defined

    def defined(self, symbol: SymbolTarget) -> frozenset[str]:
        """The names that a legacy module binds, none where its code is not at hand."""
        return self.project.defined_names(symbol.home)

    def judge_place(self, use: Use, symbol: Symbol, place: ast.expr) -> None:
        call = is_called(place, self.names)
        parent = self.names.parents.get(place)
        if call is not None:
            self.judge_call(use, symbol, call)
        elif isinstance(parent, ast.Attribute):
            self.judge_attribute(use, symbol, parent)
        elif is_base_class(place, self.names) and symbol.kind is NameKind.EXCEPTION:
            return
        elif self.inherits_private_state(place, use, symbol):
            use.block = Block(
                use.node.lineno,
                f"the class uses or overrides private state of `{symbol.name}`",
                _inherit_step(symbol),
            )
        elif not is_same_when_called(self.project, use.symbol, symbol) and not is_only_looked_at(
            place, self.names, self.annotations
        ):
            base = is_base_class(place, self.names)
            use.block = Block(
                use.node.lineno,
                f"`{base.name}` inherits from `{symbol.name}`, whose members changed their meaning"
                if base
                else f"`{symbol.name}` is handed on, and how it will be called cannot be seen",
                _inherit_step(symbol) if base else _handed_on_step(symbol),
            )

    def inherits_private_state(self, place: ast.expr, use: Use, symbol: Symbol) -> bool:
        """Whether a subclass has a member that the profile knows as private state of its base."""
        subclass = is_base_class(place, self.names)
        if subclass is None:
            return False
        members = self.project.systems[use.symbol.system].members_by_owner.get(symbol.name, {})
        private = {m.name for m in members.values() if m.kind is MemberKind.PRIVATE}
        own = {
            getattr(node, "attr", getattr(node, "name", ""))
            for node in ast.walk(subclass)
            if isinstance(node, ast.Attribute | ast.FunctionDef | ast.AsyncFunctionDef)
        }
        return bool(private & own)

    def judge_call(self, use: Use, symbol: Symbol, call: ast.Call) -> None:
        outcome = symbol_call(self.facts.inference, call, symbol)
        assert symbol.becomes is not None
        use.broken = use.broken or outcome.broken
        if outcome.misfit:
            use.code = Code.BROKEN_BEFORE if outcome.broken else Code.CALL
            use.block = Block(
                use.node.lineno,
                outcome.misfit,
                f"write {symbol.becomes.text} here. {symbol.why}".strip(),
            )
        elif outcome.change is not None or outcome.doubt is not None:
            use.code, use.call, use.becomes = Code.CALL, outcome.change, symbol.becomes.text
            use.block, use.why = outcome.doubt, (*use.why, *outcome.why)

    def judge_attribute(self, use: Use, symbol: Symbol, parent: ast.Attribute) -> None:
        """`Class.member`: a classmethod, private state, or something nobody knows."""
        if symbol.kind is not NameKind.CLASS:
            return
        if parent.attr.startswith("__"):
            self.judge_class_name(use, symbol, parent)
            return
        owner = Instance(use.symbol.system, symbol.name)
        member = self.facts.inference.member(owner, parent.attr)
        text = f"{symbol.name}.{parent.attr}"
        if member is None:
            self.unknown_member(use, parent, text)
        elif member.becomes is None:
            self.facts.members.append(
                MemberUse(
                    parent,
                    Code.PRIVATE_STATE,
                    use.symbol.system,
                    text,
                    use.carriers,
                    block=Block(
                        parent.lineno, "it is private state of the legacy class", member.step
                    ),
                )
            )
        elif not member.is_unchanged:
            call = is_called(parent, self.names)
            if member.kind is not MemberKind.CLASSMETHOD:
                call = None
            outcome = member_call(self.facts.inference, call, member) if call else None
            if outcome is None or outcome.misfit:
                reason = outcome.misfit if outcome else "the method is handed on"
                use.code, use.member = Code.CALL, parent.attr
                use.block = Block(use.node.lineno, reason, f"write {member.becomes.text} here")
            elif outcome.change is not None or outcome.doubt is not None:
                use.code, use.call, use.member = Code.CALL, outcome.change, parent.attr
                use.block = outcome.doubt
                use.becomes = (
                    member.becomes.text.replace("self", symbol.becomes.target, 1)
                    if symbol.becomes
                    else ""
                )

    def judge_subject(self, use: Use, symbol: Symbol, test: ast.AST) -> None:
        """A class test of an object of another legacy class, which becomes the same class."""
        if not isinstance(test, ast.Call) or not test.args or symbol.becomes is None:
            return
        held = self.facts.inference.value(test.args[0]).proven
        if not isinstance(held, Instance) or held.owner == symbol.name:
            return
        other = self.project.systems[held.system].symbol(held.owner)
        new = other.becomes.target if other and other.becomes else ""
        if new == symbol.becomes.target:
            use.block = use.block or Block(
                use.node.lineno,
                f"a {held.owner} is no {symbol.name} now, but both become one class",
                "decide by something else than the class, then run apply again",
            )

    def judge_class_name(self, use: Use, symbol: Symbol, parent: ast.Attribute) -> None:
        """`Class.__name__`: another text after the migration."""
        new = symbol.becomes.target if symbol.becomes else symbol.name
        if parent.attr in ("__name__", "__qualname__") and new != symbol.name:
            reason = f"it is the text {symbol.name!r} before the migration, and {new!r} after it"
            step = "look at what the text is for: a log or a status page may just show the new one"
            self.facts.members.append(
                MemberUse(
                    parent,
                    Code.PRIVATE_STATE,
                    use.symbol.system,
                    f"{symbol.name}.{parent.attr}",
                    use.carriers,
                    block=Block(parent.lineno, reason, step),
                )
            )

    def unknown_member(self, use: Use, parent: ast.Attribute, text: str) -> None:
        use.block = Block(
            parent.lineno,
            f"`{text}` is not described in the profile",
            "describe it in a profile of your own, or take the use out, then run apply again",
        )

    def tell_apart(self) -> None:
        """Class tests of a function that tell apart two legacy classes which become one class."""
        tests: dict[tuple[ast.AST | None, str], dict[ast.AST, list[Use]]] = {}
        for use in self.facts.uses:
            symbol = self.project.systems[use.symbol.system].symbol(use.symbol.name)
            if symbol is None or symbol.becomes is None or symbol.kind is not NameKind.CLASS:
                continue
            test = class_test(use.node, self.names)
            if test is not None:
                self.judge_subject(use, symbol, test)
                function = next((s.node for s in self.names.scope_of[use.node].ancestors()), None)
                key = function, symbol.becomes.target
                tests.setdefault(key, {}).setdefault(test, []).append(use)
        for (_, new), groups in tests.items():
            classes = {
                frozenset((u.symbol.system, u.symbol.name) for u in g) for g in groups.values()
            }
            for use in (u for group in groups.values() for u in group if len(classes) > 1):
                use.block = use.block or Block(
                    use.node.lineno,
                    f"the function tells apart classes that all become {new}",
                    "decide by something else than the class, then run apply again",
                )


def is_same_when_called(project: Project, target: SymbolTarget, symbol: Symbol) -> bool:
    """Whether calling the new name anyhow gives what calling the legacy one gave."""
    new = symbol.becomes
    if new is None or new.arguments is not None or new.convert or symbol.unit is not None:
        return False
    if not symbol.produces:
        return True
    members = project.systems[target.system].members_by_owner
    known = members.get(symbol.produces, {}).values()
    return all(m.is_unchanged for m in known if m.kind is not MemberKind.PRIVATE)


def _unlisted(line: int, name: str) -> Block:
    return Block(
        line,
        f"the target has no `{name}`, so it goes on coming from the legacy module",
        f"move `{name}` to a module of your own and import it from there",
    )


def _inherit_step(symbol: Symbol) -> str:
    assert symbol.becomes is not None
    return (
        f"inherit from {symbol.becomes.target} and go through every override and call by hand. "
        f"{symbol.why}".strip()
    )


def _handed_on_step(symbol: Symbol) -> str:
    assert symbol.becomes is not None
    return f"hand on a function that calls {symbol.becomes.text}. {symbol.why}".strip()

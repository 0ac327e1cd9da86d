"""Finds every use of a name that a file's imports bind to something legacy."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from nonce_migrate.model import Code
from nonce_migrate.profile.schema import MemberKind, NameKind, Symbol
from nonce_migrate.resolve.held import Instance
from nonce_migrate.resolve.project import ModuleTarget, Project, SymbolTarget
from nonce_migrate.resolve.scopes import Binding, BindingKind, Scope
from nonce_migrate.rules.contexts import (
    class_test,
    is_base_class,
    is_called,
    is_only_looked_at,
)
from nonce_migrate.rules.facts import Block, Carrier, CarrierKind, FileFacts, MemberUse, Use
from nonce_migrate.rules.replaced_calls import member_call, symbol_call

_BY_NAME = {"getattr", "hasattr", "setattr", "delattr", "object"}


def find_uses(project: Project, facts: FileFacts) -> None:
    """Fills in the uses of a file, and the blocks that they put on its imports."""
    finder = _Finder(project, facts)
    for node, scope in facts.module.names.loads:
        finder.name(node, scope)
    finder.through_modules()
    for use in facts.uses:
        finder.judge(use)
    finder.tell_apart()
    for use in facts.uses:
        for carrier in use.carriers:
            carrier.uses.append(use)
            if use.block is not None:
                carrier.blocks.append(use.block)


class _Finder:
    def __init__(self, project: Project, facts: FileFacts) -> None:
        self.project = project
        self.facts = facts
        self.names = facts.module.names
        self.annotations = {annotation for annotation, _ in self.names.annotations}
        self.by_binding = {c.binding: c for c in facts.carriers if c.binding is not None}

    def name(self, node: ast.Name, scope: Scope) -> None:
        home = scope.lookup(node.id)
        if home is None:
            self.starred(node)
            return
        bindings = [b for b in home.bindings[node.id] if b.kind is BindingKind.IMPORT]
        if not bindings:
            return
        targets = [self.project.imported(self.facts.module, binding) for binding in bindings]
        target = next((t for t in targets if t is not None), None)
        if isinstance(target, SymbolTarget):
            carriers = tuple(self.by_binding[b] for b in bindings if b in self.by_binding)
            use = Use(node, target, carriers)
            self.facts.uses.append(use)
            self.either(use, [t for t in targets if isinstance(t, SymbolTarget)])
        elif isinstance(target, ModuleTarget):
            self.dotted(node, target, bindings)

    def either(self, use: Use, targets: list[SymbolTarget]) -> None:
        """A name that is one legacy name or another: they must become the same in everything."""
        different = {(t.system, t.name): t for t in targets}.values()
        symbols = [(t, self.project.systems[t.system].symbol(t.name)) for t in different]
        if len(symbols) < 2:
            return
        if all(symbol and self.is_same_when_called(t, symbol) for t, symbol in symbols):
            return
        names = " or ".join(f"{t.system}.{t.name}" for t in different)
        use.block = Block(
            use.node.lineno,
            f"it is {names}, depending on which import runs",
            "decide for one of them, then run apply again",
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

    def starred(self, node: ast.Name) -> None:
        held = self.facts.inference.value(node).proven
        if isinstance(held, SymbolTarget):
            stars = [c for c in self.facts.carriers if c.kind is CarrierKind.STAR]
            self.facts.uses.append(Use(node, held, self.bringing(stars, node.id)))

    def bringing(self, stars: Iterable[Carrier], name: str) -> tuple[Carrier, ...]:
        """The star imports that bring a name: the last one wins, as when it runs."""
        hits = [c for c in stars if self.project.brings(c.found.module, name)]
        return tuple(hits[-1:])

    def dotted(self, name: ast.Name, target: ModuleTarget, bindings: list[Binding]) -> None:
        """Follows `a.b.legacy.X` from the name `a` on."""
        node: ast.expr = name
        while True:
            parent = self.names.parents.get(node)
            if not isinstance(parent, ast.Attribute):
                if target.module in self.project.index.legacy:
                    self.module_itself(node, target, self.module_carriers(target, bindings))
                return
            member = self.project.member(target.module, parent.attr)
            if isinstance(member, SymbolTarget):
                is_legacy = target.module in self.project.index.legacy
                carriers = self.module_carriers(target, bindings)
                use = Use(parent, member, carriers, node, "" if is_legacy else target.module)
                self.facts.uses.append(use)
                return
            if member is None:
                return
            node, target = parent, member

    def through_modules(self) -> None:
        """`alias.Name` and `import_module("pkg").Name`, where a module hands a legacy name on."""
        known = {use.node for use in self.facts.uses}
        for node, _ in self.names.attributes:
            held = self.facts.inference.value(node.value).proven
            if node in known or not isinstance(held, ModuleTarget):
                continue
            if held.module in self.project.index.legacy:
                continue
            member = self.project.member(held.module, node.attr)
            if isinstance(member, SymbolTarget):
                self.facts.uses.append(Use(node, member, (), node.value, held.module))

    def module_carriers(self, target: ModuleTarget, bindings: list[Binding]) -> tuple[Carrier, ...]:
        """The imports that make a module reachable under a name bound by one of `bindings`."""
        return tuple(
            carrier
            for carrier in self.facts.carriers
            if carrier.kind is CarrierKind.MODULE
            and carrier.target == target
            and carrier.binding is not None
            and any(self._same_name(carrier.binding, binding) for binding in bindings)
        )

    def _same_name(self, one: Binding, other: Binding) -> bool:
        return one.name == other.name and one.scope is other.scope

    def module_itself(
        self, node: ast.expr, target: ModuleTarget, carriers: tuple[Carrier, ...]
    ) -> None:
        """A legacy module that is not followed by a name: `getattr(m, "Name")`, or handed on."""
        constant = self.by_name(node)
        if constant is not None:
            member = self.project.member(target.module, str(constant.value))
            assert isinstance(member, SymbolTarget)
            base = node if isinstance(node, ast.Name | ast.Attribute) else None
            assert base is not None
            self.facts.uses.append(Use(base, member, carriers, base, text=constant))
            return
        if isinstance(self.names.parents.get(node), ast.Expr | ast.Delete):
            return
        block = Block(
            node.lineno,
            "the module itself is handed on there, and what is taken from it cannot be seen",
            "take the names that are needed from the module by import, then run apply again",
        )
        for carrier in carriers:
            carrier.blocks.append(block)

    def by_name(self, node: ast.expr) -> ast.Constant | None:
        """The "Name" of `getattr(m, "Name")`, `patch.object(m, "Name")` and the like."""
        call = self.names.parents.get(node)
        if not isinstance(call, ast.Call) or len(call.args) < 2 or call.args[0] is not node:
            return None
        function, text = call.func, call.args[1]
        word = function.attr if isinstance(function, ast.Attribute) else ""
        if isinstance(function, ast.Name):
            word = function.id
        if word not in _BY_NAME or not isinstance(text, ast.Constant):
            return None
        return text if isinstance(text.value, str) else None

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
        if use.text is None:
            self.judge_place(use, symbol)

    def without_counterpart(self, use: Use, symbol: Symbol | None) -> None:
        name = use.symbol.name
        if symbol is not None:
            use.broken = symbol.broken
            use.block = Block(
                use.node.lineno, f"`{name}` has no counterpart at the target", symbol.step
            )
        elif use.base is not None and not self.exists(use.symbol):
            use.code, use.broken = Code.BROKEN_BEFORE, f"the module never had a `{name}`"
        elif name not in self.project.profile.exports:
            use.block = _unlisted(use.node.lineno, name)

    def exists(self, symbol: SymbolTarget) -> bool:
        """Whether a legacy module binds a name (assumed where its code is not at hand)."""
        defined = self.project.defined_names(symbol.home)
        return not defined or symbol.name in defined

    def judge_place(self, use: Use, symbol: Symbol) -> None:
        call = is_called(use.node, self.names)
        parent = self.names.parents.get(use.node)
        if call is not None:
            self.judge_call(use, symbol, call)
        elif isinstance(parent, ast.Attribute):
            self.judge_attribute(use, symbol, parent)
        elif is_base_class(use.node, self.names) and symbol.kind is NameKind.EXCEPTION:
            return
        elif self.inherits_private_state(use, symbol):
            use.block = Block(
                use.node.lineno,
                f"the class uses or overrides private state of `{symbol.name}`",
                _inherit_step(symbol),
            )
        elif not self.is_same_when_called(use.symbol, symbol) and not is_only_looked_at(
            use.node, self.names, self.annotations
        ):
            base = is_base_class(use.node, self.names)
            use.block = Block(
                use.node.lineno,
                f"`{base.name}` inherits from `{symbol.name}`, whose members changed their meaning"
                if base
                else f"`{symbol.name}` is handed on, and how it will be called cannot be seen",
                _inherit_step(symbol) if base else _handed_on_step(symbol),
            )

    def inherits_private_state(self, use: Use, symbol: Symbol) -> bool:
        """Whether a subclass has a member that the profile knows as private state of its base."""
        subclass = is_base_class(use.node, self.names)
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

    def is_same_when_called(self, target: SymbolTarget, symbol: Symbol) -> bool:
        """Whether calling the new name anyhow gives what calling the legacy one gave."""
        if symbol.becomes is None or symbol.becomes.arguments is not None:
            return False
        if not symbol.produces:
            return True
        members = self.project.systems[target.system].members_by_owner
        known = members.get(symbol.produces, {}).values()
        return all(m.is_unchanged for m in known if m.kind is not MemberKind.PRIVATE)

    def judge_call(self, use: Use, symbol: Symbol, call: ast.Call) -> None:
        outcome = symbol_call(self.facts.inference, call, symbol)
        assert symbol.becomes is not None
        if outcome.misfit:
            use.code = Code.CALL
            use.block = Block(
                use.node.lineno,
                outcome.misfit,
                f"write {symbol.becomes.text} here. {symbol.why}".strip(),
            )
        elif outcome.change is not None:
            use.code, use.call, use.becomes = Code.CALL, outcome.change, symbol.becomes.text

    def judge_attribute(self, use: Use, symbol: Symbol, parent: ast.Attribute) -> None:
        """`Class.member`: a classmethod, private state, or something nobody knows."""
        if symbol.kind is not NameKind.CLASS or parent.attr.startswith("__"):
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
            elif outcome.change is not None:
                use.code, use.call, use.member = Code.CALL, outcome.change, parent.attr
                use.becomes = (
                    member.becomes.text.replace("self", symbol.becomes.target, 1)
                    if symbol.becomes
                    else ""
                )

    def unknown_member(self, use: Use, parent: ast.Attribute, text: str) -> None:
        use.block = Block(
            parent.lineno,
            f"`{text}` is not described in the profile",
            "describe it in a profile of your own, or take the use out, then run apply again",
        )


def _unlisted(line: int, name: str) -> Block:
    return Block(
        line,
        f"the target has no `{name}`; the shim of the legacy module keeps it importable",
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

"""Finds every use of a name that a file's imports bind to something legacy."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from nonce_migrate.resolve.project import ModuleTarget, Project, SymbolTarget
from nonce_migrate.resolve.scopes import Binding, BindingKind, Scope
from nonce_migrate.rules.brought import CarrierKind
from nonce_migrate.rules.contexts import is_asked_for
from nonce_migrate.rules.facts import Block, Carrier, FileFacts, Use
from nonce_migrate.rules.judge import Judge, is_same_when_called
from nonce_migrate.rules.strings.lookups import find_lookup_uses

_BY_NAME = {"getattr", "hasattr", "setattr", "delattr", "object"}


def find_uses(project: Project, facts: FileFacts) -> None:
    """Fills in the uses of a file, and the blocks that they put on its imports."""
    finder = _Finder(project, facts)
    finder.names_loaded()
    finder.through_modules()
    find_lookup_uses(project, facts)
    judge = Judge(project, facts)
    for use in facts.uses:
        judge.judge(use)
    judge.tell_apart()
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
        self.by_binding = {c.binding: c for c in facts.carriers if c.binding is not None}

    def names_loaded(self) -> None:
        """The loads of names that an import of something of the project binds, or a star."""
        imported = self.names.imported
        words = {b.name for b in imported if self.project.imported(self.facts.module, b)}
        has_star = any(carrier.kind is CarrierKind.STAR for carrier in self.facts.carriers)
        for node, scope in self.names.loads:
            if has_star or node.id in words:
                self.name(node, scope)

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
        if all(symbol and is_same_when_called(self.project, t, symbol) for t, symbol in symbols):
            return
        names = " or ".join(f"{t.system}.{t.name}" for t in different)
        use.block = Block(
            use.node.lineno,
            f"it is {names}, depending on which import runs",
            "decide for one of them, then run apply again",
        )

    def starred(self, node: ast.Name) -> None:
        stars = [c for c in self.facts.carriers if c.kind is CarrierKind.STAR]
        carriers = self.bringing(stars, node.id)
        held = self.facts.inference.value(node).proven if carriers else None
        # Else it is a variable of the other module, which no import of a name brings.
        if isinstance(held, SymbolTarget):
            self.facts.uses.append(Use(node, held, carriers))

    def bringing(self, stars: Iterable[Carrier], name: str) -> tuple[Carrier, ...]:
        """The star imports that bring a name: the last one wins, as when it runs."""
        hits = [c for c in stars if self.project.brings(c.found.module, name)]
        return tuple(hits[-1:])

    def dotted(self, name: ast.Name, target: ModuleTarget, bindings: list[Binding]) -> None:
        """Follows `a.b.legacy.X` from the name `a` on."""
        node: ast.expr = name
        handed: tuple[Carrier, ...] = ()
        while True:
            parent = self.names.parents.get(node)
            is_legacy = target.module in self.project.index.legacy
            carriers = self.module_carriers(target, bindings) or handed
            if not isinstance(parent, ast.Attribute):
                if is_legacy:
                    self.module_itself(node, target, carriers)
                return
            if parent.attr.startswith("__") and is_legacy:
                self.module_itself(parent, target, carriers)
                return
            member = self.project.member(target.module, parent.attr)
            if isinstance(member, SymbolTarget):
                use = Use(parent, member, carriers, node, "" if is_legacy else target.module)
                self.facts.uses.append(use)
                return
            if member is None:
                return
            handed = self.handing(target, parent.attr, member)
            node, target = parent, member

    def handing(self, owner: ModuleTarget, name: str, module: ModuleTarget) -> tuple[Carrier, ...]:
        """The imports by which a module has a legacy module under a name of its own.

        That name is pinned, since others take the module by it.
        """
        if module.module not in self.project.index.legacy:
            return ()
        sources = self.project.sources(owner.module, name)
        carriers = tuple(c for c in map(self.facts.by_binding.get, sources) if c is not None)
        if carriers:
            self.facts.pins.add((owner.module, name))
        return carriers

    def through_modules(self) -> None:
        """`alias.Name` and `import_module("pkg").Name`, where a module hands a legacy name on."""
        known = {use.node for use in self.facts.uses}
        for node in self.facts.inference.program.module_trail.attributes(self.names):
            if node in known:
                continue
            held = self.facts.inference.value(node.value).proven
            if not isinstance(held, ModuleTarget):
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
        if is_asked_for(node, self.names):
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

"""The local name that an import binds after the change: the new one, or the old one kept as alias.

A rename is made only where every binding and every use of the name is in sight; else
`import New as Old` keeps all of them right.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from nonce_migrate.profile.schema import Symbol
from nonce_migrate.resolve.project import ModuleTarget, Project, SymbolTarget
from nonce_migrate.resolve.scopes import Binding, BindingKind, Scope, ScopeKind
from nonce_migrate.rules.addresses import Addresses
from nonce_migrate.rules.brought import CarrierKind, handed_on
from nonce_migrate.rules.contexts import is_plain_literal, looks_names_up
from nonce_migrate.rules.exporters import Exporters
from nonce_migrate.rules.facts import Carrier, FileFacts
from nonce_migrate.rules.fate import Fates
from nonce_migrate.rules.text_formats import prints_its_source


class Naming:
    """Gives each moved name its new local name, the same for everyone who asks."""

    def __init__(
        self,
        project: Project,
        files: Sequence[FileFacts],
        fates: Fates,
        exporters: Exporters,
        addresses: Addresses,
    ) -> None:
        self.project = project
        self.files = {facts.module.path: facts for facts in files}
        self.fates = fates
        self.exporters = exporters
        self.addresses = addresses
        self.pins = frozenset(pin for facts in files for pin in facts.pins)
        self.followed = frozenset(pin for facts in files for pin in facts.followed)
        self._locals: dict[tuple[str, Scope, str], str] = {}

    def symbol(self, target: SymbolTarget) -> Symbol | None:
        """What the profile says of a legacy name."""
        return self.project.systems[target.system].symbol(target.name)

    def new_name(self, target: SymbolTarget) -> str:
        """The name at the target."""
        symbol = self.symbol(target)
        return symbol.becomes.target if symbol and symbol.becomes else target.name

    def imported_name(self, carrier: Carrier) -> str:
        """The name that a moved from-import asks for."""
        assert isinstance(carrier.target, SymbolTarget)
        if carrier.is_direct:
            return self.new_name(carrier.target)
        return self.exported(carrier.found.module, carrier.alias.name, carrier.target)

    def exported(self, module: str, name: str, target: SymbolTarget) -> str:
        """The name under which a module hands a legacy name on after the change."""
        for carrier in self.exporters.of(module, name):
            if carrier in self.fates.stays:
                return name
            if carrier.kind is CarrierKind.STAR:
                return self.starred_local(carrier, name, target)
            return self.local(carrier)
        return name

    def local(self, carrier: Carrier) -> str:
        """The name that a carrier binds after the change."""
        if carrier in self.fates.stays:
            return carrier.local
        if carrier.alias.asname:
            return carrier.alias.asname
        if isinstance(carrier.target, SymbolTarget):
            new = self.imported_name(carrier)
            if carrier.local != carrier.target.name:
                return carrier.local
        else:
            new = self._new_module_local(carrier)
        return self._settled(carrier, carrier.local, new)

    def _new_module_local(self, carrier: Carrier) -> str:
        if isinstance(carrier.node, ast.Import) and "." in carrier.alias.name:
            return carrier.local
        address = self.addresses.of_target(carrier)
        return address.parts[-1] if address else carrier.local

    def starred_local(self, carrier: Carrier, name: str, target: SymbolTarget) -> str:
        """The name that an explicit import in place of a star binds for a legacy name."""
        if not carrier.is_direct:
            return self.exported(carrier.found.module, name, target)
        return self._settled(carrier, name, self.new_name(target))

    def _settled(self, carrier: Carrier, old: str, new: str) -> str:
        if new == old:
            return old
        facts = self.files[carrier.module.path]
        key = (carrier.module.path, carrier.scope, old)
        if key not in self._locals:
            self._locals[key] = old
            if self._can_rename(facts, carrier, old, new):
                self._locals[key] = new
        return self._locals[key]

    def _can_rename(self, facts: FileFacts, carrier: Carrier, old: str, new: str) -> bool:
        scope, names = carrier.scope, facts.module.names
        if scope.kind is ScopeKind.CLASS:
            return False  # a name of a class body is an attribute that others may read
        if any({old, new} & (s.global_names | s.nonlocal_names) for s in names.scopes):
            return False
        if scope is names.module and self._is_pinned(facts.module.path, old):
            return False
        if scope is names.module and self._would_mix(facts, old, new):
            return False
        if not self._all_become(facts, scope, old, new):
            return False
        if scope is names.module and self._comes_by_star(facts, old):
            return False
        if not self._may_bind(facts, scope, new):
            return False
        if self._would_be_bound_by_another(facts, carrier, old, new):
            return False
        if looks_names_up(facts.module):
            return False
        if not self._are_texts_plain(facts, old):
            return False
        return self._is_uncaptured(facts, scope, old, new)

    def _are_texts_plain(self, facts: FileFacts, old: str) -> bool:
        """Whether every string that has the name, in annotations and `__all__`, can be edited."""
        nodes = [entry.node for entry in facts.entries if entry.node.value == old]
        nodes += [quoted.node for quoted in facts.quoted if quoted.local == old]
        if old in facts.unclear:
            return False
        return all(is_plain_literal(facts.module.source, node) for node in nodes)

    def _is_pinned(self, path: str, name: str) -> bool:
        module = path.removesuffix("/__init__.py")
        return any(pin in self.pins for pin in ((module, name), ("", name), (module, "")))

    def _would_mix(self, facts: FileFacts, old: str, new: str) -> bool:
        """Whether what is patched by its text in this module would share its new name.

        A patch of one of them would then replace the other, too.
        """
        module = facts.module.path.removesuffix("/__init__.py")
        if (module, old) not in self.followed:
            return False
        if new in facts.module.names.module.bindings or (module, new) in self.followed:
            return True
        top = [c for c in facts.carriers if c.scope is facts.module.names.module]
        others = [c for c in top if c.kind is CarrierKind.STAR or c.local != old]
        return any(c.kind is CarrierKind.STAR or self._would_bind(c, new) for c in others)

    def _all_become(self, facts: FileFacts, scope: Scope, old: str, new: str) -> bool:
        """Whether every binding of the old name in its scope turns into the new one."""
        bindings = scope.bindings.get(old, [])
        by_binding = {c.binding: c for c in facts.carriers if c.binding is not None}
        for binding in bindings:
            carrier = by_binding.get(binding)
            if carrier is None or carrier in self.fates.stays or carrier.alias.asname:
                return False
            if isinstance(carrier.target, SymbolTarget):
                if self.new_name(carrier.target) != new:
                    return False
            elif self._new_module_local(carrier) != new:
                return False
        return True

    def _may_bind(self, facts: FileFacts, scope: Scope, new: str) -> bool:
        """Whether the scope may bind the new name: nothing else does, or it means the same."""
        if scope is facts.module.names.module and self._comes_by_star(facts, new):
            return False
        return all(self._is_target(facts, b, new) for b in scope.bindings.get(new, []))

    def _would_be_bound_by_another(
        self, facts: FileFacts, carrier: Carrier, old: str, new: str
    ) -> bool:
        """Whether the new name is there even where this import, under a condition, does not run."""
        scope = carrier.scope
        if carrier.node in getattr(scope.node, "body", ()):
            return False
        others = [c for c in facts.carriers if c.scope is scope and c.local != old]
        if new in scope.bindings or any(self._would_bind(other, new) for other in others):
            return True
        stars = [c for c in others if c.kind is CarrierKind.STAR and c not in self.fates.stays]
        brought = (t for c in stars for _, t in handed_on(self.project, c.found.module))
        return any(self.new_name(target) == new for target in brought)

    def _comes_by_star(self, facts: FileFacts, name: str) -> bool:
        """Whether a star import that is not replaced brings the name, or may bring it."""
        for node in facts.module.names.star_bindings:
            assert isinstance(node, ast.ImportFrom)
            moving = [c for c in facts.carriers if c.node is node and c not in self.fates.stays]
            if moving and moving[0].is_direct:
                continue
            found = self.project.locate(facts.module, node)
            if found is None:
                return True
            if self.project.brings(found.module, name):
                return not moving
            if name in self.project.defined_names(found.module):
                return True
        return False

    def _is_target(self, facts: FileFacts, binding: Binding, new: str) -> bool:
        """Whether a binding of the new name gives what the new name stands for."""
        for carrier in facts.carriers:
            if carrier.binding is binding and carrier not in self.fates.stays:
                target = carrier.target
                return isinstance(target, SymbolTarget) and self.new_name(target) == new
        if binding.kind is not BindingKind.IMPORT or not isinstance(binding.node, ast.ImportFrom):
            return False
        found = self.project.locate(facts.module, binding.node)
        base = self.project.index.base_of(facts.module.path)
        target_path = self.project.index.target_path(base)
        alias = binding.alias
        return bool(found and alias and found.module == target_path and alias.name == new)

    def _is_uncaptured(self, facts: FileFacts, scope: Scope, old: str, new: str) -> bool:
        """Whether no scope in between takes the new name, and the new name takes no other.

        Not even an import of the same thing may stand in between: it can come after the use.
        """
        names, loads = facts.module.names, facts.inference.program.by_word.loads
        for node in (n for word in (old, new) for n in loads.within(facts.module, word)):
            inner = names.scope_of[node]
            # In a class body the outer name is found as long as the class has not bound it.
            is_in_class = inner.kind is ScopeKind.CLASS and inner.is_inside(scope)
            if is_in_class and node.id in inner.bindings:
                return False
            if node.id == old and inner.lookup(old) is scope:
                if prints_its_source(node, names, facts.module.source):
                    return False
                if not self._is_free_between(facts, inner, scope, new):
                    return False
            elif node.id == new and inner.is_inside(scope):
                home = inner.lookup(new)
                if home is None and self._is_starred(facts, new):
                    continue
                # An unbound name must stay unbound (it was broken before), an outer one outer.
                if home is None or not home.is_inside(scope):
                    return False
        for quoted in facts.quoted:
            first = quoted.base.partition(".")[0] or quoted.local
            if first == old and not self._is_free_between(facts, quoted.scope, scope, new):
                return False
        return True

    def _is_free_between(self, facts: FileFacts, inner: Scope, outer: Scope, new: str) -> bool:
        """Whether no scope from `inner` up to (not including) `outer` binds the new name."""
        for between in inner.ancestors():
            if between is outer:
                return True
            if new in between.bindings:
                return False
            if any(self._would_bind(c, new) for c in facts.carriers if c.scope is between):
                return False
        return True

    def _would_bind(self, carrier: Carrier, new: str) -> bool:
        """Whether a carrier may bind the new name after the change."""
        target = carrier.target
        has_alias = carrier.alias.asname is not None
        return isinstance(target, SymbolTarget) and not has_alias and self.new_name(target) == new

    def _is_starred(self, facts: FileFacts, name: str) -> bool:
        return isinstance(facts.inference.starred(name).proven, SymbolTarget | ModuleTarget)

"""The imports through which modules of the project hand legacy names on."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from nonce_migrate.resolve.project import ModuleTarget, Project
from nonce_migrate.rules.brought import CarrierKind, handed_on
from nonce_migrate.rules.facts import Carrier, FileFacts


class Exporters:
    """The imports through which a module hands a legacy name on."""

    def __init__(self, project: Project, files: Sequence[FileFacts]) -> None:
        self.project = project
        self.by_path = {facts.module.path: facts for facts in files}

    def of(self, module: str, name: str) -> tuple[Carrier, ...]:
        """The carriers of `module` that bind `name` at its top level."""
        file = self.project.index.source_file(module)
        facts = self.by_path.get(file) if file else None
        if facts is None:
            return ()
        top = [c for c in facts.carriers if c.scope is facts.module.names.module]
        named = tuple(c for c in top if c.local == name and c.kind is not CarrierKind.STAR)
        if named:
            return named
        stars = [c for c in top if c.kind is CarrierKind.STAR]
        return tuple(c for c in stars if self.project.brings(c.found.module, name))

    def behind(self, carrier: Carrier) -> tuple[Carrier, ...]:
        """The carriers that a client's own import goes through."""
        if carrier.is_direct:
            return ()
        if carrier.kind is CarrierKind.STAR:
            names = [name for name, _ in handed_on(self.project, carrier.found.module)]
        else:
            names = [carrier.alias.name]
        return tuple(c for name in names for c in self.of(carrier.found.module, name))

    def record_demand(self, files: Sequence[FileFacts]) -> None:
        """Tells each star import which of its names other files take through it."""
        for facts in files:
            for carrier in facts.carriers:
                if carrier.kind is CarrierKind.NAME and not carrier.is_direct:
                    self._demand(carrier.found.module, carrier.alias.name)
                elif carrier.kind is CarrierKind.STAR:
                    for use in carrier.uses:
                        self._demand(carrier.found.module, use.symbol.name)
            for use in facts.uses:
                if use.exporter:
                    self._demand(use.exporter, getattr(use.node, "attr", ""))

            for module, name in _looked_up(facts):
                self._demand(module, name)

    def _demand(self, module: str, name: str) -> None:
        for carrier in self.of(module, name):
            if carrier.kind is CarrierKind.STAR and name not in carrier.demanded:
                carrier.demanded.add(name)
                self._demand(carrier.found.module, name)


def _looked_up(facts: FileFacts) -> Iterator[tuple[str, str]]:
    """The names that `getattr(module, "name")` and its like take from modules of the project."""
    for call, _ in facts.module.names.calls:
        if len(call.args) < 2 or not facts.inference.may_be_module(call.args[0]):
            continue
        text = call.args[1]
        if isinstance(text, ast.Constant) and isinstance(text.value, str):
            held = facts.inference.value(call.args[0]).proven
            if isinstance(held, ModuleTarget):
                yield held.module, text.value

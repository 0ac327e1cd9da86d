"""Which imports move, and which stay on the shim because something about them is not proven.

What hangs together shares its fate: a re-export and its clients, two imports behind one name, and
the imports behind one receiver.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from nonce_migrate.model import Safety
from nonce_migrate.profile.schema import ShimKind
from nonce_migrate.resolve.project import ModuleTarget, Project, SymbolTarget
from nonce_migrate.rules.addresses import Addresses
from nonce_migrate.rules.brought import CarrierKind, handed_on
from nonce_migrate.rules.class_fates import block_class_tests, tested_classes
from nonce_migrate.rules.contexts import looks_names_up
from nonce_migrate.rules.exporters import Exporters
from nonce_migrate.rules.facts import (
    Block,
    Carrier,
    FileFacts,
    TextRole,
)
from nonce_migrate.rules.held_places import ACCEPTED
from nonce_migrate.rules.judge import is_same_when_called
from nonce_migrate.rules.strings.holding import bringing, held_targets, home_of, targets_of
from nonce_migrate.rules.stubs import stub_groups


@dataclass(frozen=True)
class Fates:
    """What was settled for a run that accepts edits down to a level.

    stays: the carriers that keep their legacy import, each with the reason.
    """

    stays: dict[Carrier, Block]
    accept: Safety = Safety.SAFE

    def agrees(self, other: Fates) -> bool:
        """Whether the same carriers stay in another run, for the same reasons."""
        return self.stays == other.stays and all(
            (block is ACCEPTED) is (other.stays[carrier] is ACCEPTED)
            for carrier, block in self.stays.items()
        )

    def reason(self, carriers: Iterable[Carrier]) -> Block | None:
        """Why some of them stays."""
        return next((self.stays[c] for c in carriers if c in self.stays), None)


def decide_fates(
    project: Project,
    files: Sequence[FileFacts],
    exporters: Exporters,
    addresses: Addresses,
    accept: Safety = Safety.SAFE,
) -> Fates:
    """Settles for every carrier whether it moves, in a run that accepts edits down to a level."""
    fates = Fates({}, accept)
    pins = frozenset(pin for facts in files for pin in facts.stand_ins)
    held = held_targets(project, files, accept)
    for carrier in (carrier for facts in files for carrier in facts.carriers):
        block = _own_block(project, carrier, addresses, accept)
        block = block or _patched_block(project, carrier, pins)
        block = block or next((held[t] for t in targets_of(carrier) if t in held), None)
        if block is not None:
            fates.stays[carrier] = block
    _block_from_uses(files, exporters, fates)
    block_class_tests(project, files, fates.stays)
    _share(fates.stays, list(_groups(project, files, exporters, accept)))
    return fates


def _share(stays: dict[Carrier, Block], groups: Sequence[tuple[Carrier, ...]]) -> None:
    """Keeps whatever hangs together with something that stays."""
    changed = True
    while changed:
        changed = False
        for group in groups:
            staying = next((c for c in group if c in stays), None)
            if staying is None:
                continue
            for carrier in group:
                if carrier not in stays:
                    stays[carrier] = _because(staying.module.path, stays[staying])
                    changed = True


def _block_from_uses(files: Sequence[FileFacts], exporters: Exporters, fates: Fates) -> None:
    """Keeps what a use in another file, which cannot be rewritten, still needs."""
    carriers = [carrier for facts in files for carrier in facts.carriers]
    for facts in files:
        for use in facts.uses:
            if use.block is None or not use.block.holds(fates.accept):
                continue
            needed: Iterable[Carrier] = ()
            if use.exporter:
                needed = exporters.of(use.exporter, getattr(use.node, "attr", ""))
            elif use.base is not None and not use.carriers:
                # The module is only there because some import of it has run.
                needed = [c for c in carriers if c.is_direct and home_of(c) == use.symbol.home]
            for carrier in needed:
                fates.stays.setdefault(carrier, _because(facts.module.path, use.block))


def _because(path: str, block: Block) -> Block:
    where = f"{path}:{block.line}: " if block.line and path not in block.reason else ""
    return Block(0, f"{where}{block.reason}", block.step, block.level)


def _groups(
    project: Project, files: Sequence[FileFacts], exporters: Exporters, accept: Safety
) -> Iterator[tuple[Carrier, ...]]:
    for facts in files:
        for carrier in facts.carriers:
            behind = exporters.behind(carrier)
            if behind:
                yield (carrier, *behind)
            if carrier.needs_another:
                yield (carrier, *_loading(files, carrier))
            if carrier.kind is CarrierKind.STAR:
                yield (carrier, *_rebound(project, facts, carrier))
        for use in facts.uses:
            if use.exporter:
                name = getattr(use.node, "attr", "")
                yield (*use.carriers, *exporters.of(use.exporter, name))
            elif len(use.carriers) > 1:
                yield use.carriers
        for text in facts.texts:
            is_made = text.block is None or not text.block.holds(accept)
            is_patch = text.role is TextRole.PATCH and is_made
            if is_patch and isinstance(text.target, SymbolTarget):
                yield tuple(bringing(files, text.target, *text.seen_by))
        for member in facts.members:
            if member.call is not None and len(member.carriers) > 1:
                yield member.carriers
    yield from tested_classes(project, files)
    yield from stub_groups(exporters.by_path)


def _loading(files: Sequence[FileFacts], lookup: Carrier) -> Iterator[Carrier]:
    """The imports that load the module which a lookup takes for loaded."""
    for facts in files:
        for carrier in facts.carriers:
            if not carrier.needs_another and home_of(carrier) == home_of(lookup):
                yield carrier


def _rebound(project: Project, facts: FileFacts, star: Carrier) -> Iterator[Carrier]:
    """The imports of a file that bind a name which a star import of it brings too."""
    for carrier in facts.carriers:
        is_beside = carrier.kind is not CarrierKind.STAR and carrier.scope is star.scope
        if is_beside and project.brings(star.found.module, carrier.local):
            yield carrier


def _patched_block(
    project: Project, carrier: Carrier, pins: frozenset[tuple[str, str]]
) -> Block | None:
    """A name that is replaced, or looked up and called, where its new signature does not reach."""
    module = carrier.module.path.removesuffix("/__init__.py")
    if carrier.scope is not carrier.module.names.module:
        return None
    for name, target in _brought(project, carrier):
        symbol = project.systems[target.system].symbol(target.name)
        if symbol is None or is_same_when_called(project, target, symbol):
            continue
        if not pins.isdisjoint({(module, name), ("", name), (module, "")}):
            reason = (
                f"`{name}` of this module is replaced or looked up by its text elsewhere, "
                "and what happens with it there has the old signature and results"
            )
            return Block(0, reason, "adapt that place, then change this import by hand")
        if carrier.kind is CarrierKind.NAME and looks_names_up(carrier.module):
            reason = "the file looks its names up by text, so how this one is called cannot be seen"
            return Block(0, reason, "call it by its name, then run apply again")
    return None


def _brought(project: Project, carrier: Carrier) -> Iterator[tuple[str, SymbolTarget]]:
    """The legacy names that an import binds, and what they are."""
    if isinstance(carrier.target, SymbolTarget):
        yield carrier.local, carrier.target
    elif carrier.kind is CarrierKind.STAR:
        yield from handed_on(project, carrier.found.module)


def _own_block(
    project: Project, carrier: Carrier, addresses: Addresses, accept: Safety
) -> Block | None:
    if carrier.kind is CarrierKind.NAME:
        assert isinstance(carrier.target, SymbolTarget)
        block = _counterpart_block(project, carrier, carrier.target)
        if block is not None:
            return block
    elif isinstance(carrier.target, ModuleTarget):
        system = project.index.legacy.get(carrier.target.module)
        if system is not None and system.shim is ShimKind.INERT:
            step = "take the import and its uses out: the shim does nothing but warn"
            return Block(0, "the module has no counterpart at the target", step)
    holding = [block for block in carrier.blocks if block.holds(accept)]
    if holding:
        return min(holding, key=lambda block: block.line)
    is_lookup = carrier.kind is CarrierKind.LOOKUP
    if carrier.is_direct and not is_lookup and addresses.of_target(carrier) is None:
        return Block(
            0,
            "the target cannot be imported from where this script looks for modules",
            f"put the project's root on sys.path here and import from {project.profile.target}",
        )
    return None


def _counterpart_block(project: Project, carrier: Carrier, target: SymbolTarget) -> Block | None:
    system = project.systems[target.system]
    symbol = system.symbol(target.name)
    if symbol is not None and symbol.becomes is not None:
        return None
    if symbol is not None:
        return Block(0, f"`{target.name}` has no counterpart at the target", symbol.step)
    exports = project.target_names(target.home)
    if not exports or target.name in exports:
        return None
    defined = project.defined_names(target.home)
    if defined and target.name not in defined and "__getattr__" not in defined:
        return Block(
            0,
            f"{system.module} never had a `{target.name}`, so this import always failed",
            "find out what was meant; the migration leaves it as it is",
        )
    keeper = f"the shim of {system.module}" if project.profile.shims else system.module
    return Block(
        0,
        f"the target has no `{target.name}`; {keeper} keeps it importable",
        f"move `{target.name}` to a module of your own and import it from there",
    )

"""What must go on importing a legacy name, because a test replaces it where that cannot move."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from nonce_migrate.model import Safety
from nonce_migrate.resolve.held import Instance
from nonce_migrate.resolve.project import ModuleTarget, Project, SymbolTarget
from nonce_migrate.rules.facts import Block, Carrier, FileFacts, TextReference, TextRole
from nonce_migrate.rules.members import is_same_class


def held_targets(
    project: Project, files: Sequence[FileFacts], accept: Safety
) -> dict[SymbolTarget | ModuleTarget, Block]:
    """Legacy names and modules that a test replaces by a text which this run does not change.

    What imports them must go on doing so: from the target it would get the real thing, in a test
    that is meant to get a fake.
    """
    found: dict[SymbolTarget | ModuleTarget, Block] = {}
    for facts in files:
        held = list(facts.held.items())
        for text in facts.texts:
            if text.block is not None and _is_lost_on_the_shim(project, text):
                held += [(target, text.block) for target in (text.target, *text.seen_by)]
        for target, block in held:
            if block.holds(accept):
                where = f"{facts.module.path}:{block.line}: "
                reason = block.reason if block.reason.startswith(where) else where + block.reason
                step = block.step.replace("{new}", "the new name")
                found[target] = Block(0, reason, step, block.level)
    return found


def _is_lost_on_the_shim(project: Project, text: TextReference) -> bool:
    """Whether a patch of a legacy name takes no effect on what has moved.

    A member that is replaced on the shim of a class without changes is replaced on the new class.
    """
    if text.role is not TextRole.PATCH or not isinstance(text.target, SymbolTarget):
        return False
    made = Instance(text.target.system, text.target.name)
    return not (text.member and project.profile.shims and is_same_class(project, made))


def targets_of(carrier: Carrier) -> set[SymbolTarget | ModuleTarget]:
    """The legacy modules, and the names of them, that a file takes through an import."""
    names = {use.symbol for use in carrier.uses}
    own = {carrier.target} if isinstance(carrier.target, SymbolTarget) else set()
    return {*names, *own, ModuleTarget(home_of(carrier)), *(ModuleTarget(n.home) for n in names)}


def bringing(files: Iterable[FileFacts], *targets: SymbolTarget) -> Iterator[Carrier]:
    """The imports of all files through which one of some legacy names is taken."""
    for facts in files:
        for carrier in facts.carriers:
            if not targets_of(carrier).isdisjoint(targets):
                yield carrier


def home_of(carrier: Carrier) -> str:
    """The legacy module (or the one that hands on) that an import is about."""
    target = carrier.target
    return target.module if isinstance(target, ModuleTarget) else target.home

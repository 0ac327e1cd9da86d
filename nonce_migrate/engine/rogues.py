"""Adds the nonces that no manager makes to what was decided for the files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from nonce_migrate.engine.copies import is_manager
from nonce_migrate.engine.gathered import Gathered
from nonce_migrate.engine.options import Options
from nonce_migrate.helpers import spread
from nonce_migrate.model import Safety
from nonce_migrate.proof.project import WORTH_A_PROCESS
from nonce_migrate.resolve.project import ParsedModule
from nonce_migrate.rules.findings import Decided
from nonce_migrate.rules.held_places import Places, place_of_edit
from nonce_migrate.rules.intents import Intent, ReplaceExpression
from nonce_migrate.rules.reach import Reach
from nonce_migrate.rules.rogue.find import Rogues, find_rogues


def with_rogues(
    options: Options, gathered: Gathered, decided: Sequence[Decided], held: Places
) -> tuple[Decided, ...]:
    """The same decisions with rogue nonces among the findings, in the order of the paths.

    Their edits are added where the run accepts unsafe ones, except at places that are held.
    """
    rogue = options.profile.rogue
    if rogue is None:
        return tuple(decided)
    by_path = {file.path: file for file in decided}
    reach = Reach(gathered.project, (*gathered.modules, *gathered.mentions))
    modules = [
        module
        for module in (*gathered.modules, *gathered.mentions)
        if options.covers(module.path) and not _is_manager(module)
    ]

    is_daring = Safety.UNSAFE.is_made(options.accept)

    def look(module: ParsedModule) -> Rogues:
        before = by_path[module.path].intents if module.path in by_path else ()
        found = find_rogues(module, rogue, partial(_address, reach, module), before)
        return found if is_daring else Rogues(found.findings)

    # Intents are about nodes of the trees here, which another process has no hold of.
    jobs = 1 if is_daring else options.jobs
    results = spread(look, modules, jobs, WORTH_A_PROCESS)
    for module, found in zip(modules, results, strict=True):
        file = by_path.get(module.path, Decided(module.path, (), ()))
        if found.findings:
            edits = _without(found.intents, module, held)
            findings = sorted((*file.findings, *found.findings))
            by_path[module.path] = replace(
                file, findings=tuple(findings), intents=(*file.intents, *edits)
            )
    return tuple(by_path[path] for path in sorted(by_path))


def _address(reach: Reach, module: ParsedModule) -> str | None:
    address = reach.address(module)
    return None if address is None else address.text


def _without(edits: Sequence[Intent], module: ParsedModule, held: Places) -> tuple[Intent, ...]:
    """The edits that are not at places which are held; none where no nonce is left to replace."""
    places = held.get(module.path, ())
    rest = [edit for edit in edits if place_of_edit(module.source, edit) not in places]
    return tuple(rest) if any(isinstance(e, ReplaceExpression) for e in rest) else ()


def _is_manager(module: ParsedModule) -> bool:
    return is_manager(module.source.text[:1000].encode(errors="replace"))

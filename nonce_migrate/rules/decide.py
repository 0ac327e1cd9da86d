"""Runs all rules over the files that matter and settles what becomes of every reference."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from types import MappingProxyType

from nonce_migrate.model import Safety
from nonce_migrate.resolve.program import Program
from nonce_migrate.resolve.project import ParsedModule, Project
from nonce_migrate.resolve.scopes import Binding
from nonce_migrate.rules.addresses import Addresses
from nonce_migrate.rules.broken import find_broken
from nonce_migrate.rules.brought import CarrierKind
from nonce_migrate.rules.escapes import block_escapes
from nonce_migrate.rules.exporters import Exporters
from nonce_migrate.rules.facts import Carrier, FileFacts
from nonce_migrate.rules.fate import decide_fates
from nonce_migrate.rules.findings import Decided, Report
from nonce_migrate.rules.handed_functions import HandedFunctions
from nonce_migrate.rules.held_places import Places, hold_files, hold_places
from nonce_migrate.rules.hidden import block_hidden
from nonce_migrate.rules.imports import find_carriers
from nonce_migrate.rules.levels import with_levels
from nonce_migrate.rules.members import find_members
from nonce_migrate.rules.naming import Naming
from nonce_migrate.rules.quoted import find_entries, find_quoted
from nonce_migrate.rules.selection import EVERYTHING, Part, block_unselected
from nonce_migrate.rules.strings.finder import find_strings
from nonce_migrate.rules.strings.judging import judge_patches
from nonce_migrate.rules.strings.lookups import find_lookups
from nonce_migrate.rules.strings.opened import pin_opened
from nonce_migrate.rules.stubs import block_stub
from nonce_migrate.rules.undoing import find_undoing
from nonce_migrate.rules.uses import find_uses


def decide(
    project: Project,
    modules: Sequence[ParsedModule],
    program: Program,
    covers: Callable[[str], bool],
    selection: frozenset[Part] = EVERYTHING,
    accept: Safety = Safety.SAFE,
    pins: frozenset[tuple[str, str]] = frozenset(),
    held: Places = MappingProxyType({}),
) -> list[Decided]:
    """Findings and intents for each module, in the order given.

    The modules must be all that refer to a legacy system, since what hangs together over files is
    settled together. program: what was inferred of them so far. covers: whether a file may be
    edited; what hangs on one that may not, stays. selection: the kinds of reference to rewrite.
    accept: the least sure edits that become intents; the findings' levels do not depend on it.
    pins: (module, name) that is looked up from outside of all of them. held: lines and columns of
    findings, by the path of their module, at which nothing may be edited.
    """
    files = _find(project, modules, program, covers, selection)
    _pin(files, pins)
    hold_places(files, held)
    careful, daring = _settle(project, files, selection)
    chosen = daring if accept is Safety.UNSAFE else careful
    return [
        replace(file, findings=with_levels(sure.findings, unsure.findings, accept))
        for file, sure, unsure in zip(chosen, careful, daring, strict=True)
    ]


def _find(
    project: Project,
    modules: Sequence[ParsedModule],
    program: Program,
    covers: Callable[[str], bool],
    selection: frozenset[Part],
) -> list[FileFacts]:
    """Everything that refers to a legacy system, with what speaks against changing it."""
    inferences = program.next_round().inferences
    by_binding: dict[Binding, Carrier] = {}
    by_lookup: dict[Binding, Carrier] = {}
    files = [
        FileFacts(module, inferences[module.path], by_binding, by_lookup) for module in modules
    ]
    for facts in files:
        facts.carriers.extend(find_carriers(project, facts.module))
        find_lookups(project, facts)
        by_binding.update((c.binding, c) for c in facts.carriers if c.binding is not None)
    by_lookup.update((b, c) for b, c in by_binding.items() if c.kind is CarrierKind.LOOKUP)
    for facts in files:
        find_uses(project, facts)
        block_unselected(facts.carriers, selection)
    handed = HandedFunctions(program.by_word)
    for facts in files:
        block_escapes(project, facts, handed)
        find_members(project, facts)
        find_quoted(project, facts)
        find_entries(project, facts)
        find_strings(project, facts)
        find_broken(project, facts)
        find_undoing(project, facts)
        block_hidden(project, facts)
        block_stub(project, facts)
    judge_patches(project, files)
    pin_opened(files)
    hold_files(files, covers)
    return files


def _pin(files: Sequence[FileFacts], pins: frozenset[tuple[str, str]]) -> None:
    for facts in files:
        path = facts.module.path.removesuffix("/__init__.py")
        own = {(module, name) for module, name in pins if module == path}
        facts.pins |= own
        facts.stand_ins |= own


def _settle(
    project: Project, files: Sequence[FileFacts], selection: frozenset[Part]
) -> tuple[list[Decided], list[Decided]]:
    """What becomes of it all in a run that makes safe edits only, and in one that dares more.

    Most files are decided alike in both, and then they are looked at once.
    """
    addresses = Addresses(project, files)
    exporters = Exporters(project, files)
    exporters.record_demand(files)
    safe = decide_fates(project, files, exporters, addresses, Safety.SAFE)
    unsafe = decide_fates(project, files, exporters, addresses, Safety.UNSAFE)
    naming = Naming(project, files, safe, exporters, addresses)
    reports = [Report(project, f, naming, addresses, Safety.SAFE, selection) for f in files]
    careful = [report.decided() for report in reports]
    is_alike = safe.agrees(unsafe)
    if not is_alike:
        naming = Naming(project, files, unsafe, exporters, addresses)
    daring = [
        same
        if is_alike and not report.rests_on_levels
        else Report(project, report.facts, naming, addresses, Safety.UNSAFE, selection).decided()
        for same, report in zip(careful, reports, strict=True)
    ]
    return careful, daring

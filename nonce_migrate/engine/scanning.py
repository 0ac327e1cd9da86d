"""`scan`: the findings of a project."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from nonce_migrate.accept.judge import Judgement
from nonce_migrate.engine.absent import notes_on_absent
from nonce_migrate.engine.accepting import (
    Sorted,
    judge_document,
    judge_legacy,
    judge_module,
    module_text,
    settle,
)
from nonce_migrate.engine.gather import gather
from nonce_migrate.engine.gathered import Gathered
from nonce_migrate.engine.installing import legacy_files
from nonce_migrate.engine.options import Options, Progress
from nonce_migrate.engine.placing import placed
from nonce_migrate.engine.tree import Tree
from nonce_migrate.model import Code, Finding, Safety, ScanResult
from nonce_migrate.profile.schema import ShimKind
from nonce_migrate.resolve.program import infer
from nonce_migrate.rules.decide import decide
from nonce_migrate.rules.document_pins import document_pins
from nonce_migrate.rules.documents import document_findings
from nonce_migrate.rules.findings import Decided
from nonce_migrate.rules.held_places import Places
from nonce_migrate.rules.selection import EVERYTHING, Part


@dataclass(frozen=True)
class Scanned:
    """A scan with what a plan builds on. kept: legacy modules that are accepted as they are."""

    gathered: Gathered
    decided: tuple[Decided, ...]
    result: ScanResult
    kept: frozenset[str] = frozenset()


def scan_tree(
    options: Options,
    tree: Tree,
    progress: Progress | None = None,
    selection: frozenset[Part] = EVERYTHING,
    words: frozenset[str] | None = None,
) -> Scanned:
    """Gathers and decides. words: what to look for first, None for all the profile tells of."""
    gathered = gather(options, tree, progress, words)
    decided, of_modules = _decided(options, gathered, selection)
    of_files = _judged_files(options, gathered, tree)
    of_documents = [
        judge_document(options, document, document_findings(gathered.project, document))
        for path, document in gathered.documents.items()
        if options.covers(path)
    ]
    judged = Sorted.of((*of_modules, *of_files, *of_documents))
    profile = options.profile
    result = ScanResult(
        root=str(options.root),
        profile=profile.name,
        target=profile.target,
        systems=tuple((s.name, s.module, s.description) for s in profile.systems),
        findings=tuple(sorted(judged.findings)),
        unreadable=gathered.unreadable,
        files_seen=sum(1 for path in gathered.files if options.covers(path)),
        accepted=tuple(sorted(judged.accepted)),
        notes=notes_on_absent(profile, gathered.files),
    )
    kept = frozenset(a.finding.path for judgement in of_files for a in judgement.accepted)
    return Scanned(gathered, decided, result, kept)


def _decided(
    options: Options, gathered: Gathered, selection: frozenset[Part]
) -> tuple[tuple[Decided, ...], list[Judgement[Finding]]]:
    """What becomes of each module, and what of its findings counts, at the places of its file."""
    decided, held = settle(options, gathered, partial(_decide_all, selection=selection))
    place = partial(placed, gathered)
    judgements = []
    kept = []
    for file in decided:
        judged = judge_module(options, module_text(gathered, file.path), file, held)
        judged = judged.moved(place, place)
        kept.append(replace(file, findings=(*judged.kept, *judged.problems)))
        if options.covers(gathered.file_of(file.path)):
            judgements.append(judged)
    return tuple(kept), judgements


def _decide_all(
    options: Options, gathered: Gathered, held: Places, selection: frozenset[Part]
) -> tuple[Decided, ...]:
    """Modules and blocks, with nothing edited at the places that are held."""
    modules = tuple(_decide(options, gathered, selection, held))
    if Code.ROGUE_NONCE in options.codes and selection == EVERYTHING:
        from nonce_migrate.engine.rogues import with_rogues

        modules = with_rogues(options, gathered, modules, held)
    return (*modules, *_decide_blocks(options, gathered, held))


def _decide(
    options: Options, gathered: Gathered, selection: frozenset[Part], held: Places
) -> Iterable[Decided]:
    modules = gathered.modules
    pins = document_pins(gathered.project, modules, gathered.documents.values())
    assert gathered.program is not None
    return decide(
        gathered.project,
        modules,
        gathered.program,
        options.may_edit,
        selection,
        options.accept,
        pins,
        held,
    )


def _decide_blocks(options: Options, gathered: Gathered, held: Places) -> Iterable[Decided]:
    """The blocks of Markdown pages: they follow the code, and never hold it back.

    So they are decided on beside a second look at the code, whose outcome is not taken.
    """
    if not gathered.blocks:
        return ()
    both = (*gathered.modules, *gathered.blocks)

    def may_edit(path: str) -> bool:
        return options.may_edit(gathered.file_of(path))

    pins = document_pins(gathered.project, gathered.modules, gathered.documents.values())
    assert gathered.program is not None
    program = infer(gathered.project, both, gathered.program.words)
    decided = decide(
        gathered.project, both, program, may_edit, accept=options.accept, pins=pins, held=held
    )
    return decided[len(gathered.modules) :]


def _judged_files(options: Options, gathered: Gathered, tree: Tree) -> list[Judgement[Finding]]:
    """The legacy modules and their stubs."""
    return [
        judge_legacy(options, finding, tree.read(finding.path))
        for finding in _module_findings(options, gathered, tree)
    ]


def _module_findings(options: Options, gathered: Gathered, tree: Tree) -> list[Finding]:
    findings = []
    index, profile = gathered.project.index, options.profile
    for path, _ in legacy_files(options, gathered, tree):
        system = index.legacy.get(path) or index.legacy[path.rpartition("/")[0]]
        if not profile.shims or not options.shims or path in options.kept:
            becomes = "stays as it is"
        elif system.shim is ShimKind.INERT:
            becomes = "a shim that does nothing but warn"
        else:
            becomes = f"a deprecation shim on {profile.target}"
        findings.append(
            Finding(
                path, 1, 1, Code.LEGACY_MODULE, system.name, system.module, Safety.SAFE, becomes
            )
        )
    return [*findings, *_stub_findings(options, gathered)]


def _stub_findings(options: Options, gathered: Gathered) -> Iterator[Finding]:
    """The stubs of legacy modules: type checkers read them instead of the shim."""
    for path, system in gathered.project.index.stubs.items():
        if options.covers(path):
            yield Finding(
                path,
                1,
                1,
                Code.LEGACY_MODULE,
                system.name,
                system.module,
                Safety.MANUAL,
                reason="it is the stub of a legacy module: type checkers go on reading it instead "
                "of what the module has become",
                step=f"delete it once nothing imports {system.module} any more; until then it "
                "describes the old interface, which the shim keeps",
            )

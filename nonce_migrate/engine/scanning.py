"""`scan`: the findings of a project."""

from __future__ import annotations

from dataclasses import dataclass

from nonce_migrate.engine.gather import Gathered, Tree, gather
from nonce_migrate.engine.installing import legacy_files
from nonce_migrate.engine.options import Options, Progress
from nonce_migrate.model import Code, Finding, Safety, ScanResult
from nonce_migrate.profile.schema import ShimKind
from nonce_migrate.rules.decide import decide
from nonce_migrate.rules.findings import Decided
from nonce_migrate.rules.selection import EVERYTHING, Part


@dataclass(frozen=True)
class Scanned:
    """A scan with what a plan builds on."""

    gathered: Gathered
    decided: tuple[Decided, ...]
    result: ScanResult


def scan_tree(
    options: Options,
    tree: Tree,
    progress: Progress | None = None,
    selection: frozenset[Part] = EVERYTHING,
) -> Scanned:
    """Gathers and decides."""
    gathered = gather(options, tree, progress)
    decided = tuple(
        decide(gathered.project, gathered.modules, options.covers, selection, options.accept)
    )
    if Code.ROGUE_NONCE in options.codes and selection == EVERYTHING:
        from nonce_migrate.engine.rogues import with_rogues

        decided = with_rogues(options, gathered, decided)
    findings = [f for file in decided if options.covers(file.path) for f in file.findings]
    findings += _module_findings(options, gathered, tree)
    profile = options.profile
    result = ScanResult(
        root=str(options.root),
        profile=profile.name,
        target=profile.target,
        systems=tuple((s.name, s.module, s.description) for s in profile.systems),
        findings=tuple(sorted(findings)),
        unreadable=gathered.unreadable,
        files_seen=sum(1 for path in gathered.files if options.covers(path)),
    )
    return Scanned(gathered, decided, result)


def _module_findings(options: Options, gathered: Gathered, tree: Tree) -> list[Finding]:
    findings = []
    index, profile = gathered.project.index, options.profile
    for path, _ in legacy_files(options, gathered, tree):
        system = index.legacy.get(path) or index.legacy[path.rpartition("/")[0]]
        if not profile.shims or not options.shims:
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
    return findings

"""`apply` as data: every file's new bytes, proven, before anything is written."""

from __future__ import annotations

from collections.abc import Sequence

from nonce_migrate.engine.gather import Gathered, Tree
from nonce_migrate.engine.installing import (
    manager_changes,
    manager_version,
    packaged_manager,
    shim_changes,
)
from nonce_migrate.engine.options import Options, Progress
from nonce_migrate.engine.rewriting import ProofError, rewrite, rewrite_document
from nonce_migrate.engine.scanning import Scanned, scan_tree
from nonce_migrate.model import ChangeKind, FileChange, Finding, Plan, Refusal, Safety, ShimNote
from nonce_migrate.rules.findings import Decided


def plan(options: Options, progress: Progress | None = None) -> Plan:
    """What `apply` would do. Writes nothing. Raises ProjectError.

    A file whose result fails its proof keeps its bytes and is listed as refused.
    """
    tree = Tree(options.root)
    scanned = scan_tree(options, tree, progress)
    changes, refusals = _rewrites(options, scanned, tree)
    managers: list[FileChange] = []
    shims: list[FileChange] = []
    shim_notes: list[ShimNote] = []
    notes: list[str] = []
    if options.profile.shims and options.shims:
        shims, shim_notes, refused = shim_changes(options, scanned.gathered, tree)
        refusals += refused
    if options.profile.vendor and options.vendor and (changes or shims):
        managers, notes = manager_changes(options, scanned.gathered, tree)
    changes, refusals = _stable(options, [*managers, *shims, *changes], refusals)
    refused_paths = {refusal.path for refusal in refusals}
    findings = scanned.result.findings
    remaining = [
        f for f in findings if not f.safety.is_made(options.accept) or f.path in refused_paths
    ]
    return Plan(
        scan=scanned.result,
        changes=tuple(sorted(changes, key=lambda change: change.path)),
        applied=tuple(f for change in changes for f in change.findings),
        remaining=tuple(remaining),
        shims=tuple(shim_notes),
        refusals=tuple(sorted(refusals)),
        manager_version=manager_version(packaged_manager()) if managers else "",
        notes=tuple(notes),
    )


def _rewrites(
    options: Options, scanned: Scanned, tree: Tree
) -> tuple[list[FileChange], list[Refusal]]:
    changes: list[FileChange] = []
    refusals: list[Refusal] = []
    by_path: dict[str, list[Decided]] = {}
    for file in scanned.decided:
        path = scanned.gathered.file_of(file.path)
        if file.intents and options.covers(path):
            by_path.setdefault(path, []).append(file)
    for path, files in by_path.items():
        before = tree.read(path)
        try:
            after = _rewritten(scanned.gathered, files)
        except ProofError as error:
            refusals.append(Refusal(path, str(error)))
            continue
        applied = tuple(f for d in files for f in d.findings if f.safety.is_made(options.accept))
        if after != before:
            changes.append(FileChange(path, ChangeKind.REWRITE, before, after, applied))
    return changes, refusals


def _rewritten(gathered: Gathered, files: Sequence[Decided]) -> bytes:
    """The new bytes of one file: of a module, or of a document with all its pieces."""
    first = files[0]
    if first.path not in gathered.pieces:
        return rewrite(gathered.module(first.path), first.intents)
    document, _ = gathered.pieces[first.path]
    pieces = {
        gathered.pieces[file.path][1]: (gathered.module(file.path), file.intents) for file in files
    }
    return rewrite_document(document, pieces)


def _stable(
    options: Options, changes: list[FileChange], refusals: list[Refusal]
) -> tuple[list[FileChange], list[Refusal]]:
    """Scans the planned tree once more: a file that would change again is not written."""
    if not changes:
        return changes, refusals
    overlay = {change.path: change.after for change in changes}
    again = scan_tree(options, Tree(options.root, overlay))
    restless = {
        again.gathered.file_of(file.path): _first_made(file.findings, options.accept)
        for file in again.decided
        if file.intents and again.gathered.file_of(file.path) in overlay
    }
    kept = [change for change in changes if change.path not in restless]
    new = [
        Refusal(path, f"a second run would change it again ({what}); please report this")
        for path, what in restless.items()
    ]
    return kept, [*refusals, *new]


def _first_made(findings: tuple[Finding, ...], accept: Safety) -> str:
    finding = next((f for f in findings if f.safety.is_made(accept)), None)
    return f"line {finding.line}: {finding.symbol}" if finding else "an edit without a finding"

"""`apply` as data: every file's new bytes, proven, before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nonce_migrate.documents.kinds import DocumentKind
from nonce_migrate.engine.copies import manager_version, packaged_manager
from nonce_migrate.engine.gathered import Gathered
from nonce_migrate.engine.installing import date_changes, manager_changes, shim_changes
from nonce_migrate.engine.options import Options, Progress
from nonce_migrate.engine.rewriting import ProofError, rewrite, rewrite_document
from nonce_migrate.engine.scanning import Scanned, scan_tree
from nonce_migrate.engine.tree import Tree
from nonce_migrate.helpers import spread
from nonce_migrate.model import Code, Finding, Safety, ScanResult
from nonce_migrate.plans import ChangeKind, FileChange, Plan, Refusal, ShimNote
from nonce_migrate.proof.project import OUR_FAULT, WORTH_A_PROCESS, Planned, prove
from nonce_migrate.rules.findings import Decided

_UNSAFE_CODES = frozenset({Code.ROGUE_NONCE})  # their edits are never safe
_NEVER_EDITED = frozenset({DocumentKind.TEXT})


def plan(options: Options, progress: Progress | None = None) -> Plan:
    """What `apply` would do. Writes nothing. Raises ProjectError.

    A file whose result fails its proof keeps its bytes and is listed as refused. What hangs on it
    is planned anew, since it has to stay, too.
    """
    refused: dict[str, Refusal] = {}
    while True:
        made = _plan(options.keeping(refused), progress)
        new = {r.path: r for r in made.refusals if r.path not in refused}
        refused.update(new)
        if not new or not made.changes:
            return replace(made, refusals=tuple(sorted(refused.values())))


def _plan(options: Options, progress: Progress | None) -> Plan:
    tree = Tree(options.root)
    scanned = scan_tree(options, tree, progress)
    changes, refusals = _rewrites(options, scanned, tree)
    managers: list[FileChange] = []
    shims: list[FileChange] = []
    shim_notes: list[ShimNote] = []
    notes: list[str] = []
    if options.profile.shims and options.shims:
        with_kept = options.keeping(scanned.kept)
        shims, shim_notes, refused = shim_changes(with_kept, scanned.gathered, tree)
        refusals += refused
        shims += date_changes(options, scanned.gathered, tree)
    if options.profile.vendor and options.vendor and (changes or shims or options.upgrade):
        needed = bool(changes or shims)
        managers, notes = manager_changes(options, scanned.gathered, tree, needed=needed)
    changes, refusals = _prove(options, scanned.result, [*managers, *shims, *changes], refusals)
    left_paths = {refusal.path for refusal in refusals} | options.kept
    findings = scanned.result.findings
    remaining = [
        f for f in findings if not f.safety.is_made(options.accept) or f.path in left_paths
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
        if file.intents and options.may_edit(path):
            by_path.setdefault(path, []).append(file)

    def rewritten(files: Sequence[Decided]) -> bytes | ProofError:
        try:
            return _rewritten(scanned.gathered, files)
        except ProofError as error:
            return error

    results = spread(rewritten, list(by_path.values()), options.jobs, WORTH_A_PROCESS)
    for (path, files), after in zip(by_path.items(), results, strict=True):
        if isinstance(after, ProofError):
            refusals.append(Refusal(path, str(after)))
            continue
        before = tree.read(path)
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


def _prove(
    options: Options, before: ScanResult, changes: list[FileChange], refusals: list[Refusal]
) -> tuple[list[FileChange], list[Refusal]]:
    """Scans the planned tree once more: a file that would change again, or that another eye finds
    something wrong with, is not written.
    """
    if not changes:
        return changes, refusals
    tree = Tree(options.root, {change.path: change.after for change in changes})
    again = _scan_again(options, tree)
    new = [
        Refusal(
            again.gathered.file_of(file.path),
            f"a second run would change it again ({_first_made(file.findings, options.accept)}); "
            f"{OUR_FAULT}",
        )
        for file in _unsettled(again, tree)
    ]
    index = again.gathered.project.index
    planned = Planned(
        profile=options.profile,
        files=again.gathered.files,
        changes=changes,
        read=tree.read,
        findings=again.result.known,
        targets=[index.target_path(base) for base in index.bases],
        broken={finding.path for finding in before.known if finding.broken},
        covers=options.covers,
        jobs=options.jobs,
    )
    new += prove(planned)
    bad = {refusal.path for refusal in new}
    return [c for c in changes if c.path not in bad], [*refusals, *new]


def _scan_again(options: Options, tree: Tree) -> Scanned:
    """What a second run would find that could make it edit something.

    Only what is still legacy can. So it looks for what has not moved, and for all that this is
    handed on as; what has moved tells of nothing, but may hold back edits of the rest, so that
    everything is looked at where there is one.
    """
    codes = options.codes if options.accept is Safety.UNSAFE else options.codes - _UNSAFE_CODES
    with_edits = replace(options, codes=codes, kinds=options.kinds - _NEVER_EDITED)
    again = scan_tree(with_edits, tree, words=options.profile.lasting_words)
    return scan_tree(options, tree) if _unsettled(again, tree) else again


def _unsettled(again: Scanned, tree: Tree) -> list[Decided]:
    """The files of a plan that a second run would edit."""
    files = (file for file in again.decided if file.intents)
    return [file for file in files if again.gathered.file_of(file.path) in tree.overlay]


def _first_made(findings: tuple[Finding, ...], accept: Safety) -> str:
    finding = next((f for f in findings if f.safety.is_made(accept)), None)
    return f"line {finding.line}: {finding.symbol}" if finding else "an edit without a finding"

"""`apply` as data: every file's new bytes, proven, before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nonce_migrate.documents.kinds import DocumentKind
from nonce_migrate.engine.copies import manager_version, packaged_manager
from nonce_migrate.engine.installing import date_changes, manager_changes, shim_changes
from nonce_migrate.engine.options import Options, Progress
from nonce_migrate.engine.rewrites import Rewritten, rewrite_all
from nonce_migrate.engine.scanning import Scanned, scan_tree
from nonce_migrate.engine.tree import Tree
from nonce_migrate.model import Code, Finding, Safety
from nonce_migrate.plans import FileChange, Plan, Refusal, ShimNote
from nonce_migrate.proof.file import check_file
from nonce_migrate.proof.project import OUR_FAULT, Planned, prove
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
    rewritten = rewrite_all(options, scanned, tree)
    rewrites, refusals = rewritten.changes, list(rewritten.refusals)
    managers: list[FileChange] = []
    shims: list[FileChange] = []
    shim_notes: list[ShimNote] = []
    notes: list[str] = []
    if options.profile.shims and options.shims:
        with_kept = options.keeping(scanned.kept)
        shims, shim_notes, refused = shim_changes(with_kept, scanned.gathered, tree)
        refusals += refused
        shims += date_changes(options, scanned.gathered, tree)
    if options.profile.vendor and options.vendor and (rewrites or shims or options.upgrade):
        needed = bool(rewrites or shims)
        managers, notes = manager_changes(options, scanned.gathered, tree, needed=needed)
    changes, unproven = _prove(options, rewritten, [*managers, *shims])
    refusals += unproven
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


def _prove(
    options: Options, rewritten: Rewritten, others: Sequence[FileChange]
) -> tuple[list[FileChange], list[Refusal]]:
    """Scans the planned tree once more: a file that would change again, or that another eye finds
    something wrong with, is not written. others: the changes that are no rewrites.
    """
    changes = [*others, *rewritten.changes]
    if not changes:
        return [], []
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
    checked = (*(check_file(change, ()) for change in others), *rewritten.checked)
    planned = Planned(
        profile=options.profile,
        files=again.gathered.files,
        changes=changes,
        checked=[file for file in checked if file is not None],
        read=tree.read,
        findings=again.result.known,
        targets=[index.target_path(base) for base in index.bases],
        covers=options.covers,
    )
    new += prove(planned)
    bad = {refusal.path for refusal in new}
    return [c for c in changes if c.path not in bad], new


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

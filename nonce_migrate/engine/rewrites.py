"""Rewrites the files of a project, and checks each by itself, on every core where that pays."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from nonce_migrate.engine.gathered import Gathered
from nonce_migrate.engine.options import Options
from nonce_migrate.engine.rewriting import ProofError, rewrite, rewrite_document
from nonce_migrate.engine.scanning import Scanned
from nonce_migrate.engine.tree import Tree
from nonce_migrate.helpers import spread
from nonce_migrate.plans import ChangeKind, FileChange, Refusal
from nonce_migrate.proof.file import Checked, check_file
from nonce_migrate.proof.project import WORTH_A_PROCESS
from nonce_migrate.rules.findings import Decided


@dataclass(frozen=True, slots=True)
class Rewritten:
    """changes: the files that become others. checked: what is known of those that are Python.
    refusals: those whose text could not be changed with certainty.
    """

    changes: tuple[FileChange, ...]
    checked: tuple[Checked, ...]
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class _Outcome:
    """One file. after: None where nothing becomes of it."""

    after: bytes | None = None
    checked: Checked | None = None
    refusal: Refusal | None = None


def rewrite_all(options: Options, scanned: Scanned, tree: Tree) -> Rewritten:
    """The new bytes of every file that may be edited and has something to edit."""
    by_path: dict[str, list[Decided]] = {}
    for file in scanned.decided:
        path = scanned.gathered.file_of(file.path)
        if file.intents and options.may_edit(path):
            by_path.setdefault(path, []).append(file)
    broken = {finding.path for finding in scanned.result.known if finding.broken}

    def rewritten(path: str) -> _Outcome:
        return _rewritten(scanned.gathered, tree, by_path[path], broken)

    outcomes = spread(rewritten, list(by_path), options.jobs, WORTH_A_PROCESS)
    changes: list[FileChange] = []
    for (path, files), outcome in zip(by_path.items(), outcomes, strict=True):
        if outcome.after is not None:
            findings = tuple(
                f for file in files for f in file.findings if f.safety.is_made(options.accept)
            )
            before = _before(scanned.gathered, tree, files[0].path)
            changes.append(FileChange(path, ChangeKind.REWRITE, before, outcome.after, findings))
    return Rewritten(
        tuple(changes),
        tuple(outcome.checked for outcome in outcomes if outcome.checked is not None),
        tuple(outcome.refusal for outcome in outcomes if outcome.refusal is not None),
    )


def _rewritten(
    gathered: Gathered, tree: Tree, files: Sequence[Decided], broken: Collection[str]
) -> _Outcome:
    """What becomes of one file: of a module, or of a document with all its pieces."""
    path = gathered.file_of(files[0].path)
    try:
        after = _after(gathered, files)
    except ProofError as error:
        return _Outcome(refusal=Refusal(path, str(error)))
    before = _before(gathered, tree, files[0].path)
    if after == before:
        return _Outcome()
    change = FileChange(path, ChangeKind.REWRITE, before, after)
    return _Outcome(after, check_file(change, broken))


def _after(gathered: Gathered, files: Sequence[Decided]) -> bytes:
    """The new bytes of one file. Raises ProofError."""
    first = files[0]
    if first.path not in gathered.pieces:
        return rewrite(gathered.module(first.path), first.intents)
    document, _ = gathered.pieces[first.path]
    pieces = {
        gathered.pieces[file.path][1]: (gathered.module(file.path), file.intents) for file in files
    }
    return rewrite_document(document, pieces)


def _before(gathered: Gathered, tree: Tree, path: str) -> bytes:
    """The bytes that the decisions are about, so that an edit made since stops the run.

    path: of a module or of a piece of a document.
    """
    if path in gathered.pieces:
        return tree.read(gathered.file_of(path))
    source = gathered.module(path).source
    return source.encode(source.text)

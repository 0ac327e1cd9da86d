"""One file at a time, for runners that bring the file and write the result themselves.

The rest of the project is read as it is on the disk. What hangs together with other files (a
re-export and its clients) is left alone, since this run cannot change them too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from nonce_migrate.documents.kinds import CODE
from nonce_migrate.engine.installing import shim_changes
from nonce_migrate.engine.options import Options
from nonce_migrate.engine.rewriting import ProofError, rewrite
from nonce_migrate.engine.scanning import scan_tree
from nonce_migrate.engine.tree import Tree
from nonce_migrate.rules.selection import NOT_SELECTED, Part


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A file's new bytes (the old ones where nothing changes), and what was left and why."""

    data: bytes
    left: tuple[str, ...]


def rewrite_file(options: Options, path: str, data: bytes, parts: frozenset[Part]) -> Rewritten:
    """The selected parts of the migration, in the file at `path` (relative to the root)."""
    options = replace(options, kinds=CODE)
    scanned = scan_tree(options, Tree(options.root, {path: data}), selection=parts)
    left = tuple(
        f"line {finding.line}: {finding.symbol}: {finding.reason}; {finding.step}"
        for finding in scanned.result.findings
        if not finding.safety.is_made(options.accept) and NOT_SELECTED.reason not in finding.reason
    )
    decided = next((file for file in scanned.decided if file.path == path), None)
    if decided is None or not decided.intents:
        return Rewritten(data, left)
    module = next(m for m in scanned.gathered.modules if m.path == path)
    try:
        return Rewritten(rewrite(module, decided.intents), left)
    except ProofError as error:
        return Rewritten(data, (*left, f"left as it is: {error}"))


def shim_file(options: Options, path: str, data: bytes) -> Rewritten:
    """The deprecation shim for the file at `path`, where that is a legacy module."""
    options = replace(options, kinds=CODE)
    tree = Tree(options.root, {path: data})
    scanned = scan_tree(options, tree)
    changes, notes, refusals = shim_changes(options, scanned.gathered, tree)
    left = tuple(f"{refusal.path}: {refusal.reason}" for refusal in refusals)
    left += tuple(f"not carried over: {line}" for note in notes for line in note.dropped)
    after = next((change.after for change in changes if change.path == path), data)
    return Rewritten(after, left)

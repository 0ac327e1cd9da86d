"""`scan --why`: everything that is known of one line."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nonce_migrate.engine.options import Options, Progress
from nonce_migrate.engine.scanning import Scanned, scan_tree
from nonce_migrate.engine.tree import Tree
from nonce_migrate.errors import ProjectError
from nonce_migrate.model import Explained, Finding
from nonce_migrate.resolve.inference import Inference
from nonce_migrate.rules.look_alikes import why_not

_NEAREST = 3


def explain_line(
    options: Options, path: str, line: int, column: int | None, progress: Progress | None = None
) -> Explained:
    """The findings of a line (those that start at a column, where it is given) with their reasons.

    Where there are none: why what looks like a reference is none, and the nearest findings of the
    file. path: relative to the root. Raises ProjectError where the file has no such line.
    """
    tree = Tree(options.root)
    _require_line(tree, path, line)
    scanned = scan_tree(options, tree, progress)
    own = [f for f in _told(scanned) if f.path == path]
    here = [f for f in own if f.line == line and column in (None, f.column)]
    nearest = sorted(own, key=lambda f: (abs(f.line - line), f.line, f.column))[:_NEAREST]
    notes = () if here else tuple(_notes(scanned, path, line))
    return Explained(path, line, tuple(here), notes, () if here else tuple(sorted(nearest)))


def _told(scanned: Scanned) -> tuple[Finding, ...]:
    """Every finding; of one that does not count, the reasons say why."""
    accepted = (
        a.finding._replace(why=(*a.finding.why, f"accepted by {a.by}: {a.reason or 'no reason'}"))
        for a in scanned.result.accepted
    )
    return tuple(sorted((*scanned.result.findings, *accepted)))


def _require_line(tree: Tree, path: str, line: int) -> None:
    try:
        count = len(tree.read(path).splitlines())
    except OSError as error:
        raise ProjectError(f"{path}: {error.strerror}") from None
    if not 1 <= line <= count:
        raise ProjectError(f"{path}: has {count} lines, so there is no line {line}")


def _notes(scanned: Scanned, path: str, line: int) -> Iterator[str]:
    unread = [item for item in scanned.gathered.unreadable if item.path == path]
    if unread:
        yield f"the file could not be looked into: {unread[0].reason}"
        return
    gathered = scanned.gathered
    if path in gathered.documents or gathered.program is None:
        return
    inference = gathered.program.next_round().inferences.get(path)
    if inference is None:
        yield "the file mentions nothing that a legacy system has or hands on"
        return
    for node in _on(inference, line):
        note = why_not(inference, node)
        if note:
            yield note


def _on(inference: Inference, line: int) -> list[ast.Attribute]:
    """The attributes whose name ends on a line."""
    return [node for node, _ in inference.names.attributes if node.end_lineno == line]

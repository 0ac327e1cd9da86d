"""Finds scripts that would undo the migration, and those that change nonce state behind its back.

The first hold imports of legacy systems in strings and write files. The second write to, replace
or delete a file with the name of a legacy state file, found by the names, globs and templates in
the text and followed over names and attributes of the file, whatever the order of its lines.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from nonce_migrate.model import Code
from nonce_migrate.profile.schema import Profile
from nonce_migrate.resolve.project import ModuleTarget, Project
from nonce_migrate.rules.contexts import may_name
from nonce_migrate.rules.facts import Block, FileFacts, UndoingScript
from nonce_migrate.rules.file_writes import FileWrite, find_writes
from nonce_migrate.rules.path_flow import PathFlow
from nonce_migrate.rules.state_names import ANY, state_system

_TEMPORARY = frozenset(("tmp_path", "tmpdir", "tmp_path_factory", "TemporaryDirectory", "mkdtemp"))


def find_undoing(project: Project, facts: FileFacts) -> None:
    """Fills in what the file would undo. The strings that hold code must be found already."""
    writes = list(find_writes(facts.module.names))
    if not writes:
        return
    lasting = _lasting(facts, writes)
    facts.undoing += _rewriting(project, facts, lasting)
    facts.undoing += _overwriting(project, facts, lasting)


def _lasting(facts: FileFacts, writes: list[FileWrite]) -> list[FileWrite]:
    """Those that do not write into a folder which is there for a time only."""
    if not may_name(facts.module, *_TEMPORARY):
        return writes
    temporary = PathFlow(facts.module.tree, _temporary)
    return [w for w in writes if not any(temporary.labels(path) for path in w.paths)]


def _rewriting(
    project: Project, facts: FileFacts, writes: list[FileWrite]
) -> Iterator[UndoingScript]:
    """The script as a whole, at the first call that writes."""
    code = [text for text in facts.texts if text.code is Code.CODE_IN_STRING]
    if not code or not writes:
        return
    target = code[0].target
    home = target.module if isinstance(target, ModuleTarget) else target.home
    system = project.index.legacy[home]
    lines = ", ".join(str(line) for line in sorted({text.node.lineno for text in code}))
    reason = (
        f"this script would undo the migration: it writes files, and holds imports of legacy "
        f"systems in strings ({'line' if len(code) == 1 else 'lines'} {lines})"
    )
    step = f"delete the script, or change its strings to {project.profile.target}"
    call = writes[0].call
    yield UndoingScript(call, system.name, system.module, Block(call.lineno, reason, step))


def _overwriting(
    project: Project, facts: FileFacts, writes: list[FileWrite]
) -> Iterator[UndoingScript]:
    state = PathFlow(facts.module.tree, partial(_state_marks, project.profile))
    for write in writes:
        marks = [mark for path in write.paths for mark in state.labels(path)]
        if not marks:
            continue
        mark = min(marks, key=lambda m: (m.line, m.name))
        reason = (
            f"it changes nonce state files (`{mark.name}`, line {mark.line}): the next nonce can "
            "be lower than the last one that was used"
        )
        step = (
            "take the write out; `nonce-migrate state floor VALUE` moves the sequence forward "
            "safely, and `nonce-migrate state show` tells what the files say"
        )
        call = write.call
        block = Block(call.lineno, reason, step)
        yield UndoingScript(call, mark.system, mark.name, block)


@dataclass(frozen=True, slots=True)
class _Mark:
    """A text that names state files, and where it stands."""

    name: str
    line: int
    system: str


def _state_marks(profile: Profile, node: ast.expr) -> frozenset[_Mark] | None:
    """The state files that an expression names by itself."""
    text = _text(node)
    if text is None:
        return None
    system = state_system(profile, text)
    if system is None:
        return frozenset() if isinstance(node, ast.Constant) else None
    return frozenset({_Mark(text.replace(ANY, "*"), node.lineno, system.name)})


def _temporary(node: ast.expr) -> frozenset[str] | None:
    """Whether an expression is a folder that a test, or a `with`, has for itself."""
    word = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return frozenset({word}) if word in _TEMPORARY else None


def _text(node: ast.expr) -> str | None:
    """A string, with ANY for the parts of it that are known only when it runs; None: no string."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        parts = [_text(v) if isinstance(v, ast.Constant) else ANY for v in node.values]
        return "".join(part or "" for part in parts)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _text(node.left), _text(node.right)
        if left is None and right is None:
            return None
        return (ANY if left is None else left) + (ANY if right is None else right)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return _text(node.left)
    if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "format":
        return _text(node.func.value) if isinstance(node.func, ast.Attribute) else None
    return None

"""Patches whose path is put together: `patch(f"{MODULE}.Name")`, `patch(path)` in a loop.

What they replace cannot be seen, so whatever the strings of the file name may be it: it keeps its
name and place, or a test that is meant to get a fake would draw real nonces.
"""

from __future__ import annotations

import ast

from nonce_migrate.resolve.project import ModuleTarget, Project
from nonce_migrate.rules.facts import Block, FileFacts, TextReference, TextRole
from nonce_migrate.rules.strings.places import PATCH_WORDS, is_patch_by_path

_ROLES = (TextRole.OTHER, TextRole.PAIR)


def hold_computed(project: Project, facts: FileFacts) -> None:
    """Keeps what the strings of a file name, where a patch of it has a computed path."""
    line = _line_of_patch(facts)
    if not line:
        return
    for node, _ in facts.module.names.strings:
        found = project.locate_dotted(facts.module, str(node.value).strip(".: "))
        if found is None:
            continue
        if found.module in project.index.legacy:
            _hold_module(facts, node, found.module, line)
        else:
            facts.pins.add((found.module, ""))
            facts.stand_ins.add((found.module, ""))
    for text in facts.texts:
        if text.role in _ROLES and text.block is not None:
            facts.held.setdefault(text.target, text.block)


def _line_of_patch(facts: FileFacts) -> int:
    """The line of the first patch whose path is no plain text; 0 where there is none."""
    if PATCH_WORDS.isdisjoint(facts.module.spelt):
        return 0
    for call, _ in facts.module.names.calls:
        if is_patch_by_path(facts.module, call) and not isinstance(call.args[0], ast.Constant):
            return call.lineno
    return 0


def _hold_module(facts: FileFacts, node: ast.Constant, module: str, line: int) -> None:
    reason = f"line {line}: the path of a patch is put together there, perhaps from this"
    block = Block(node.lineno, reason, "write the whole path of what is patched, as one text")
    target = ModuleTarget(module)
    facts.held[target] = block
    known = {text.node: index for index, text in enumerate(facts.texts)}
    if node not in known:
        prefix = str(node.value).strip(".: ")
        facts.texts.append(TextReference(node, TextRole.OTHER, target, prefix, block=block))

"""Modules of the project that leave the sight: any of their names may be looked up by its text.

`getattr(hub, name)` in a loop, `vars(hub)`, `attrgetter("Name")(hub)`, a module that a function is
handed: the legacy names which such a module has imported keep their local names, and those that
are called in another way afterwards stay where they are.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from nonce_migrate.resolve.callee import qualified
from nonce_migrate.resolve.lookups import is_registry
from nonce_migrate.resolve.project import ModuleTarget
from nonce_migrate.rules.contexts import is_only_looked_at
from nonce_migrate.rules.facts import FileFacts
from nonce_migrate.rules.strings.lookups import constant_name

_HARMLESS = frozenset(("importlib.reload", "unittest.mock.patch.multiple"))


def pin_opened(files: Iterable[FileFacts]) -> None:
    """Pins every name of the modules that some file hands on."""
    known = list(files)
    carrying = {f.module.path.removesuffix("/__init__.py") for f in known if f.carriers}
    for facts in known:
        for module in _handed_on(facts) & carrying:
            facts.pins.add((module, ""))
            facts.stand_ins.add((module, ""))


def _handed_on(facts: FileFacts) -> set[str]:
    names = facts.module.names
    nodes: list[ast.expr] = [name for name, _ in names.loads]
    nodes += [node for node, _ in names.attributes if isinstance(node.ctx, ast.Load)]
    nodes += [call for call, _ in names.calls]
    found: set[str] = set()
    text = facts.module.source.text
    has_registry = "modules" in text or not text.isascii()
    for node in nodes:
        if has_registry and is_registry(facts.module, node) and _is_own_entry(facts, node):
            found.add(facts.module.path.removesuffix("/__init__.py"))
        if not facts.inference.may_be_module(node):
            continue
        modules = {
            h.module for h in facts.inference.value(node).held if isinstance(h, ModuleTarget)
        }
        if modules and not _is_followed(facts, node):
            found |= modules
    return found


def _is_own_entry(facts: FileFacts, node: ast.expr) -> bool:
    """`sys.modules[__name__]`, unless a plain name is taken from it."""
    entry = facts.module.names.parents.get(node)
    if not isinstance(entry, ast.Subscript) or getattr(entry.slice, "id", "") != "__name__":
        return False
    return not _is_followed(facts, entry)


def _is_followed(facts: FileFacts, node: ast.expr) -> bool:
    """Whether all that is taken from a module at a place is seen."""
    names = facts.module.names
    parent = names.parents.get(node)
    while isinstance(parent, ast.BoolOp):
        node, parent = parent, names.parents.get(parent)
    if isinstance(parent, ast.Attribute):
        return parent.attr != "__dict__"
    if isinstance(parent, ast.Call) and parent.func is not node:
        is_first = parent.args[:1] == [node]
        if is_first and constant_name(names, parent) is not None:
            return True
        return is_first and qualified(names, parent.func) in _HARMLESS
    if isinstance(parent, ast.Assign):
        return all(isinstance(target, ast.Name) for target in parent.targets)
    if isinstance(parent, ast.NamedExpr | ast.Delete):
        return True
    return is_only_looked_at(node, names, set())

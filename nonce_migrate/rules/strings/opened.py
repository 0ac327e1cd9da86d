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
    found: set[str] = set()
    if _opens_itself(facts):
        found.add(facts.module.path.removesuffix("/__init__.py"))
    for node in facts.inference.program.module_trail.expressions(facts.module.names):
        modules = {
            h.module for h in facts.inference.value(node).held if isinstance(h, ModuleTarget)
        }
        if modules and not _is_followed(facts, node):
            found |= modules
    return found


def _opens_itself(facts: FileFacts) -> bool:
    """Whether a file has `sys.modules[__name__]`, and more than a plain name is taken from it."""
    if "modules" not in facts.module.spelt:
        return False
    for name in facts.inference.program.by_word.loads.within(facts.module, "__name__"):
        entry = facts.module.names.parents.get(name)
        if not isinstance(entry, ast.Subscript) or entry.slice is not name:
            continue
        if is_registry(facts.module, entry.value) and not _is_followed(facts, entry):
            return True
    return False


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

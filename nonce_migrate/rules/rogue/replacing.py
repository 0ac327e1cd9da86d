"""The expression that stands in place of a rogue nonce, and the import that it needs."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nonce_migrate.profile.schema import Rogue
from nonce_migrate.resolve.project import ParsedModule
from nonce_migrate.rules.intents import ChangeImport, Intent, NewImport
from nonce_migrate.rules.rogue.lookup import Lookup
from nonce_migrate.rules.rogue.reading import Form
from nonce_migrate.source import UnparsableError, parse

_ALIASES = ("{}_of_target", "_{}", "_{}_of_target")


@dataclass(frozen=True, slots=True)
class Provided:
    """How the file calls what the replacement starts with, and the import to add for it."""

    local: str
    added: NewImport | None


def new_text(rogue: Rogue, local: str, form: Form) -> str:
    """The replacement as text where text stood, else as a number."""
    text = local + rogue.becomes.removeprefix(rogue.imported)
    return text if form is Form.TEXT else f"int({text})"


def provide(
    module: ParsedModule,
    rogue: Rogue,
    address: str,
    intents: Sequence[Intent],
    before: ast.stmt,
) -> Provided | None:
    """The name under which top-level code from `before` on has what is needed.

    address: the target's module as this file imports it. intents: what else is changed in the
    file. None where every name that it could have is taken.
    """
    body = module.tree.body
    end = body.index(before)
    changed = {intent.node: intent for intent in intents if isinstance(intent, ChangeImport)}
    for node in body[:end]:
        for new in _imports(node, changed, address):
            if new.name == rogue.imported:
                return Provided(new.as_name or new.name, None)
    taken = _taken(module, changed, address, rogue.imported)
    for local in (rogue.imported, *(alias.format(rogue.imported) for alias in _ALIASES)):
        if local not in taken:
            as_name = None if local == rogue.imported else local
            return Provided(local, NewImport(address, rogue.imported, as_name))
    return None


def _imports(
    node: ast.stmt, changed: dict[ast.Import | ast.ImportFrom, ChangeImport], address: str
) -> Iterable[NewImport]:
    """What a statement imports from the target after the change."""
    if not isinstance(node, ast.ImportFrom):
        return
    for index, alias in enumerate(node.names):
        if node in changed and index in changed[node].changes:
            yield from changed[node].changes[index]
        elif "." * node.level + (node.module or "") == address:
            yield NewImport(address, alias.name, alias.asname)


def _taken(
    module: ParsedModule,
    changed: dict[ast.Import | ast.ImportFrom, ChangeImport],
    address: str,
    imported: str,
) -> set[str]:
    """The names that mean something else somewhere in the file, before or after its changes.

    An import of the same thing under its own name is no reason for another name.
    """
    names = module.names
    taken = {node.id for node, scope in names.loads if scope.lookup(node.id) is None}
    for name, binding in ((n, b) for s in names.scopes for n, bs in s.bindings.items() for b in bs):
        if not isinstance(binding.node, ast.Import | ast.ImportFrom):
            taken.add(name)
            continue
        change = changed.get(binding.node)
        if change is None or binding.index not in change.changes:
            same = NewImport(address, imported, None) in _imports(binding.node, changed, address)
            if not (same and name == imported):
                taken.add(name)
    for change in changed.values():
        news = [new for news in change.changes.values() for new in news]
        taken |= {new.as_name or new.name for new in news if new.name != imported or new.as_name}
    return taken


def is_at_its_place(module: ParsedModule, node: ast.expr) -> bool:
    """Whether the text where the tree says that a node stands is that node.

    Before Python 3.12 positions inside f-strings can be off.
    """
    source = module.source
    try:
        found = parse(f"({source.slice(source.span(node))}\n)").body
    except (UnparsableError, IndexError):
        return False
    only = found[0] if len(found) == 1 else None
    return isinstance(only, ast.Expr) and ast.dump(only.value) == ast.dump(node)


def hides_int(lookup: Lookup, node: ast.expr) -> bool:
    """Whether `int` is not the builtin where a node stands."""
    return lookup.scope(node).lookup("int") is not None or bool(lookup.stars)

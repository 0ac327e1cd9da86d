"""Under which words a module hands on what it has of a legacy one."""

from __future__ import annotations

import ast
from collections.abc import Set
from typing import NamedTuple

from nonce_migrate.resolve.project import Importer, ParsedModule, Project
from nonce_migrate.resolve.scopes import Binding
from nonce_migrate.rules.brought import CarrierKind, find_brought

_LONGEST_NAME = 200


class Handing(NamedTuple):
    """What a module hands on: under which words, and whether by `import *` too."""

    words: set[str]
    is_source: bool


def star_names(path: str) -> tuple[str, ...]:
    """What may stand between the last dot and `import *` for a module ("" for a package)."""
    folder, _, name = path.rpartition("/")
    stem = name.rpartition(".")[0]
    return (folder.rpartition("/")[2], "") if stem == "__init__" else (stem,)


def handed_on_by_import(project: Project, module: Importer) -> Handing:
    """The names under which a module hands on what it has imported from a legacy one."""
    words: set[str] = set()
    for node in module.global_imports:
        for alias in node.names:
            brought = find_brought(project, module, node, alias)
            if brought is not None and brought.kind is not CarrierKind.STAR:
                words.add(alias.asname or alias.name.partition(".")[0])
    for star in project.stars(module):
        system = project.index.legacy.get(star.module)
        if system is not None:
            words |= set(system.symbols) | project.defined_names(star.module)
    return Handing(words, bool(words))


def handed_on_by_text(project: Project, module: ParsedModule) -> Handing:
    """The same, with what texts that name a legacy module bring."""
    words = handed_on_by_import(project, module).words
    texts = _legacy_texts(project, module)
    for name, bindings in module.names.module.bindings.items() if texts else ():
        if any(_is_table(binding, texts) for binding in bindings):
            words.add(name)
    return Handing(words, bool(words) or bool(texts))


def _legacy_texts(project: Project, module: ParsedModule) -> frozenset[ast.AST]:
    """The texts of a module that end like the dotted name of a legacy one, and may look it up."""
    stems = project.index.stems
    ends = tuple(stems)
    return frozenset(
        node
        for node, _ in module.names.strings
        if isinstance(node.value, str) and node.value.endswith(ends)
        if node.value.rpartition(".")[2] in stems and len(node.value) < _LONGEST_NAME
    )


def _is_table(binding: Binding, texts: Set[ast.AST]) -> bool:
    """Whether a name is bound to a table with one of some texts in it."""
    table = binding.value
    if not isinstance(table, ast.Tuple | ast.List | ast.Dict | ast.Set):
        return False
    return any(node in texts for node in ast.walk(table))

"""Under which words a module hands on what it has of a legacy one."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from nonce_migrate.resolve.project import Importer, ParsedModule, Project
from nonce_migrate.resolve.scopes import Binding
from nonce_migrate.rules.brought import CarrierKind, find_brought


@dataclass(frozen=True, slots=True)
class Handing:
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
    for name, bindings in module.names.module.bindings.items():
        if any(_is_table(project, binding) for binding in bindings):
            words.add(name)
    return Handing(words, bool(words) or _names_legacy_modules(project, module))


def _names_legacy_modules(project: Project, module: ParsedModule) -> bool:
    """Whether a module has a text that may be the name of a legacy module, and look it up."""
    return any(_is_legacy_text(project, node.value) for node, _ in module.names.strings)


def _is_legacy_text(project: Project, text: object) -> bool:
    """Whether a text ends like the dotted name of a legacy module."""
    is_short = isinstance(text, str) and len(text) < 200
    return is_short and str(text).rpartition(".")[2] in project.index.stems


def _is_table(project: Project, binding: Binding) -> bool:
    """Whether a name is bound to a table with strings that name a legacy module."""
    table = binding.value
    if not isinstance(table, ast.Tuple | ast.List | ast.Dict | ast.Set):
        return False
    texts = (node.value for node in ast.walk(table) if isinstance(node, ast.Constant))
    return any(_is_legacy_text(project, text) for text in texts)

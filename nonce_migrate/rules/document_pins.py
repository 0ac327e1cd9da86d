"""Names of modules that configuration looks up: they must stay what they are.

`hub: src.hub:NonceManager` in a YAML file names what `src/hub.py` hands on, not the legacy module.
Were the name changed in `src/hub.py`, the file would name nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from nonce_migrate.documents.document import Document
from nonce_migrate.documents.kinds import DocumentKind
from nonce_migrate.resolve.project import ModuleTarget, ParsedModule, Project
from nonce_migrate.resolve.scopes import BindingKind

_BEFORE = re.compile(r"[\w.]*\Z")


def document_pins(
    project: Project, modules: Iterable[ParsedModule], documents: Iterable[Document]
) -> frozenset[tuple[str, str]]:
    """(module, name) for each legacy thing of another module that a document names."""
    texts = [p.text for d in documents if d.kind is DocumentKind.TEXT for p in d.prose]
    if not texts:
        return frozenset()
    names = {name for module in modules for name in _handed_on(project, module)}
    if not names:
        return frozenset()
    word = re.compile(rf"[.:](?P<name>{'|'.join(sorted(map(re.escape, names)))})(?!\w)")
    found: set[tuple[str, str]] = set()
    for text in texts:
        for match in word.finditer(text):
            before = _BEFORE.search(text, max(0, match.start() - 200), match.start())
            parts = tuple(before.group().split(".")) if before else ()
            module = _module(project, parts)
            if module is not None:
                found.add((module, match["name"]))
    return frozenset(found)


def _handed_on(project: Project, module: ParsedModule) -> Iterable[str]:
    for name, bindings in module.names.module.bindings.items():
        imports = [b for b in bindings if b.kind is BindingKind.IMPORT]
        targets = [project.imported(module, binding) for binding in imports]
        if any(t and not _is_other(project, t) for t in targets):
            yield name


def _is_other(project: Project, target: object) -> bool:
    return isinstance(target, ModuleTarget) and target.module not in project.index.legacy


def _module(project: Project, parts: tuple[str, ...]) -> str | None:
    """The module of the project, none of the legacy ones, of a dotted name."""
    index = project.index
    if not all(parts):
        return None
    for directory in index.roots(""):
        module = index.at(directory, parts)
        if module is not None:
            return None if module in index.legacy else module
    return None

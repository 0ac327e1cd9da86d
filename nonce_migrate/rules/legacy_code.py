"""What the code of a legacy class itself says."""

from __future__ import annotations

import ast

from nonce_migrate.resolve.held import Instance
from nonce_migrate.resolve.project import ParsedModule, Project


def defined_members(project: Project, held: Instance) -> frozenset[str]:
    """What the legacy class itself defines, empty where its code is not at hand."""
    system = project.systems[held.system]
    for home in (h for h, s in project.index.legacy.items() if s is system):
        file = project.index.source_file(home)
        parsed = project.parsed(file) if file else None
        names = class_members(parsed, held.owner) if parsed else frozenset()
        if names:
            return names
    return frozenset()


def class_members(module: ParsedModule, name: str) -> frozenset[str]:
    """What a class of a module defines: its body's names and what its methods set on self."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ClassDef) and node.name == name:
            scope = next(s for s in module.names.scopes if s.node is node)
            stored = {
                child.attr
                for child in ast.walk(node)
                if isinstance(child, ast.Attribute) and isinstance(child.ctx, ast.Store)
            }
            inherits = [base for base in node.bases if ast.unparse(base) not in ("object", "ABC")]
            return frozenset() if inherits else frozenset(scope.bindings) | stored
    return frozenset()

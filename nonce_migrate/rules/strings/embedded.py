"""Strings that hold code which imports a legacy system."""

from __future__ import annotations

import ast
import re

from nonce_migrate.resolve.project import ModuleTarget, Project
from nonce_migrate.rules.facts import Block, TextReference, TextRole


class EmbeddedCode:
    """Looks for import statements of legacy modules inside strings."""

    def __init__(self, project: Project) -> None:
        self.project = project
        stems = "|".join(sorted(map(re.escape, project.index.stems)))
        self.pattern = re.compile(
            rf"(?:^|;)[ \t]*(?:from[ \t]+[\w.]*\b({stems})[ \t]+import\b"
            rf"|import[ \t]+[\w.]*\b({stems})\b"
            rf"|from[ \t]+[\w.]+[ \t]+import[ \t]*(?:\([^)]*|[^\n(]*)\b({stems})\b)",
            re.M,
        )

    def find(self, node: ast.Constant) -> TextReference | None:
        """The reference that a string is, by the first import in it."""
        match = self.pattern.search(str(node.value))
        if match is None:
            return None
        stem = next(group for group in match.groups() if group)
        legacy = self.project.index.legacy
        home = next(p for p in legacy if p.endswith(f"/{stem}.py") or p == f"{stem}.py")
        block = Block(
            node.lineno,
            "the string holds code that imports a legacy system: run or written out, "
            "it would undo the migration",
            f"change the code in the string to {self.project.profile.target}, "
            "or delete what uses it",
        )
        return TextReference(node, TextRole.CODE, ModuleTarget(home), block=block)

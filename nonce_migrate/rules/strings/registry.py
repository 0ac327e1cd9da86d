"""Fakes in sys.modules: who imports a legacy module gets them, who imports the target does not."""

from __future__ import annotations

import ast

from nonce_migrate.resolve.callee import qualified
from nonce_migrate.resolve.lookups import is_registry
from nonce_migrate.resolve.project import ModuleTarget, Project
from nonce_migrate.rules.facts import Block, FileFacts
from nonce_migrate.rules.strings.places import fills_registry

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_STEP = (
    "patch the names that are needed by their path in the modules that use them, in place of the "
    "whole module"
)


class Fakes:
    """The legacy modules that one file replaces in sys.modules."""

    def __init__(self, project: Project, facts: FileFacts) -> None:
        self.project = project
        self.facts = facts
        self.names = facts.module.names
        self.is_opaque = self._may_fill() and (
            any(self._fills_unseen(call) for call, _ in self.names.calls) or self._stores_unseen()
        )

    def _may_fill(self) -> bool:
        """Whether the file speaks of sys.modules at all, as a name or in a text."""
        is_in_text = any(text.value == "sys.modules" for text, _ in self.names.strings)
        return is_in_text or "modules" in self.facts.module.spelt

    def _fills_unseen(self, call: ast.Call) -> bool:
        """Whether a call puts entries into sys.modules whose names do not stand there."""
        if not fills_registry(self.facts.module, call):
            return False
        words = qualified(self.names, call.func).rpartition(".")[2]
        given = call.args if words == "update" else call.args[1:2]
        keys = [key for d in given if isinstance(d, ast.Dict) for key in d.keys]
        if words == "setitem":
            keys = list(given)
        elif any(not isinstance(d, ast.Dict) for d in given):
            return True
        return any(not isinstance(key, ast.Constant) for key in keys)

    def _stores_unseen(self) -> bool:
        """`sys.modules[name] = fake`."""
        return any(
            isinstance(node, ast.Subscript)
            and isinstance(node.ctx, ast.Store)
            and not isinstance(node.slice, ast.Constant)
            and is_registry(self.facts.module, node.value)
            for node in self.names.scope_of
        )

    def is_fake(self, node: ast.Constant) -> bool:
        """Whether a string may be the name under which something is put into sys.modules."""
        return self.is_opaque

    def add(self, node: ast.Constant, module: str) -> None:
        """Keeps the imports of a legacy module that can get the fake."""
        if not self._is_alone(node):
            self.facts.held[ModuleTarget(module)] = self.block(node)

    def block(self, node: ast.Constant) -> Block:
        """Why the name of a fake is not rewritten."""
        return Block(
            node.lineno,
            f"{self.facts.module.path}:{node.lineno}: something is put in the place of the whole "
            "module: code that takes its names from the new one would not get it",
            _STEP,
        )

    def _is_alone(self, node: ast.Constant) -> bool:
        """Whether no code of the project can run while the fake is in its place.

        That is so in a function which puts it there for its own time, and calls nothing but what
        comes from outside the project, or from the fake.
        """
        ancestors = list(self.names.ancestors(node))
        function = next((a for a in ancestors if isinstance(a, _FUNCTIONS)), None)
        is_passing = any(
            isinstance(a, ast.Call)
            and fills_registry(self.facts.module, a)
            and qualified(self.names, a.func) != "sys.modules.update"
            for a in ancestors
        )
        if function is None or not is_passing:
            return False
        for child in ast.walk(function):
            if isinstance(child, ast.Import | ast.ImportFrom):
                return False
            if isinstance(child, ast.Call) and not self._is_foreign(child.func):
                return False
        return True

    def _is_foreign(self, function: ast.expr) -> bool:
        """Whether a callee is not of the project, as far as its name tells."""
        word = qualified(self.names, function)
        if word:
            root = word.partition(".")[0]
            is_own = self.project.locate_dotted(self.facts.module, root) is not None
            loads = word.rpartition(".")[2] in ("import_module", "__import__", "importorskip")
            return not is_own and not loads
        node: ast.AST = function
        while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
            node = node.func if isinstance(node, ast.Call) else node.value
            if isinstance(node, ast.expr) and is_registry(self.facts.module, node):
                return True
        return False

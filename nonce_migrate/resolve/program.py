"""Everything that is inferred of a project at once: one inference a file, and what they share."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from nonce_migrate.resolve.by_word import ByWord
from nonce_migrate.resolve.callers import CallerIndex
from nonce_migrate.resolve.classes import Classes
from nonce_migrate.resolve.fixpoint import Answers
from nonce_migrate.resolve.hints import Hints, collect_hints
from nonce_migrate.resolve.inference import Inference
from nonce_migrate.resolve.legacy_trail import LegacyTrail
from nonce_migrate.resolve.module_trail import ModuleTrail
from nonce_migrate.resolve.project import ParsedModule, Project
from nonce_migrate.resolve.referents import Definition, Names
from nonce_migrate.resolve.scopes import Scope
from nonce_migrate.resolve.starts import legacy_start, module_start
from nonce_migrate.resolve.stores import Stores

if TYPE_CHECKING:
    from nonce_migrate.resolve.variables import Variable


class Facts:
    """What the texts of the files say by themselves, whatever is inferred from it.

    words: the names whose every mention in the project is in one of the modules.
    """

    def __init__(
        self, project: Project, modules: Iterable[ParsedModule], words: frozenset[str]
    ) -> None:
        self.project = project
        self.words = words
        self.modules: Mapping[str, ParsedModule] = {m.path: m for m in modules}
        self.names = Names(project, self.modules)
        self.by_word = ByWord(self.modules)
        self.classes = Classes(self.names)
        self.stores = Stores(self.modules)

    @cached_property
    def legacy_trail(self) -> LegacyTrail:
        """Where objects of legacy classes, of the new one, and what leads to them may go."""
        return LegacyTrail(self, legacy_start(self.project))

    @cached_property
    def module_trail(self) -> ModuleTrail:
        """Where modules of the project may go."""
        start = module_start(self.project, self.modules.values())
        return ModuleTrail(self, start, self.legacy_trail.words)

    @cached_property
    def other_names(self) -> Sequence[tuple[str, str]]:
        """A name and another: of `import name as other`, and of a class that inherits from it."""
        found: list[tuple[str, str]] = []
        for module in self.modules.values():
            for node, _ in module.names.imports:
                found += ((a.name, a.asname) for a in node.names if a.asname)
            for scope in module.names.scopes:
                if isinstance(scope.node, ast.ClassDef):
                    bases = (ast.unparse(b).rpartition(".")[2] for b in scope.node.bases)
                    found += ((base, scope.node.name) for base in bases)
        return found

    @cached_property
    def _scopes(self) -> Mapping[ast.AST, Scope]:
        return {s.node: s for m in self.modules.values() for s in m.names.scopes}

    def scope(self, definition: Definition) -> Scope:
        """The scope that a function or class opens."""
        return self._scopes[definition.node]

    def scope_at(self, node: ast.AST) -> Scope:
        """The scope that a statement or expression opens."""
        return self._scopes[node]


class Program:
    """One round of inference. hints, callers: from the round before, None in the first one."""

    def __init__(self, facts: Facts, before: Program | None = None) -> None:
        self.facts = facts
        self.project, self.words = facts.project, facts.words
        self.modules, self.names = facts.modules, facts.names
        self.classes, self.stores = facts.classes, facts.stores
        self.scope, self.by_word = facts.scope, facts.by_word
        self.legacy_trail, self.module_trail = facts.legacy_trail, facts.module_trail
        self.answers = Answers()
        self.containers: dict[tuple[object, ...], Variable | None] = {}
        self.hints: Hints | None = None
        self.callers: CallerIndex | None = None
        self.inferences: dict[str, Inference] = {}
        for module in facts.modules.values():
            self.inferences[module.path] = Inference(self, module)
        if before is not None:
            self.hints = collect_hints(before.inferences.values())
            self.callers = CallerIndex(facts, before.inferences)

    def next_round(self) -> Program:
        """The same, where what this one knows of receivers tells who calls which function."""
        return Program(self.facts, self)


def infer(project: Project, modules: Iterable[ParsedModule], words: frozenset[str]) -> Program:
    """Infers what the expressions of the modules hold, in a first round.

    words: names whose every mention in the project is in one of the modules.
    """
    return Program(Facts(project, modules, words))

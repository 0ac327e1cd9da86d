"""Everything that is inferred of a project at once: one inference a file, and what they share."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from nonce_migrate.resolve.callers import CallerIndex
from nonce_migrate.resolve.classes import Classes
from nonce_migrate.resolve.fixpoint import Answers
from nonce_migrate.resolve.hints import Hints, collect_hints
from nonce_migrate.resolve.inference import Inference
from nonce_migrate.resolve.project import ParsedModule, Project
from nonce_migrate.resolve.referents import Definition, Names
from nonce_migrate.resolve.scopes import Scope
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
        self.classes = Classes(self.names)
        self.stores = Stores(self.modules)

    @cached_property
    def _scopes(self) -> Mapping[ast.AST, Scope]:
        return {s.node: s for m in self.modules.values() for s in m.names.scopes}

    def scope(self, definition: Definition) -> Scope:
        """The scope that a function or class opens."""
        return self._scopes[definition.node]

    @cached_property
    def _loads(self) -> Mapping[tuple[str, str], list[ast.Name]]:
        table: dict[tuple[str, str], list[ast.Name]] = {}
        for module in self.modules.values():
            for node, _ in module.names.loads:
                table.setdefault((module.path, node.id), []).append(node)
        return table

    @cached_property
    def _attributes(self) -> Mapping[tuple[str, str], list[ast.Attribute]]:
        table: dict[tuple[str, str], list[ast.Attribute]] = {}
        for module in self.modules.values():
            for node, _ in module.names.attributes:
                table.setdefault((module.path, node.attr), []).append(node)
        return table

    @cached_property
    def _aliases(self) -> Mapping[tuple[str, str], list[ast.alias]]:
        table: dict[tuple[str, str], list[ast.alias]] = {}
        for module in self.modules.values():
            for node, _ in module.names.imports:
                for alias in node.names if isinstance(node, ast.ImportFrom) else ():
                    table.setdefault((module.path, alias.name), []).append(alias)
        return table

    def loads_named(self, module: ParsedModule, name: str) -> list[ast.Name]:
        """The loads of a name in a file, whatever it means there."""
        return self._loads.get((module.path, name), [])

    def attributes_named(self, module: ParsedModule, name: str) -> list[ast.Attribute]:
        """Every `x.name` in a file."""
        return self._attributes.get((module.path, name), [])

    def aliases_named(self, module: ParsedModule, name: str) -> list[ast.alias]:
        """The `from m import name` of a file."""
        return self._aliases.get((module.path, name), [])


class Program:
    """One round of inference. hints, callers: from the round before, None in the first one."""

    def __init__(self, facts: Facts, before: Program | None = None) -> None:
        self.facts = facts
        self.project, self.words = facts.project, facts.words
        self.modules, self.names = facts.modules, facts.names
        self.classes, self.stores = facts.classes, facts.stores
        self.scope, self.loads_named = facts.scope, facts.loads_named
        self.attributes_named, self.aliases_named = facts.attributes_named, facts.aliases_named
        self.answers = Answers()
        self.containers: dict[tuple[object, ...], Variable | None] = {}
        self.hints: Hints | None = None
        self.callers: CallerIndex | None = None
        self.inferences: dict[str, Inference] = {}
        for module in facts.modules.values():
            self.inferences[module.path] = Inference(self, module)
        if before is not None:
            self.hints = collect_hints(before.inferences.values())
            self.callers = CallerIndex(facts.names, facts.classes, before.inferences, facts.words)

    def next_round(self) -> Program:
        """The same, where what this one knows of receivers tells who calls which function."""
        return Program(self.facts, self)


def infer(project: Project, modules: Iterable[ParsedModule], words: frozenset[str]) -> Program:
    """Infers what the expressions of the modules hold, in a first round.

    words: names whose every mention in the project is in one of the modules.
    """
    return Program(Facts(project, modules, words))

"""Everything that is inferred of a project at once: one inference a file, and what they share."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from nonce_migrate.resolve.callers import CallerIndex
from nonce_migrate.resolve.classes import Classes
from nonce_migrate.resolve.fixpoint import Answers
from nonce_migrate.resolve.hints import Hints, collect_hints
from nonce_migrate.resolve.inference import Inference
from nonce_migrate.resolve.project import ParsedModule, Project
from nonce_migrate.resolve.referents import Definition, Names
from nonce_migrate.resolve.scopes import Binding, NameTable, Scope
from nonce_migrate.resolve.starts import legacy_start, module_start
from nonce_migrate.resolve.stores import Stores
from nonce_migrate.resolve.trails import Trail, naming_texts, words_of

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
    def legacy_trail(self) -> Trail:
        """Where objects of legacy classes, of the new one, and what leads to them may go."""
        return Trail(self, legacy_start(self.project))

    @cached_property
    def module_trail(self) -> Trail:
        """Where modules of the project may go."""
        return Trail(self, module_start(self.project, self.modules.values()))

    @cached_property
    def _scopes(self) -> Mapping[ast.AST, Scope]:
        return {s.node: s for m in self.modules.values() for s in m.names.scopes}

    def scope(self, definition: Definition) -> Scope:
        """The scope that a function or class opens."""
        return self._scopes[definition.node]

    def scope_at(self, node: ast.AST) -> Scope:
        """The scope that a statement or expression opens."""
        return self._scopes[node]

    @cached_property
    def _texts(self) -> Mapping[str, list[tuple[ParsedModule, ast.Constant]]]:
        table: dict[str, list[tuple[ParsedModule, ast.Constant]]] = {}
        for module in self.modules.values():
            for text in naming_texts(module.names):
                for word in words_of(str(text.value)):
                    table.setdefault(word, []).append((module, text))
        return table

    def texts_with(self, word: str) -> list[tuple[ParsedModule, ast.Constant]]:
        """The quoted annotations, and names that are looked up by a text, with a word in them."""
        return self._texts.get(word, [])

    @cached_property
    def _text_ends(self) -> Mapping[str, list[tuple[ParsedModule, ast.Constant]]]:
        table: dict[str, list[tuple[ParsedModule, ast.Constant]]] = {}
        for module in self.modules.values():
            for text, _ in module.names.strings:
                word = str(text.value).rpartition(".")[2].rpartition(":")[2]
                if word.isidentifier():
                    table.setdefault(word, []).append((module, text))
        return table

    def texts_ending(self, word: str) -> list[tuple[ParsedModule, ast.Constant]]:
        """The texts that are a word, or end with it after a dot or colon."""
        return self._text_ends.get(word, [])

    @cached_property
    def _loads(self) -> Mapping[str, Mapping[str, list[ast.Name]]]:
        return {p: _by_word((n.id, n) for n, _ in m.names.loads) for p, m in self.modules.items()}

    @cached_property
    def _attributes(self) -> Mapping[str, Mapping[str, list[ast.Attribute]]]:
        return {
            p: _by_word((n.attr, n) for n, _ in m.names.attributes) for p, m in self.modules.items()
        }

    @cached_property
    def _aliases(self) -> Mapping[str, Mapping[str, list[Binding]]]:
        return {p: _by_word(_taken(m.names)) for p, m in self.modules.items()}

    def loads_named(self, module: ParsedModule, name: str) -> list[ast.Name]:
        """The loads of a name in a file, whatever it means there."""
        return self._loads[module.path].get(name, [])

    def attributes_named(self, module: ParsedModule, name: str) -> list[ast.Attribute]:
        """Every `x.name` in a file."""
        return self._attributes[module.path].get(name, [])

    def aliases_bound(self, module: ParsedModule, name: str) -> list[Binding]:
        """What each `from m import name` of a file binds."""
        return self._aliases[module.path].get(name, [])


Item = TypeVar("Item")


def _by_word(pairs: Iterable[tuple[str, Item]]) -> dict[str, list[Item]]:
    table: dict[str, list[Item]] = {}
    for word, item in pairs:
        table.setdefault(word, []).append(item)
    return table


def _taken(names: NameTable) -> Iterator[tuple[str, Binding]]:
    for binding in names.imported:
        if isinstance(binding.node, ast.ImportFrom) and binding.alias is not None:
            yield binding.alias.name, binding


class Program:
    """One round of inference. hints, callers: from the round before, None in the first one."""

    def __init__(self, facts: Facts, before: Program | None = None) -> None:
        self.facts = facts
        self.project, self.words = facts.project, facts.words
        self.modules, self.names = facts.modules, facts.names
        self.classes, self.stores = facts.classes, facts.stores
        self.scope, self.loads_named = facts.scope, facts.loads_named
        self.attributes_named, self.aliases_bound = facts.attributes_named, facts.aliases_bound
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

"""Widens the words that files are searched for until none is left that could matter."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence, Set
from typing import Any, Generic, TypeVar

from nonce_migrate.discover import Query, Sweep, Swept
from nonce_migrate.engine.handing import Handing, star_names
from nonce_migrate.model import Unreadable
from nonce_migrate.resolve.project import Importer, Project

Module = TypeVar("Module", bound=Importer)


class Follower(ABC, Generic[Module]):
    """Finds the modules that refer to something legacy by the names under which others hand it on.

    modules: those found so far, by their path. words, stars: what has been searched for.
    """

    project: Project

    def __init__(self, sweep: Sweep[Any], words: Set[str]) -> None:
        self.sweep = sweep
        self.words = set(words)
        self.stars: set[str] = set()
        self.modules: dict[str, Module] = {}
        self.unreadable: list[Unreadable] = []

    @abstractmethod
    def take(self, found: Swept[Any]) -> list[Module]:
        """Adds what a search has found to the modules; gives those that are new."""

    @abstractmethod
    def handed_on(self, module: Module) -> Handing:
        """What a module hands on."""

    def taking(self, words: Set[str], known: Sequence[Module]) -> list[Module]:
        """The modules that have to be looked at again, now that those words count."""
        return []

    def widen(self, words: Set[str]) -> None:
        """Takes more words among those that may stand for something legacy."""
        self.words |= words

    def follow_imports(self, fresh: Sequence[Module]) -> None:
        """Adds what may hold a name that modules which are new hand on."""
        while fresh:
            words: set[str] = set()
            stars: set[str] = set()
            for module in fresh:
                handed = self.handed_on(module)
                words |= handed.words
                if handed.is_source:
                    stars.update(star_names(module.path))
            query = Query(frozenset(words - self.words), frozenset(stars - self.stars))
            if not query.words and not query.stars:
                return
            self.widen(words)
            self.stars |= stars
            known = tuple(self.modules.values())
            fresh = self.take(self.sweep.find(query))
            self.project.forget_misses()
            fresh = [*fresh, *self.importing(fresh, known), *self.taking(query.words, known)]

    def importing(self, fresh: Sequence[Module], known: Sequence[Module]) -> list[Module]:
        """The modules that import from one that was not known when they were looked at."""
        new = {module.path for module in fresh}
        return [module for module in known if new and any(self._sources(module, new))]

    def _sources(self, module: Module, among: Set[str]) -> Iterator[str]:
        """The files among those given that a module imports names from."""
        for node in module.imports:
            found = self.project.locate(module, node) if isinstance(node, ast.ImportFrom) else None
            file = self.project.index.source_file(found.module) if found else None
            if file is not None and file in among:
                yield file

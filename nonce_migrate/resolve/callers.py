"""Who calls a function of the project, and whether all of its callers are known.

They are where every place that mentions one of its names has been read, is a call, and is known to
reach this function or another one.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nonce_migrate.resolve.definitions import Function, decorators, gives_its_result, stays_itself
from nonce_migrate.resolve.held import Own
from nonce_migrate.resolve.mentions import MentionIndex, Mentions, Site
from nonce_migrate.resolve.project import ParsedModule
from nonce_migrate.resolve.scopes import ScopeKind

if TYPE_CHECKING:
    from nonce_migrate.resolve.inference import Inference
    from nonce_migrate.resolve.program import Facts


@dataclass(frozen=True, slots=True)
class Callers:
    """The calls of a function. gap: why there may be others, "" where there are none."""

    sites: tuple[Site, ...]
    gap: str = ""


class CallerIndex:
    """Answers for all functions of the files that are read.

    inferences: those of the round before, which tell what an attribute is taken from.
    """

    def __init__(self, facts: Facts, inferences: Mapping[str, Inference]) -> None:
        self.classes = facts.classes
        self.words = facts.words
        self._mentions = MentionIndex(facts, inferences)

    def of(self, module: ParsedModule, function: Function) -> Callers:
        """The callers of a function that stands in a module."""
        own = self._owner(module, function)
        is_special = function.name.startswith("__") and function.name.endswith("__")
        if function.name == "__init__" and own is not None:
            return self._of_constructor(own, function)
        mentions = self._mentions.of(function)
        names = mentions.names | {function.name}
        gap = self._gap(mentions, names, is_method=own is not None)
        if is_special:
            gap = f"Python itself calls `{function.name}`"
        elif not gives_its_result(function) or "fixture" in set(decorators(function)):
            gap = f"a decorator stands between `{function.name}` and its callers"
        elif own is not None and self.classes.inherits_unread(own):
            gap = gap or f"a base of `{own.name}` that is not read may call `{function.name}`"
        return Callers(mentions.sites, gap or self._never(mentions, function.name))

    def made(self, own: Own) -> tuple[Site, ...]:
        """The calls that make an object of exactly this class."""
        return self._mentions.of(self.classes.by_key[own].node).sites

    def _never(self, mentions: Mentions, name: str) -> str:
        return "" if mentions.sites else f"no call of `{name}` is in sight"

    def _of_constructor(self, own: Own, function: Function) -> Callers:
        mentions = self._mentions.of(function)
        sites, gap = list(mentions.sites), mentions.handed_on or self._mentions.unknown("__init__")
        for below in self.classes.with_subclasses(own):
            found = self.classes.find(below, "__init__")
            if found is None or found[1] is not function:
                continue
            node = self.classes.by_key[below].node
            assert isinstance(node, ast.ClassDef)
            made = self._mentions.of(node)
            sites += made.sites
            names = made.names | {node.name}
            gap = gap or self._gap(made, names, is_method=False) or self._mentions.any_class
            if not stays_itself(node):
                gap = gap or f"a decorator stands between `{node.name}` and its callers"
            if self.classes.find(below, "__new__") is not None:
                gap = gap or f"`{node.name}.__new__` decides what is made"
            if self.classes.has_metaclass(below):
                gap = gap or f"a metaclass decides how a `{node.name}` is made"
        if not gives_its_result(function):
            gap = gap or f"a decorator stands between `{own.name}.__init__` and its callers"
        return Callers(tuple(sites), gap or ("" if sites else f"nothing makes a `{own.name}` here"))

    def _gap(self, mentions: Mentions, names: Set[str], *, is_method: bool) -> str:
        """Why a definition may be reached otherwise than by the calls that were found."""
        if mentions.handed_on:
            return mentions.handed_on
        for name in sorted(names):
            if name not in self.words:
                return f"not every file that mentions `{name}` was read"
            reached = self._mentions.unknown(name) or self._mentions.in_text(name)
            if reached:
                return reached
        return ""

    def _owner(self, module: ParsedModule, function: Function) -> Own | None:
        scope = module.names.scope_of[function]
        node = scope.node
        if scope.kind is ScopeKind.CLASS and isinstance(node, ast.ClassDef):
            return self.classes.key(node)
        return None

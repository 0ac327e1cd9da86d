"""Who calls a function of the project, and whether all of its callers are known.

They are where every place that mentions one of its names has been read, is a call, and is known to
reach this function or another one.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nonce_migrate.resolve.classes import Classes
from nonce_migrate.resolve.definitions import Function, decorators, gives_its_result, stays_itself
from nonce_migrate.resolve.held import Own
from nonce_migrate.resolve.project import ParsedModule
from nonce_migrate.resolve.references import References
from nonce_migrate.resolve.referents import Definition, Names, Referents
from nonce_migrate.resolve.scopes import BindingKind, ScopeKind
from nonce_migrate.resolve.standing import call_of, is_only_mentioned

if TYPE_CHECKING:
    from nonce_migrate.resolve.inference import Inference

_PARTS = re.compile(r"[.:]")


@dataclass(frozen=True, slots=True)
class Site:
    """A call that runs a function. skip: how many parameters come before its arguments."""

    module: ParsedModule
    call: ast.Call
    skip: int
    is_thread: bool = False


@dataclass(frozen=True, slots=True)
class Callers:
    """The calls of a function. gap: why there may be others, "" where there are none."""

    sites: tuple[Site, ...]
    gap: str = ""


@dataclass(slots=True)
class _Mentions:
    """Where a definition is named: in calls, otherwise (the first time), under which names."""

    sites: list[Site] = field(default_factory=list)
    handed_on: str = ""
    names: set[str] = field(default_factory=set)


class CallerIndex:
    """Answers for all functions of the files that are read.

    words: the names whose every mention in the project is in those files.
    """

    def __init__(
        self,
        names: Names,
        classes: Classes,
        inferences: Mapping[str, Inference],
        words: frozenset[str],
    ) -> None:
        self.names = names
        self.classes = classes
        self.words = words
        self.references = References(names, classes, inferences)
        self._mentions: dict[ast.AST, _Mentions] = {}
        self._unknown: dict[str, str] = {}
        self._in_strings: dict[str, str] = {}
        self._any_class = ""
        for module in names.modules.values():
            self._read(module)

    def of(self, module: ParsedModule, function: Function) -> Callers:
        """The callers of a function that stands in a module."""
        own = self._owner(module, function)
        is_special = function.name.startswith("__") and function.name.endswith("__")
        if function.name == "__init__" and own is not None:
            return self._of_constructor(own, function)
        mentions = self._of(function)
        names = mentions.names | {function.name}
        gap = self._gap(mentions, names, is_method=own is not None)
        if is_special:
            gap = f"Python itself calls `{function.name}`"
        elif not gives_its_result(function) or "fixture" in set(decorators(function)):
            gap = f"a decorator stands between `{function.name}` and its callers"
        elif own is not None and self.classes.inherits_unread(own):
            gap = gap or f"a base of `{own.name}` that is not read may call `{function.name}`"
        return Callers(tuple(mentions.sites), gap or self._never(mentions, function.name))

    def made(self, own: Own) -> tuple[Site, ...]:
        """The calls that make an object of exactly this class."""
        return tuple(self._of(self.classes.by_key[own].node).sites)

    def _never(self, mentions: _Mentions, name: str) -> str:
        return "" if mentions.sites else f"no call of `{name}` is in sight"

    def _of_constructor(self, own: Own, function: Function) -> Callers:
        mentions = self._of(function)
        sites, gap = list(mentions.sites), mentions.handed_on or self._unknown.get("__init__", "")
        for below in self.classes.with_subclasses(own):
            found = self.classes.find(below, "__init__")
            if found is None or found[1] is not function:
                continue
            node = self.classes.by_key[below].node
            assert isinstance(node, ast.ClassDef)
            made = self._of(node)
            sites += made.sites
            names = made.names | {node.name}
            gap = gap or self._gap(made, names, is_method=False) or self._any_class
            if not stays_itself(node):
                gap = gap or f"a decorator stands between `{node.name}` and its callers"
            if self.classes.find(below, "__new__") is not None:
                gap = gap or f"`{node.name}.__new__` decides what is made"
            if self.classes.has_metaclass(below):
                gap = gap or f"a metaclass decides how a `{node.name}` is made"
        if not gives_its_result(function):
            gap = gap or f"a decorator stands between `{own.name}.__init__` and its callers"
        return Callers(tuple(sites), gap or ("" if sites else f"nothing makes a `{own.name}` here"))

    def _gap(self, mentions: _Mentions, names: set[str], *, is_method: bool) -> str:
        """Why a definition may be reached otherwise than by the calls that were found."""
        if mentions.handed_on:
            return mentions.handed_on
        for name in sorted(names):
            if name not in self.words:
                return f"not every file that mentions `{name}` was read"
            if name in self._unknown:
                return self._unknown[name]
            if name in self._in_strings:
                return self._in_strings[name]
        return ""

    def _of(self, node: ast.AST) -> _Mentions:
        return self._mentions.setdefault(node, _Mentions())

    def _owner(self, module: ParsedModule, function: Function) -> Own | None:
        scope = module.names.scope_of[function]
        node = scope.node
        if scope.kind is ScopeKind.CLASS and isinstance(node, ast.ClassDef):
            return self.classes.key(node)
        return None

    def _read(self, module: ParsedModule) -> None:
        names = module.names
        for name, _ in names.loads:
            self._mention(module, name, self.references.of_name(module, name), name.id)
        for node, _ in names.attributes:
            if isinstance(node.ctx, ast.Load):
                self._attribute(module, node)
            if node.attr == "__class__":
                self._computed(module, node)
        for call, _ in names.calls:
            self._computed(module, call)
        for scope in names.scopes:
            for bindings in scope.bindings.values():
                for binding in bindings:
                    if binding.kind is BindingKind.IMPORT:
                        for found in self.names.of_binding(module, binding).definitions:
                            self._of(found.node).names.add(binding.name)
        for text, _ in names.strings:
            self._string(module, text)

    def _attribute(self, module: ParsedModule, node: ast.Attribute) -> None:
        found = self.references.of_attribute(module, node)
        self._mention(module, node, found.referents, node.attr, found.skip)
        is_special = node.attr.startswith("__") and node.attr != "__init__"
        if not found.is_certain and not is_special:
            where = f"{module.path}:{node.lineno}"
            text = f"{where}: what `{ast.unparse(node)}` is cannot be told"
            self._unknown.setdefault(node.attr, text)

    def _mention(
        self,
        module: ParsedModule,
        node: ast.Name | ast.Attribute,
        found: Referents,
        name: str,
        skip: int = 0,
    ) -> None:
        for definition in found.definitions:
            mentions = self._of(definition.node)
            mentions.names.add(name)
            is_class = isinstance(definition.node, ast.ClassDef)
            call = call_of(node, module.names)
            if call is not None:
                mentions.sites.append(Site(module, call, 1 if is_class else skip))
                continue
            thread = self.references.thread(module, node)
            if thread is not None and not is_class:
                mentions.sites.append(Site(module, thread, skip, is_thread=True))
            elif not (is_class and self._is_harmless(module, node, definition)):
                where = f"{module.path}:{node.lineno}"
                mentions.handed_on = mentions.handed_on or f"{where}: `{name}` is handed on there"

    def _is_harmless(self, module: ParsedModule, node: ast.expr, definition: Definition) -> bool:
        """Whether a mention of a class makes no object of it."""
        assert isinstance(definition.node, ast.ClassDef)
        parent = module.names.parents.get(node)
        if isinstance(parent, ast.ClassDef) and node in parent.bases:
            return True
        if isinstance(parent, ast.Attribute):
            return self.references.is_member(self.classes.key(definition.node), parent.attr)
        return is_only_mentioned(node, module.names)

    def _computed(self, module: ParsedModule, node: ast.expr) -> None:
        """`type(x)` and `x.__class__`: some class that may be called."""
        call = call_of(node, module.names)
        if call is None and not self.references.is_kept(module, node):
            return
        made = self.references.of_type(module, node)
        if made is None:
            return
        where = f"{module.path}:{node.lineno}"
        for own in made:
            mentions = self._of(self.classes.by_key[own].node)
            if call is not None:
                mentions.sites.append(Site(module, call, 1))
            else:
                mentions.handed_on = mentions.handed_on or f"{where}: `{own.name}` is handed on"
        if not made:
            self._any_class = self._any_class or f"{where}: which class this is cannot be told"

    def _string(self, module: ParsedModule, text: ast.Constant) -> None:
        word = _PARTS.split(str(text.value))[-1]
        if word.isidentifier() and not self.references.is_idle_text(module, text):
            where = f"{module.path}:{text.lineno}"
            self._in_strings.setdefault(word, f"{where}: the text {word!r} may look it up")

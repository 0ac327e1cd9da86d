"""Where the functions and classes of a project are named, read word by word when asked for."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from nonce_migrate.resolve.definitions import Function
from nonce_migrate.resolve.project import ParsedModule
from nonce_migrate.resolve.references import References, is_classmethod
from nonce_migrate.resolve.referents import Definition, Referents
from nonce_migrate.resolve.scopes import ScopeKind
from nonce_migrate.resolve.standing import call_of, is_only_mentioned

if TYPE_CHECKING:
    from nonce_migrate.resolve.inference import Inference
    from nonce_migrate.resolve.program import Facts

Place = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Site:
    """A call that runs a function. skip: how many parameters come before its arguments."""

    module: ParsedModule
    call: ast.Call
    skip: int
    is_thread: bool = False


@dataclass(frozen=True, slots=True)
class Mentions:
    """Where a definition is named: in calls, otherwise (the first time), under which names."""

    sites: tuple[Site, ...]
    handed_on: str
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Mention:
    """place: the number of the file, whether it is a load, an attribute or `type(x)`, line and
    column. handed_on: what is told where it is neither called nor harmless."""

    place: Place
    name: str = ""
    site: Site | None = None
    handed_on: str = ""


class MentionIndex:
    """Answers for all definitions of the files that are read, in the order of files and text.

    inferences: what is known of the receivers of attributes.
    """

    def __init__(self, facts: Facts, inferences: Mapping[str, Inference]) -> None:
        self._facts = facts
        self._references = References(facts.names, facts.classes, inferences)
        self._number = facts.by_word.order
        self._found: dict[ast.AST, list[_Mention]] = {}
        self._settled: dict[ast.AST, Mentions] = {}
        self._read: set[str] = set()
        self._unknown: dict[str, str] = {}

    def of(self, node: Function | ast.ClassDef) -> Mentions:
        """Every mention of a definition."""
        if node not in self._settled:
            self._settled[node] = self._settle(node)
        return self._settled[node]

    def unknown(self, word: str) -> str:
        """The first `x.word` where what x is cannot be told, "" where there is none."""
        self._read_word(word)
        return self._unknown.get(word, "")

    def in_text(self, word: str) -> str:
        """The first text that may look a name up, "" where there is none."""
        for module, text in self._facts.by_word.texts_ending.of(word):
            if not self._references.is_idle_text(module, text):
                return f"{module.path}:{text.lineno}: the text {word!r} may look it up"
        return ""

    @cached_property
    def any_class(self) -> str:
        """The first place that may make an object of any class, "" where there is none."""
        return self._read_computed()

    def _settle(self, node: Function | ast.ClassDef) -> Mentions:
        taken = self._imported_as(node)
        for word in (node.name, *sorted(taken)):
            self._read_word(word)
        if isinstance(node, ast.ClassDef):
            for word in self._words_for_cls:
                self._read_word(word)
            _ = self.any_class
        found = sorted(self._found.get(node, ()), key=lambda mention: mention.place)
        return Mentions(
            tuple(mention.site for mention in found if mention.site is not None),
            next((mention.handed_on for mention in found if mention.handed_on), ""),
            frozenset({*taken, *(mention.name for mention in found if mention.name)}),
        )

    def _imported_as(self, node: Function | ast.ClassDef) -> set[str]:
        """The names that imports give a definition."""
        taken: set[str] = set()
        waiting, seen = [node.name], {node.name}
        while waiting:
            word = waiting.pop()
            for module, binding in self._facts.by_word.aliases.of(word):
                found = self._facts.names.of_binding(module, binding).definitions
                if any(definition.node is node for definition in found):
                    taken.add(binding.name)
                    if binding.name not in seen:
                        seen.add(binding.name)
                        waiting.append(binding.name)
        return taken

    @cached_property
    def _words_for_cls(self) -> tuple[str, ...]:
        """What the first parameters of classmethods are called."""
        words: set[str] = set()
        scopes = (s for module in self._facts.modules.values() for s in module.names.scopes)
        for scope in scopes:
            function, outer = scope.node, scope.parent
            if outer is None or outer.kind is not ScopeKind.CLASS:
                continue
            if isinstance(function, Function) and is_classmethod(function):
                first = [*function.args.posonlyargs, *function.args.args][:1]
                words.update(argument.arg for argument in first)
        return tuple(sorted(words))

    def _read_word(self, word: str) -> None:
        if word in self._read:
            return
        self._read.add(word)
        for module, name in self._facts.by_word.loads.of(word):
            place = (self._number[module], 0, name.lineno, name.col_offset)
            self._mention(module, name, self._references.of_name(module, name), place)
        for module, node in self._facts.by_word.attributes.of(word):
            if isinstance(node.ctx, ast.Load):
                place = (self._number[module], 1, node.lineno, node.col_offset)
                self._attribute(module, node, place)

    def _attribute(self, module: ParsedModule, node: ast.Attribute, place: Place) -> None:
        found = self._references.of_attribute(module, node)
        self._mention(module, node, found.referents, place, found.skip)
        is_special = node.attr.startswith("__") and node.attr != "__init__"
        if not found.is_certain and not is_special and node.attr not in self._unknown:
            where = f"{module.path}:{node.lineno}"
            self._unknown[node.attr] = f"{where}: what `{ast.unparse(node)}` is cannot be told"

    def _mention(
        self,
        module: ParsedModule,
        node: ast.Name | ast.Attribute,
        found: Referents,
        place: Place,
        skip: int = 0,
    ) -> None:
        name = node.attr if isinstance(node, ast.Attribute) else node.id
        for definition in found.definitions:
            mention = self._read_as(module, node, definition, name, place, skip)
            self._found.setdefault(definition.node, []).append(mention)

    def _read_as(
        self,
        module: ParsedModule,
        node: ast.Name | ast.Attribute,
        definition: Definition,
        name: str,
        place: Place,
        skip: int,
    ) -> _Mention:
        is_class = isinstance(definition.node, ast.ClassDef)
        call = call_of(node, module.names)
        if call is not None:
            return _Mention(place, name, Site(module, call, 1 if is_class else skip))
        thread = self._references.thread(module, node)
        if thread is not None and not is_class:
            return _Mention(place, name, Site(module, thread, skip, is_thread=True))
        if is_class and self._is_harmless(module, node, definition):
            return _Mention(place, name)
        where = f"{module.path}:{node.lineno}"
        return _Mention(place, name, None, f"{where}: `{name}` is handed on there")

    def _is_harmless(self, module: ParsedModule, node: ast.expr, definition: Definition) -> bool:
        """Whether a mention of a class makes no object of it."""
        assert isinstance(definition.node, ast.ClassDef)
        parent = module.names.parents.get(node)
        if isinstance(parent, ast.ClassDef) and node in parent.bases:
            return True
        if isinstance(parent, ast.Attribute):
            own = self._facts.classes.key(definition.node)
            return self._references.is_member(own, parent.attr)
        return is_only_mentioned(node, module.names)

    def _read_computed(self) -> str:
        """`type(x)` and `x.__class__`: some class that may be called; the first that may be any."""
        any_class = ""
        for module, node, place in sorted(self._computed(), key=lambda found: found[2]):
            any_class = any_class or self._made(module, node, place)
        return any_class

    def _computed(self) -> Iterator[tuple[ParsedModule, ast.expr, Place]]:
        for module, node in self._facts.by_word.attributes.of("__class__"):
            yield module, node, (self._number[module], 1, node.lineno, node.col_offset)
        for module, name in self._facts.by_word.loads.of("type"):
            call = call_of(name, module.names)
            if call is not None:
                yield module, call, (self._number[module], 2, call.lineno, call.col_offset)

    def _made(self, module: ParsedModule, node: ast.expr, place: Place) -> str:
        """Notes the classes that an expression can be; tells of it where that can be any."""
        call = call_of(node, module.names)
        if call is None and not self._references.is_kept(module, node):
            return ""
        made = self._references.of_type(module, node)
        if made is None:
            return ""
        where = f"{module.path}:{node.lineno}"
        for own in made:
            if call is not None:
                mention = _Mention(place, "", Site(module, call, 1))
            else:
                mention = _Mention(place, "", None, f"{where}: `{own.name}` is handed on")
            self._found.setdefault(self._facts.classes.by_key[own].node, []).append(mention)
        return "" if made else f"{where}: which class this is cannot be told"

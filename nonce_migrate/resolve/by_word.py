"""Where a word stands in the files that are read: as a name, an attribute, in a text."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Generic, TypeVar

from nonce_migrate.resolve.naming_texts import naming_texts, words_of
from nonce_migrate.resolve.project import ParsedModule
from nonce_migrate.resolve.scopes import Binding, BindingKind, Scope, ScopeKind

Item = TypeVar("Item")


class Table(Generic[Item]):
    """word -> the items that go by it, in the order of the files and of each file's own list.

    items: gives those of one file by their word.
    """

    def __init__(
        self,
        modules: Iterable[ParsedModule],
        items: Callable[[ParsedModule], Mapping[str, list[Item]]],
    ) -> None:
        self._within = {module: items(module) for module in modules}
        self._modules: defaultdict[str, list[ParsedModule]] = defaultdict(list)
        for module, found in self._within.items():
            for word in found:
                self._modules[word].append(module)

    def of(self, word: str) -> Iterator[tuple[ParsedModule, Item]]:
        """The items of all files."""
        for module in self._modules.get(word, ()):
            for item in self._within[module][word]:
                yield module, item

    def files(self, word: str) -> Iterator[tuple[ParsedModule, Sequence[Item]]]:
        """The files that have some, each with its own."""
        for module in self._modules.get(word, ()):
            yield module, self._within[module][word]

    def within(self, module: ParsedModule, word: str) -> Sequence[Item]:
        """The items of one file."""
        return self._within[module].get(word, ())


class ByWord:
    """The tables of a project, each made when it is asked for."""

    def __init__(self, modules: Mapping[str, ParsedModule]) -> None:
        self._modules = modules.values()
        self.order = {module: number for number, module in enumerate(modules.values())}

    def in_order(
        self, found: Iterable[tuple[ParsedModule, Item]]
    ) -> list[tuple[ParsedModule, Item]]:
        """What was found in several tables in the order of the files."""
        return sorted(found, key=lambda pair: self.order[pair[0]])

    @cached_property
    def loads(self) -> Table[ast.Name]:
        """The loads of a name, whatever it means there."""
        return Table(self._modules, _loads)

    @cached_property
    def attributes(self) -> Table[ast.Attribute]:
        """Every `x.name`."""
        return Table(self._modules, _attributes)

    @cached_property
    def aliases(self) -> Table[Binding]:
        """What each `from m import name` binds."""
        return Table(self._modules, lambda module: _by_word(_aliases(module)))

    @cached_property
    def class_scopes(self) -> Table[Scope]:
        """The bodies of classes that bind a name."""
        return Table(self._modules, lambda module: _by_word(_scopes(module, ScopeKind.CLASS)))

    @cached_property
    def parameters(self) -> Table[Scope]:
        """The functions and lambdas that have a parameter of a name."""
        return Table(self._modules, lambda module: _by_word(_parameters(module)))

    @cached_property
    def texts_with(self) -> Table[ast.Constant]:
        """The quoted annotations, and names that are looked up by a text, with a word in them."""
        return Table(self._modules, lambda module: _by_word(_naming(module)))

    @cached_property
    def texts_ending(self) -> Table[ast.Constant]:
        """The texts that are a word, or end with it after a dot or colon."""
        return Table(self._modules, lambda module: _by_word(_ending(module)))


def _by_word(items: Iterable[tuple[str, Item]]) -> Mapping[str, list[Item]]:
    found: defaultdict[str, list[Item]] = defaultdict(list)
    for word, item in items:
        found[word].append(item)
    return found


def _loads(module: ParsedModule) -> Mapping[str, list[ast.Name]]:
    found: defaultdict[str, list[ast.Name]] = defaultdict(list)
    for node, _ in module.names.loads:
        found[node.id].append(node)
    return found


def _attributes(module: ParsedModule) -> Mapping[str, list[ast.Attribute]]:
    found: defaultdict[str, list[ast.Attribute]] = defaultdict(list)
    for node, _ in module.names.attributes:
        found[node.attr].append(node)
    return found


def _aliases(module: ParsedModule) -> Iterator[tuple[str, Binding]]:
    for binding in module.names.imported:
        if isinstance(binding.node, ast.ImportFrom) and binding.alias is not None:
            yield binding.alias.name, binding


def _scopes(module: ParsedModule, kind: ScopeKind) -> Iterator[tuple[str, Scope]]:
    for scope in module.names.scopes:
        for name in scope.bindings if scope.kind is kind else ():
            yield name, scope


def _parameters(module: ParsedModule) -> Iterator[tuple[str, Scope]]:
    for name, scope in _scopes(module, ScopeKind.FUNCTION):
        if any(binding.kind is BindingKind.PARAMETER for binding in scope.bindings[name]):
            yield name, scope


def _naming(module: ParsedModule) -> Iterator[tuple[str, ast.Constant]]:
    for text in naming_texts(module):
        for word in words_of(str(text.value)):
            yield word, text


def _ending(module: ParsedModule) -> Iterator[tuple[str, ast.Constant]]:
    for text, _ in module.names.strings:
        word = str(text.value).rpartition(".")[2].rpartition(":")[2]
        if word.isidentifier():
            yield word, text

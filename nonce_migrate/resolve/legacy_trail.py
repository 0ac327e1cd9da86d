"""Where legacy objects, the new one, and objects that lead to one may go."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from nonce_migrate.resolve.held import Own
from nonce_migrate.resolve.project import ParsedModule
from nonce_migrate.resolve.scopes import Scope, ScopeKind
from nonce_migrate.resolve.trails import FUNCTIONS, SAME, VIEWS, Start, Trail, last_name

if TYPE_CHECKING:
    from nonce_migrate.resolve.program import Facts

_ENTERED = frozenset(("__enter__", "__aenter__"))
_ENDS = (ast.Compare, ast.Lambda, ast.FormattedValue, ast.JoinedStr)


class LegacyTrail(Trail):
    """A name, an attribute or a function that may be one is so by its name alone, on any object.

    So are all objects of a class that keeps one: they lead to it. What is in a container is
    followed as the container itself is. calls: those that are given one.
    """

    def __init__(self, facts: Facts, start: Start) -> None:
        self.calls: set[ast.Call] = set()
        self._classes: set[Own] = set()
        super().__init__(facts, start)

    def _follow_name(self, module: ParsedModule, scope: Scope, name: str) -> None:
        self._climb_loads(module, scope, name)
        for text in self._by_word.texts_with.within(module, name):
            self._text(module, text)
        if scope.kind in (ScopeKind.CLASS, ScopeKind.MODULE):
            self._word(name)

    def _word(self, word: str, owner: Own | None = None) -> None:
        if word not in self.words:
            self.words.add(word)
            self._waiting.append(partial(self._follow_word, word))

    def _follow_word(self, word: str) -> None:
        for module, attribute in self._by_word.attributes.of(word):
            self._climb(module, attribute)
        self._take(word)
        for module, text in self._by_word.texts_with.of(word):
            self._text(module, text)
        for module, scope in self._by_word.parameters.of(word):
            self._name(module, scope, word)  # A fixture, or one that is kept by that name.
        for own in self._receivers.classes_with(word):
            self._class(own)

    def _text(self, module: ParsedModule, text: ast.Constant) -> None:
        """A text that stands for a name: in a quoted annotation, in `getattr(x, "name")`."""
        call = module.names.parents.get(text)
        is_lookup = isinstance(call, ast.Call) and last_name(call.func) == "getattr"
        self._climb(module, call if is_lookup else text)

    def _class(self, own: Own) -> None:
        """An object of a class may lead to it."""
        for other in self._facts.classes.family(own):
            if other in self._classes:
                continue
            self._classes.add(other)
            definition = self._facts.classes.by_key[other]
            module, node = definition.module, definition.node
            self._name(module, module.names.scope_of[node], node.name)
            for statement in node.body:
                for function in _functions_in(statement):
                    first = [*function.args.posonlyargs, *function.args.args][:1]
                    for argument in first:
                        self._name(module, self._facts.scope_at(function), argument.arg)

    def _put(self, module: ParsedModule, target: ast.expr) -> None:
        self._target(module, target)

    def _result(self, module: ParsedModule, node: ast.AST) -> None:
        for around in module.names.ancestors(node):
            if isinstance(around, FUNCTIONS):
                scope = module.names.scope_of[around]
                self._name(module, scope, around.name)
                self._word(around.name)  # Its name alone is a hint, also where it is local.
                if around.name in _ENTERED and isinstance(scope.node, ast.ClassDef):
                    self._class(self._facts.classes.key(scope.node))
                return

    def _annotates(self, module: ParsedModule, parent: ast.AST) -> None:
        if isinstance(parent, ast.AnnAssign):
            self._target(module, parent.target)
        elif isinstance(parent, ast.arg):
            function = module.names.parents[parent]
            self._name(module, self._facts.scope_at(function), parent.arg)

    def _of_attribute(self, module: ParsedModule, parent: ast.Attribute) -> bool:
        return parent.attr in self._members or parent.attr in VIEWS

    def _of_part(self, module: ParsedModule, child: ast.AST, parent: ast.AST) -> bool:
        return not isinstance(parent, _ENDS)

    def _of_callee(self) -> bool:
        return True

    def _given(self, module: ParsedModule, child: ast.AST, call: ast.Call) -> bool:
        self.calls.add(call)
        return super()._given(module, child, call) or last_name(call.func) in SAME

    def _takes(self, scope: Scope, parameter: str) -> bool:
        return True


def _functions_in(node: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """The methods of a statement in the body of a class, also within `if` and `try`."""
    if isinstance(node, FUNCTIONS):
        yield node
    elif not isinstance(node, ast.ClassDef | ast.expr):
        for child in ast.iter_child_nodes(node):
            yield from _functions_in(child)

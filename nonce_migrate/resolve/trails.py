"""Where something can go, by names and syntax alone: a cheap bound of what inference can find.

It starts from names and follows each mention to all that it may be kept in: names that it is
assigned to, attributes of its text on any object, parameters of whatever is so called, functions
that return it. What it does not reach cannot hold what it started from, so that nothing has to be
inferred of it; what it reaches may. Every way that `Inference.value` goes must be one of its own.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nonce_migrate.resolve.attributes import class_of_first
from nonce_migrate.resolve.definitions import all_parameters
from nonce_migrate.resolve.held import Own
from nonce_migrate.resolve.project import ParsedModule
from nonce_migrate.resolve.receivers import Receivers
from nonce_migrate.resolve.scopes import Scope, ScopeKind
from nonce_migrate.resolve.standing import call_of
from nonce_migrate.resolve.stores import SETTING
from nonce_migrate.resolve.variables import PUTS, SAME_ITEMS, TAKES

if TYPE_CHECKING:
    from nonce_migrate.resolve.program import Facts

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_ENTERED = frozenset(("__enter__", "__aenter__"))
# Builtins whose result can be, or hold, what they are given; the same of methods.
_PASSING = SAME_ITEMS | {"enumerate", "zip", "cast", "getattr", "next"}
_VIEWS = TAKES | {"values", "copy", "items"}
_ENDS = (ast.Compare, ast.Lambda, ast.FormattedValue, ast.JoinedStr)
# What an annotation may be made of, and what gives no module.
_OF_ANNOTATIONS = (ast.BinOp, ast.UnaryOp)


@dataclass(frozen=True, slots=True)
class Start:
    """What a trail starts from, and the attributes through which it goes on.

    words: names that mean it wherever they stand. found: expressions that may be it. members:
    attributes that give it of an object which is it. to_objects: whether it matters, too, which
    objects lead to it.
    """

    words: Iterable[str]
    found: Iterable[tuple[ParsedModule, ast.expr]] = ()
    bound: Iterable[tuple[ParsedModule, Scope, str]] = ()
    members: Set[str] = frozenset()
    to_objects: bool = False


class Trail:
    """Everything that may hold what a trail starts from, in all files that are read.

    words: the names of modules, classes and objects that may.
    """

    def __init__(self, facts: Facts, start: Start) -> None:
        self._facts, self._by_word = facts, facts.by_word
        self._receivers = Receivers(facts)
        self._members = start.members | _VIEWS
        self._to_objects = start.to_objects
        self.words: set[str] = set()
        self._exported: set[str] = set()
        self._functions: set[str] = set()
        self._giving: set[tuple[Scope, str]] = set()
        self._nodes: set[ast.AST] = set()
        self._names: set[tuple[Scope, str]] = set()
        self._classes: set[Own] = set()
        self._waiting: list[Callable[[], None]] = []
        for word in start.words:
            self._word(word)
        for module, node in start.found:
            self._climb(module, node)
        for module, scope, name in start.bound:
            self._name(module, scope, name)
        while self._waiting:
            self._waiting.pop()()

    def passes(self, node: ast.AST) -> bool:
        """Whether an expression may hold it."""
        return node in self._nodes

    def _name(self, module: ParsedModule, scope: Scope, name: str) -> None:
        """A name of a scope may hold it."""
        if (scope, name) not in self._names:
            self._names.add((scope, name))
            self._waiting.append(lambda: self._follow_name(module, scope, name))

    def _follow_name(self, module: ParsedModule, scope: Scope, name: str) -> None:
        for load in self._by_word.loads.within(module, name):
            if module.names.scope_of[load].lookup(name) is scope:
                self._climb(module, load)
        for text in self._by_word.texts_with.within(module, name):
            self._text(module, text)
        if scope.kind is ScopeKind.CLASS or (scope.kind is ScopeKind.MODULE and self._to_objects):
            self._word(name)
        elif scope.kind is ScopeKind.MODULE:
            self._export(name)

    def _word(self, word: str) -> None:
        """A name of some module, class or object may hold it."""
        if word not in self.words:
            self.words.add(word)
            self._waiting.append(lambda: self._follow_word(word))

    def _export(self, word: str) -> None:
        """A name of some module may be a module, which is only taken from such a one."""
        if word not in self._exported:
            self._exported.add(word)
            self._waiting.append(lambda: self._follow_export(word))

    def _follow_export(self, word: str) -> None:
        for module, attribute in self._by_word.attributes.of(word):
            if attribute.value in self._nodes:
                self._climb(module, attribute)
        self._take(word)

    def _follow_word(self, word: str) -> None:
        for module, attribute in self._by_word.attributes.of(word):
            self._climb(module, attribute)
        self._take(word)
        if self._to_objects:
            for module, scope in self._by_word.parameters.of(word):
                self._name(module, scope, word)  # A fixture, or one that is kept by that name.
            for own in self._receivers.classes_with(word):
                self._class(own)

    def _take(self, word: str) -> None:
        """Files that take a name from where it is, by an import or a text."""
        for module, load in self._by_word.loads.of(word):
            if module.names.scope_of[load].lookup(word) is None:
                self._climb(module, load)  # A star may bring it.
        for module, binding in self._by_word.aliases.of(word):
            self._name(module, binding.scope, binding.name)
        for module, text in self._by_word.texts_with.of(word):
            self._text(module, text)

    def _text(self, module: ParsedModule, text: ast.Constant) -> None:
        """A text that stands for a name: in a quoted annotation, in `getattr(x, "name")`."""
        call = module.names.parents.get(text)
        if isinstance(call, ast.Call) and _last_name(call.func) == "getattr":
            self._climb(module, call)
        elif self._to_objects:
            self._climb(module, text)

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

    def _climb(self, module: ParsedModule, node: ast.AST | None) -> None:
        """Goes from an expression that may hold it to all that may get it from there."""
        parents = module.names.parents
        child = node
        while child is not None and child not in self._nodes:
            self._nodes.add(child)
            parent = parents.get(child)
            if parent is None or not self._goes_on(module, child, parent):
                return
            child = parent

    def _goes_on(self, module: ParsedModule, child: ast.AST, parent: ast.AST) -> bool:
        """Notes where a parent puts what a child of it may be; whether it may be it itself."""
        if isinstance(parent, ast.Attribute):
            if parent.attr in self._functions:
                self._climb(module, call_of(parent, module.names))
            return parent.attr in self._members or parent.attr in self._exported
        if isinstance(parent, ast.Call):
            return self._call(module, child, parent)
        if isinstance(parent, ast.stmt | ast.comprehension | ast.withitem | ast.arg):
            self._statement(module, child, parent)
            return False
        if not self._to_objects and _is_no_module(child, parent):
            return False
        if isinstance(parent, ast.NamedExpr):
            self._target(module, parent.target)
        elif isinstance(parent, ast.Yield):
            self._result(module, parent)
        elif isinstance(parent, ast.MatchClass):
            self._pattern(module, parent)
        return not isinstance(parent, _ENDS)

    def _statement(self, module: ParsedModule, child: ast.AST, parent: ast.AST) -> None:
        if isinstance(parent, ast.Assign):
            for target in parent.targets:
                self._target(module, target)
        elif isinstance(parent, ast.AnnAssign | ast.For | ast.AsyncFor | ast.comprehension):
            if self._to_objects or child is not getattr(parent, "annotation", None):
                self._target(module, parent.target)
        elif isinstance(parent, ast.withitem) and parent.optional_vars is not None:
            self._target(module, parent.optional_vars)
        elif isinstance(parent, ast.Return):
            self._result(module, parent)
        elif isinstance(parent, ast.arg) and self._to_objects:
            function = module.names.parents[parent]
            self._name(module, self._facts.scope_at(function), parent.arg)
        elif isinstance(parent, _FUNCTIONS) and child in _defaults(parent):
            for parameter in all_parameters(parent):
                self._name(module, self._facts.scope_at(parent), parameter.arg)
        elif isinstance(parent, ast.Match) and parent.subject is not child:
            self._target(module, parent.subject)

    def _target(self, module: ParsedModule, target: ast.expr) -> None:
        """Something that is given it, or an item of what may hold it."""
        if isinstance(target, ast.Name):
            scope = module.names.scope_of[target].lookup(target.id)
            if scope is not None:
                self._name(module, scope, target.id)
        elif isinstance(target, ast.Attribute):
            self._word(target.attr)
            if not self._is_own(module, target.value):
                self._set(target.attr)
        elif isinstance(target, ast.Subscript | ast.Starred):
            self._target(module, target.value)
        elif isinstance(target, ast.Tuple | ast.List):
            for part in target.elts:
                self._target(module, part)

    def _is_own(self, module: ParsedModule, owner: ast.expr) -> bool:
        """Whether it is the `self` of a method."""
        if not isinstance(owner, ast.Name):
            return False
        scope = module.names.scope_of[owner].lookup(owner.id)
        return class_of_first(scope, owner.id) is not None

    def _set(self, word: str) -> None:
        """An attribute is given it, of an object or of a module."""
        self._word(word)
        for module in self._facts.modules.values():
            if word in module.names.module.bindings:
                self._name(module, module.names.module, word)

    def _result(self, module: ParsedModule, node: ast.AST) -> None:
        """A function returns or yields it."""
        for around in module.names.ancestors(node):
            if isinstance(around, _FUNCTIONS):
                scope = module.names.scope_of[around]
                if not self._to_objects:
                    self._give(module, scope, around.name)
                    return
                self._name(module, scope, around.name)
                self._word(around.name)  # Its name alone is a hint, also where it is local.
                if around.name in _ENTERED and isinstance(scope.node, ast.ClassDef):
                    self._class(self._facts.classes.key(scope.node))
                return

    def _give(self, module: ParsedModule, scope: Scope, name: str) -> None:
        """A call of a function gives a module."""
        if (scope, name) not in self._giving:
            self._giving.add((scope, name))
            self._waiting.append(lambda: self._follow_giving(module, scope, name))

    def _follow_giving(self, module: ParsedModule, scope: Scope, name: str) -> None:
        for load in self._by_word.loads.within(module, name):
            if module.names.scope_of[load].lookup(name) is scope:
                self._climb(module, call_of(load, module.names))
        if scope.kind is ScopeKind.FUNCTION:
            return
        is_method = scope.kind is ScopeKind.CLASS
        self._functions |= set() if is_method else {name}
        for other, attribute in self._by_word.attributes.of(name):
            if is_method or attribute.value in self._nodes:
                # Without a call it may be a property.
                self._climb(other, call_of(attribute, other.names) or attribute)
        for other, load in self._by_word.loads.of(name):
            if other.names.scope_of[load].lookup(name) is None:
                self._climb(other, call_of(load, other.names))
        for other, binding in self._by_word.aliases.of(name):
            self._give(other, binding.scope, binding.name)
        if name in _ENTERED:
            self._enter_all()

    def _enter_all(self) -> None:
        """What any `with` gives may be a module."""
        for module in self._facts.modules.values():
            for scope in module.names.scopes:
                for bound in (b for found in scope.bindings.values() for b in found):
                    if bound.is_entered:
                        self._name(module, scope, bound.name)

    def _pattern(self, module: ParsedModule, pattern: ast.MatchClass) -> None:
        """`case It() as name`: the name, and what is matched."""
        for around in module.names.ancestors(pattern):
            if isinstance(around, ast.MatchAs) and around.name is not None:
                scope = module.names.scope_of[around].lookup(around.name)
                if scope is not None:
                    self._name(module, scope, around.name)
            if isinstance(around, ast.Match):
                self._target(module, around.subject)
                return

    def _call(self, module: ParsedModule, child: ast.AST, call: ast.Call) -> bool:
        if child is call.func:
            return self._to_objects
        word = _last_name(call.func)
        if isinstance(call.func, ast.Attribute) and word in PUTS:
            self._target(module, call.func.value)
        if word in ("isinstance", "issubclass") and call.args:
            self._target(module, call.args[0])
        if word == "setattr" and len(call.args) == 3 and isinstance(call.args[1], ast.Constant):
            self._set(str(call.args[1].value))
        if isinstance(child, ast.keyword) and child.arg is not None and word in SETTING:
            self._word(child.arg)
        for name in self._receivers.fields(module, call, child):
            self._word(name)
        for home, function, parameter in self._receivers.parameters(module, call, child):
            self._name(home, self._facts.scope_at(function), parameter.arg)
        return word in _PASSING or (isinstance(call.func, ast.Attribute) and word in _VIEWS)


def _functions_in(node: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """The methods of a statement in the body of a class, also within `if` and `try`."""
    if isinstance(node, _FUNCTIONS):
        yield node
    elif not isinstance(node, ast.ClassDef | ast.expr):
        for child in ast.iter_child_nodes(node):
            yield from _functions_in(child)


def _is_no_module(child: ast.AST, parent: ast.AST) -> bool:
    """Whether an expression is no module for the reason that a part of it is one."""
    return isinstance(parent, _OF_ANNOTATIONS) or (
        isinstance(parent, ast.Subscript) and parent.slice is child
    )


def _defaults(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.expr | None]:
    return [*function.args.defaults, *function.args.kw_defaults]


def _last_name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")

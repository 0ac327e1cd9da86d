"""Where something can go, by names and syntax alone: a cheap bound of what inference can find.

It starts from names and follows each mention to all that it may be kept in: names that it is
assigned to, attributes of its text on any object, parameters of whatever is so called, functions
that return it. What it does not reach cannot hold what it started from, so that nothing has to be
inferred of it; what it reaches may. Every way that `Inference.value` goes must be one of its own.
"""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nonce_migrate.resolve.attributes import class_of_first
from nonce_migrate.resolve.definitions import all_parameters
from nonce_migrate.resolve.held import Own
from nonce_migrate.resolve.project import ParsedModule
from nonce_migrate.resolve.receivers import Receivers
from nonce_migrate.resolve.scopes import NameTable, Scope
from nonce_migrate.resolve.stores import SETTING
from nonce_migrate.resolve.variables import PUTS, SAME_ITEMS, TAKES

if TYPE_CHECKING:
    from nonce_migrate.resolve.program import Facts

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
# Functions whose result can be, or be of, what they are given.
PASSING = frozenset(("cast", "getattr"))
# Builtins whose result holds what is in what they are given; methods that give it.
SAME = SAME_ITEMS | {"enumerate", "zip", "next"}
VIEWS = TAKES | {"values", "copy", "items"}
_TARGETS = (ast.Name, ast.Attribute, ast.Subscript, ast.Starred, ast.Tuple, ast.List)


@dataclass(frozen=True, slots=True)
class Start:
    """What a trail starts from, and the attributes through which it goes on.

    words: names that mean it wherever they stand. found: expressions that may be it. bound: names
    of a scope that may. members: attributes that give it of an object which is it.
    """

    words: Iterable[str]
    found: Iterable[tuple[ParsedModule, ast.expr]] = ()
    bound: Iterable[tuple[ParsedModule, Scope, str]] = ()
    members: Set[str] = frozenset()


class Trail(ABC):
    """Everything that may hold what a trail starts from, in all files that are read.

    words: the names of modules, classes and objects that may. passes: whether an expression may.
    What is followed alike for objects and modules is here; what of it goes on beyond that, each
    kind of trail says.
    """

    def __init__(self, facts: Facts, start: Start) -> None:
        self._facts, self._by_word = facts, facts.by_word
        self._receivers = Receivers(facts)
        self._members = start.members
        self.words: set[str] = set()
        self._nodes: set[ast.AST] = set()
        self.passes: Callable[[ast.AST], bool] = self._nodes.__contains__
        self._names: set[tuple[Scope, str]] = set()
        self._waiting: list[Callable[[], None]] = []
        for word in start.words:
            self._word(word)
        for module, node in start.found:
            self._climb(module, node)
        for module, scope, name in start.bound:
            self._name(module, scope, name)
        while self._waiting:
            self._waiting.pop()()

    def expressions(self, names: NameTable) -> Iterator[ast.expr]:
        """The names and attributes that a file loads, and its calls, which may hold it."""
        passing = self._nodes
        yield from (name for name, _ in names.loads if name in passing)
        attributes = (node for node, _ in names.attributes if node in passing)
        yield from (node for node in attributes if isinstance(node.ctx, ast.Load))
        yield from (call for call, _ in names.calls if call in passing)

    def attributes(self, names: NameTable) -> list[ast.Attribute]:
        """The attributes of a file that are taken from, or put into, what may be it."""
        passing = self._nodes
        return [node for node, _ in names.attributes if node.value in passing]

    def _name(self, module: ParsedModule, scope: Scope, name: str) -> None:
        """A name of a scope may hold it."""
        if (scope, name) not in self._names:
            self._names.add((scope, name))
            self._waiting.append(lambda: self._follow_name(module, scope, name))

    def _climb_loads(self, module: ParsedModule, scope: Scope, name: str) -> None:
        for load in self._by_word.loads.within(module, name):
            if module.names.scope_of[load].lookup(name) is scope:
                self._climb(module, load)

    def _take(self, word: str) -> None:
        """Files that take a name from where it is, by an import or a text."""
        for module, loads in self._by_word.loads.files(word):
            is_bound = word in module.names.module.bindings
            for load in loads if not is_bound else ():
                if module.names.scope_of[load].lookup(word) is None:
                    self._climb(module, load)  # A star may bring it.
        for module, binding in self._by_word.aliases.of(word):
            self._name(module, binding.scope, binding.name)

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
            return self._of_attribute(module, parent)
        if isinstance(parent, ast.Call):
            return self._of_callee() if child is parent.func else self._given(module, child, parent)
        if isinstance(parent, ast.stmt | ast.comprehension | ast.withitem | ast.arg):
            self._statement(module, child, parent)
            return False
        if isinstance(parent, ast.NamedExpr):
            self._target(module, parent.target)
        elif isinstance(parent, ast.Yield):
            self._result(module, parent)
        elif isinstance(parent, ast.MatchClass):
            self._pattern(module, parent)
        return self._of_part(module, child, parent)

    def _statement(self, module: ParsedModule, child: ast.AST, parent: ast.AST) -> None:
        if isinstance(child, _TARGETS) and not isinstance(child.ctx, ast.Load):
            return
        if isinstance(parent, ast.Assign):
            for target in parent.targets:
                self._target(module, target)
        elif isinstance(parent, ast.AnnAssign | ast.For | ast.AsyncFor | ast.comprehension):
            if child is getattr(parent, "annotation", None):
                self._annotates(module, parent)
            else:
                self._target(module, parent.target)
        elif isinstance(parent, ast.withitem) and parent.optional_vars is not None:
            self._target(module, parent.optional_vars)
        elif isinstance(parent, ast.Return):
            self._result(module, parent)
        elif isinstance(parent, ast.arg):
            self._annotates(module, parent)
        elif isinstance(parent, FUNCTIONS) and child in _defaults(parent):
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
            owner = self._owner(module, target.value)
            self._word(target.attr, owner)
            if owner is None:
                self._set(target.attr)
        elif isinstance(target, ast.Subscript | ast.Starred):
            self._put(module, target.value)
        elif isinstance(target, ast.Tuple | ast.List):
            for part in target.elts:
                self._target(module, part)

    def _owner(self, module: ParsedModule, node: ast.expr) -> Own | None:
        """The class of whose method an expression is the `self`."""
        if not isinstance(node, ast.Name):
            return None
        owner = class_of_first(module.names.scope_of[node].lookup(node.id), node.id)
        return None if owner is None else self._facts.classes.key(owner)

    def _set(self, word: str) -> None:
        """An attribute is given it, of an object or of a module."""
        self._word(word)
        for module in self._facts.modules.values():
            if word in module.names.module.bindings:
                self._name(module, module.names.module, word)

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

    def _given(self, module: ParsedModule, child: ast.AST, call: ast.Call) -> bool:
        """Notes what gets an argument; whether what the call gives may be it."""
        word = last_name(call.func)
        is_method = isinstance(call.func, ast.Attribute)
        if isinstance(call.func, ast.Attribute) and word in PUTS:
            self._put(module, call.func.value)
        if word in ("isinstance", "issubclass") and call.args:
            self._target(module, call.args[0])
        if word == "setattr" and child in call.args[2:3] and isinstance(call.args[1], ast.Constant):
            self._set(str(call.args[1].value))
        if isinstance(child, ast.keyword) and child.arg is not None and word in SETTING:
            self._word(child.arg)
        for name in self._receivers.fields(module, call, child):
            self._word(name)
        for home, function, parameter in self._receivers.parameters(module, call, child):
            scope = self._facts.scope_at(function)
            if self._takes(scope, parameter.arg):
                self._name(home, scope, parameter.arg)
        return word in PASSING or (is_method and word in TAKES and child in call.args[1:])

    @abstractmethod
    def _follow_name(self, module: ParsedModule, scope: Scope, name: str) -> None:
        """Goes on from all loads of a name that may hold it."""

    @abstractmethod
    def _word(self, word: str, owner: Own | None = None) -> None:
        """A name of some module, class or object may hold it; owner: of which class, None: any."""

    @abstractmethod
    def _put(self, module: ParsedModule, target: ast.expr) -> None:
        """A container is given it."""

    @abstractmethod
    def _result(self, module: ParsedModule, node: ast.AST) -> None:
        """A function returns or yields it."""

    @abstractmethod
    def _annotates(self, module: ParsedModule, parent: ast.AST) -> None:
        """An annotation of a name or parameter means it."""

    @abstractmethod
    def _of_attribute(self, module: ParsedModule, parent: ast.Attribute) -> bool:
        """Whether an attribute of what may be it may be it, too."""

    @abstractmethod
    def _of_part(self, module: ParsedModule, child: ast.AST, parent: ast.AST) -> bool:
        """Whether an expression may be it for the reason that a part of it is."""

    @abstractmethod
    def _of_callee(self) -> bool:
        """Whether what a call gives may be it for the reason that what is called is."""

    @abstractmethod
    def _takes(self, scope: Scope, parameter: str) -> bool:
        """Whether a parameter may be what a call gives it."""


def _defaults(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.expr | None]:
    return [*function.args.defaults, *function.args.kw_defaults]


def last_name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")

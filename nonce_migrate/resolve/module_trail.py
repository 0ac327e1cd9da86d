"""Where modules of the project may go."""

from __future__ import annotations

import ast
from collections.abc import Set
from functools import partial
from typing import TYPE_CHECKING

from nonce_migrate.resolve.attributes import class_of_first
from nonce_migrate.resolve.held import Own
from nonce_migrate.resolve.project import ModuleTarget, ParsedModule
from nonce_migrate.resolve.scopes import BindingKind, Scope, ScopeKind
from nonce_migrate.resolve.standing import call_of
from nonce_migrate.resolve.trails import FUNCTIONS, SAME, VIEWS, Start, Trail, last_name
from nonce_migrate.resolve.variables import COMPREHENSIONS, DISPLAYS, TAKES

if TYPE_CHECKING:
    from nonce_migrate.resolve.program import Facts

_ENTERED = frozenset(("__enter__", "__aenter__"))
_CONTAINERS = (*DISPLAYS, *COMPREHENSIONS)


class ModuleTrail(Trail):
    """What is a module, and what is a container with one in it, are followed apart.

    Inference knows no items of a container that is returned or handed on, so that only places
    that put into one or take from it count. What a class keeps or gives goes to mentions on its
    own family's `self` and `super()`, and on all that syntax alone cannot tell.

    hinted: the attributes and functions whose name alone may tell what they hold.
    """

    def __init__(self, facts: Facts, start: Start, hinted: Set[str]) -> None:
        self._hinted = hinted
        self._kept: set[tuple[str, Own | None]] = set()
        self._exported: set[str] = set()
        self._functions: set[str] = set()
        self._giving: set[tuple[Scope, str]] = set()
        self._held_in: set[tuple[Scope, str]] = set()
        self._words_in: set[str] = set()
        self._containers: set[ast.AST] = set()
        super().__init__(facts, start)

    def _follow_name(self, module: ParsedModule, scope: Scope, name: str) -> None:
        self._climb_loads(module, scope, name)
        if isinstance(scope.node, ast.ClassDef):
            self._word(name, self._facts.classes.key(scope.node))
        elif scope.kind is ScopeKind.MODULE:
            self._export(name)

    def _word(self, word: str, owner: Own | None = None) -> None:
        owner = None if word in self._hinted else owner
        if not {(word, owner), (word, None)} & self._kept:
            self.words.add(word)
            self._kept.add((word, owner))
            self._waiting.append(partial(self._follow_word, word, owner))

    def _follow_word(self, word: str, owner: Own | None) -> None:
        for module, attribute in self._by_word.attributes.of(word):
            if owner is None or self._may_belong(module, attribute, owner):
                self._climb(module, attribute)
        self._take(word)
        for module, text in self._by_word.texts_with.of(word):
            call = module.names.parents.get(text)
            if isinstance(call, ast.Call) and last_name(call.func) == "getattr":
                self._climb(module, call)

    def _put(self, module: ParsedModule, target: ast.expr) -> None:
        self._container(module, target)

    def _result(self, module: ParsedModule, node: ast.AST) -> None:
        for around in module.names.ancestors(node):
            if isinstance(around, FUNCTIONS):
                self._give(module, module.names.scope_of[around], around.name)
                return

    def _annotates(self, module: ParsedModule, parent: ast.AST) -> None:
        """No annotation means a module."""

    def _of_attribute(self, module: ParsedModule, parent: ast.Attribute) -> bool:
        if parent.attr in self._functions:
            self._climb(module, call_of(parent, module.names))
        return self._may_have(module, parent)

    def _of_part(self, module: ParsedModule, child: ast.AST, parent: ast.AST) -> bool:
        if isinstance(parent, _CONTAINERS) and _is_item(child, parent):
            self._take_out(module, parent)
        return _may_be(child, parent)

    def _of_callee(self) -> bool:
        return False

    def _takes(self, scope: Scope, parameter: str) -> bool:
        """All but `self`, which is an object of its class, whatever is given."""
        return class_of_first(scope, parameter) is None

    def _may_belong(self, module: ParsedModule, node: ast.Attribute, owner: Own) -> bool:
        """Whether `x.name` may be taken from an object of a class, or of its family."""
        owners = self._receivers.owners(module, node.value)
        return owners is None or owner in owners

    def _export(self, word: str) -> None:
        """A name of some module may be a module, which is only taken from such a one."""
        self._exported.add(word)
        for module, attribute in self._by_word.attributes.of(word):
            if attribute.value in self._nodes and self._may_have(module, attribute):
                self._climb(module, attribute)
        self._take(word)

    def _may_have(self, module: ParsedModule, node: ast.Attribute) -> bool:
        """Whether an attribute of what may be it may be it, too."""
        homes = self._modules(module, node.value)
        if not homes:
            return node.attr in self._members or node.attr in self._exported
        return any(self._may_give(home, node.attr) for home in homes)

    def _may_give(self, home: str, name: str) -> bool:
        """Whether a name of one module may be a module."""
        if isinstance(self._facts.project.member(home, name), ModuleTarget):
            return True
        file = self._facts.project.index.source_file(home)
        parsed = self._facts.modules.get(file) if file else None
        return parsed is not None and (parsed.names.module, name) in self._names

    def _modules(self, module: ParsedModule, node: ast.expr) -> list[str]:
        """The modules that an expression is, by imports alone; none where it may be another."""
        project = self._facts.project
        if isinstance(node, ast.Attribute):
            homes = self._modules(module, node.value)
            targets = [project.member(home, node.attr) for home in homes]
        elif isinstance(node, ast.Name) and not any(self._facts.stores.of(node.id)):
            scope = module.names.scope_of[node].lookup(node.id)
            bindings = scope.bindings[node.id] if scope is not None else []
            is_import = all(b.kind is BindingKind.IMPORT for b in bindings)
            targets = [project.imported(module, b) for b in bindings if is_import]
        else:
            return []
        found = [target.module for target in targets if isinstance(target, ModuleTarget)]
        return found if len(found) == len(targets) else []

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
        is_method, owner = scope.kind is ScopeKind.CLASS, None
        if isinstance(scope.node, ast.ClassDef) and name not in self._hinted:
            owner = self._facts.classes.key(scope.node)
        self._functions |= set() if is_method else {name}
        for other, attribute in self._by_word.attributes.of(name):
            if owner is not None and not self._may_belong(other, attribute, owner):
                continue
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

    def _container(self, module: ParsedModule, target: ast.expr) -> None:
        """A name or attribute may be a container that it is in."""
        if isinstance(target, ast.Name):
            scope = module.names.scope_of[target].lookup(target.id)
            if scope is not None:
                self._container_name(module, scope, target.id)
        elif isinstance(target, ast.Attribute):
            self._container_word(target.attr)
        elif isinstance(target, ast.Subscript | ast.Starred):
            self._container(module, target.value)
        elif isinstance(target, ast.Tuple | ast.List):
            for part in target.elts:
                self._target(module, part)

    def _container_name(self, module: ParsedModule, scope: Scope, name: str) -> None:
        if (scope, name) in self._held_in:
            return
        self._held_in.add((scope, name))
        for load in self._by_word.loads.within(module, name):
            if module.names.scope_of[load].lookup(name) is scope:
                self._later(module, load)
        if scope.kind is not ScopeKind.FUNCTION:
            self._container_word(name)

    def _container_word(self, word: str) -> None:
        if word in self._words_in:
            return
        self._words_in.add(word)
        for module, attribute in self._by_word.attributes.of(word):
            self._later(module, attribute)
        for module, binding in self._by_word.aliases.of(word):
            self._waiting.append(partial(self._container_name, module, binding.scope, binding.name))
        for module, load in self._by_word.loads.of(word):
            if module.names.scope_of[load].lookup(word) is None:
                self._later(module, load)

    def _later(self, module: ParsedModule, node: ast.expr) -> None:
        self._waiting.append(partial(self._take_out, module, node))

    def _take_out(self, module: ParsedModule, node: ast.AST) -> None:
        """Goes on from an expression that is a container which it is in."""
        if node in self._containers:
            return
        self._containers.add(node)
        parent = module.names.parents.get(node)
        if isinstance(parent, ast.Assign):
            for target in parent.targets if parent.value is node else ():
                self._container(module, target)
        elif isinstance(parent, ast.AnnAssign | ast.NamedExpr) and parent.value is node:
            self._container(module, parent.target)
        elif isinstance(parent, ast.For | ast.AsyncFor | ast.comprehension):
            if parent.iter is node:
                self._target(module, parent.target)
        elif isinstance(parent, ast.Subscript) and parent.value is node:
            if isinstance(parent.slice, ast.Slice):
                self._take_out(module, parent)
            else:
                self._climb(module, parent)
        elif isinstance(parent, ast.Attribute):
            call = call_of(parent, module.names)
            if call is not None and parent.attr in TAKES:
                self._climb(module, call)
            elif call is not None and parent.attr in VIEWS:
                self._take_out(module, call)
        elif (isinstance(parent, ast.Call) and last_name(parent.func) in SAME) or isinstance(
            parent, (*_CONTAINERS, ast.Starred)
        ):
            self._take_out(module, parent)


def _may_be(child: ast.AST, parent: ast.AST) -> bool:
    """Whether an expression may be a module for the reason that a part of it is."""
    if isinstance(parent, ast.IfExp):
        return child is not parent.test
    return isinstance(parent, ast.BoolOp | ast.NamedExpr | ast.Await | ast.keyword)


def _is_item(child: ast.AST, parent: ast.AST) -> bool:
    """Whether what a part of a display or comprehension is goes into it."""
    if isinstance(parent, ast.Dict):
        return child in parent.values
    return not isinstance(parent, ast.DictComp) or child is parent.value

"""Attributes of objects: what every assignment to them, in any class concerned, gives."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from nonce_migrate.resolve.definitions import is_property
from nonce_migrate.resolve.held import NOTHING, UNKNOWN, Foreign, Own, Value, join
from nonce_migrate.resolve.referents import Definition
from nonce_migrate.resolve.scopes import Binding, BindingKind, Scope, ScopeKind
from nonce_migrate.resolve.stores import Store

if TYPE_CHECKING:
    from nonce_migrate.resolve.inference import Inference

_SET = (BindingKind.ASSIGNMENT, BindingKind.IMPORT)
_UNSEEN = frozenset(("__getattribute__", "__setattr__"))


class Attributes:
    """Answers for the attributes that the classes of one module set, and for those of objects."""

    def __init__(self, inference: Inference) -> None:
        self.inference = inference
        self._set_in: dict[ast.ClassDef, dict[str, list[ast.Attribute | Binding]]] = {}

    def of_self(self, node: ast.Attribute) -> Value | None:
        """What `self.name` holds, by every assignment in the class; None: no such thing."""
        owner = self.class_of_self(node.value)
        return None if owner is None else self.of_class(owner, node.attr)

    def of_class(self, owner: ast.ClassDef, name: str) -> Value | None:
        """What an attribute of a class's objects holds; None where nothing in the class sets it."""
        return self.of(self.inference.program.classes.key(owner), name)

    def of(self, own: Own, name: str) -> Value | None:
        """The same for any class of the project.

        It takes together what the class, those it inherits from, those that inherit from it and
        code outside of them set.
        """
        program = self.inference.program
        family = program.classes.family(own)
        if not any(self._is_set(key, name) for key in family):
            return None
        return program.answers.get(("attribute", own, name), lambda: self._joined(own, name))

    def _is_set(self, key: Own, name: str) -> bool:
        definition = self.inference.program.classes.by_key[key]
        assert isinstance(definition.node, ast.ClassDef)
        sources = self.inference.neighbours[key.path].attributes.sources(definition.node)
        return name in sources or name in self.inference.program.scope(definition).bindings

    def _joined(self, own: Own, name: str) -> Value:
        program = self.inference.program
        parts = [p for key in program.classes.family(own) for p in self._set_by_class(key, name)]
        value = join([*parts, *self._set_outside(own, name), *self._given_to_field(own, name)])
        if name not in program.words:
            return value.doubted(f"not every file that mentions `.{name}` was read")
        return value

    def _given_to_field(self, own: Own, name: str) -> Iterator[Value]:
        """Objects of other classes than a field's annotation says, that some call gives it."""
        program = self.inference.program
        for key in program.classes.with_subclasses(own) if program.callers else ():
            assert program.callers is not None
            for site in program.callers.made(key):
                other = self.inference.neighbours[site.module.path]
                given = [(node, node) for node in site.call.args]
                named = [(keyword, keyword.value) for keyword in site.call.keywords]
                for place, node in (*given, *named):
                    if program.classes.field_of(key, site.call, place) == name:
                        value = other.value(node)
                        if any(isinstance(held, Own | Foreign) for held in value.held):
                            where = f"{site.module.path}:{site.call.lineno}"
                            yield value.because(f"{where}: `{name}` is given something else there")

    def of_module(self, name: str) -> Iterator[Value]:
        """What code of any file sets a top-level name of this module to, through the module."""
        program, path = self.inference.program, self.inference.module.path
        for store in program.stores.of(name):
            other = self.inference.neighbours[store.module.path]
            home = program.names.module_of(store.module, store.owner) if store.owner else None
            stem = path.removesuffix("/__init__.py").removesuffix(".py").rpartition("/")[2]
            by_text = bool(store.dotted) and store.dotted.rpartition(".")[2] == stem
            if by_text or (home and program.project.index.source_file(home) == path):
                yield other.attributes.given(store, name)

    def _set_by_class(self, key: Own, name: str) -> Iterator[Value]:
        definition = self.inference.program.classes.by_key[key]
        other = self.inference.neighbours[key.path]
        assert isinstance(definition.node, ast.ClassDef)
        for source in other.attributes.sources(definition.node).get(name, ()):
            yield other.attributes.by_source(source)
        scope = other.program.scope(definition)
        bound = scope.bindings.get(name, ())
        for binding in bound:
            if isinstance(binding.node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield self._of_method(other, definition, binding.node)
            elif isinstance(binding.node, ast.ClassDef):
                yield other.binding(binding)
        if not bound and _UNSEEN & set(scope.bindings):
            yield UNKNOWN

    def _of_method(
        self,
        other: Inference,
        definition: Definition,
        function: ast.FunctionDef | ast.AsyncFunctionDef,
    ) -> Value:
        """What reading a property gives; a method is nothing that matters."""
        if not is_property(function):
            return NOTHING if _is_part_of_property(function) else UNKNOWN
        where = f"{definition.module.path}:{function.lineno}"
        return other.calls.result(function).because(f"{where}: `{function.name}` is a property")

    def _set_outside(self, own: Own, name: str) -> Iterator[Value]:
        stores = self.inference.program.stores
        for store in stores.of(name):
            other = self.inference.neighbours[store.module.path].attributes
            if other.is_outside(store) and other.may_own(store, own):
                yield other.given(store, name)
        for store in stores.of_any_name:
            other = self.inference.neighbours[store.module.path].attributes
            if other.does_own(store, own):
                yield UNKNOWN.because(f"{store.module.path}:{store.line}: any attribute is set")

    def is_outside(self, store: Store) -> bool:
        """Whether a store is none of a class's own, to `self`."""
        if store.target is None or store.owner is None:
            return True
        return self.class_of_self(store.owner) is None

    def may_own(self, store: Store, own: Own) -> bool:
        """Whether the object of a store can be one of a class."""
        if store.owner is None:
            return True
        value = self.inference.value(store.owner)
        if not value.complete:
            return True
        classes = self.inference.program.classes
        owners = {held for held in value.held if isinstance(held, Own)}
        return any(o in classes.family(own) or own in classes.family(o) for o in owners)

    def does_own(self, store: Store, own: Own) -> bool:
        """Whether the object of a store is known, and can be one of a class."""
        if store.owner is None or not self.inference.value(store.owner).complete:
            return False
        return self.may_own(store, own)

    def given(self, store: Store, name: str) -> Value:
        """What a store from outside gives the attribute."""
        where = f"{store.module.path}:{store.line}"
        if store.target is not None:
            value = self.set_by(store.target)
        else:
            value = self.inference.value(store.value) if store.value is not None else UNKNOWN
        if value.complete and not value.held:
            return value
        return value.because(f"{where}: `{name}` is set from outside")

    def by_source(self, source: ast.Attribute | Binding) -> Value:
        """What one place in a class gives the attribute that it sets."""
        if isinstance(source, Binding):
            return self.inference.binding(source)
        value, text = self.set_by(source), self.inference.shown(source)
        given = self.inference.names.assigned.get(source)
        if given is None:
            return value
        reason = f"`{text}` is set to `{self.inference.shown(given)}`"
        return value.because(f"{self.inference.place(source)}: {reason}")

    def class_of_self(self, node: ast.expr) -> ast.ClassDef | None:
        """The class whose object (or which itself) a name such as `self` or `cls` is."""
        if not isinstance(node, ast.Name):
            return None
        return class_of_first(self.inference.names.scope_of[node].lookup(node.id), node.id)

    def sources(self, owner: ast.ClassDef) -> dict[str, list[ast.Attribute | Binding]]:
        """attribute -> the places in the class that set it."""
        if not self._set_in:
            self._read()
        return self._set_in.get(owner, {})

    def _read(self) -> None:
        names = self.inference.names
        for scope in names.scopes:
            if isinstance(scope.node, ast.ClassDef):
                table = self._set_in.setdefault(scope.node, {})
                for name, bindings in scope.bindings.items():
                    found = [b for b in bindings if b.kind in _SET or b.drawn is not None]
                    if found:
                        table.setdefault(name, []).extend(found)
        for node in names.stored:
            owner = self.class_of_self(node.value)
            if owner is not None:
                self._set_in[owner].setdefault(node.attr, []).append(node)

    def stored(self) -> Iterator[tuple[str, Value]]:
        """Each assignment to an attribute of some object, and each name of a class body, as far
        as it may lead to something legacy."""
        words = self.inference.program.legacy_trail.words
        for node in self.inference.names.stored:
            if node.attr in words:
                yield node.attr, self.set_by(node).because(self._kept(node, node.attr))
        for scope in self.inference.names.scopes:
            if scope.kind is ScopeKind.CLASS:
                for name, bindings in scope.bindings.items():
                    for binding in bindings if name in words else ():
                        if binding.kind is BindingKind.ASSIGNMENT:
                            value = self.inference.binding(binding)
                            yield name, value.because(self._kept(binding.node, name))

    def _kept(self, node: ast.AST, name: str) -> str:
        return f"{self.inference.place(node)}: an object is kept under `.{name}`"

    def set_by(self, node: ast.Attribute) -> Value:
        """What an assignment gives the attribute that is its target."""
        parent = self.inference.names.parents.get(node)
        if isinstance(parent, ast.AnnAssign):
            annotated = self.inference.annotated(parent.annotation)
            if annotated.held or parent.value is None:
                return annotated
        given = self.inference.names.assigned.get(node)
        if given is None or isinstance(parent, ast.AugAssign):
            return UNKNOWN
        if isinstance(parent, ast.withitem):
            return self.inference.entered(given)
        return self.inference.value(given)


def class_of_first(scope: Scope | None, name: str) -> ast.ClassDef | None:
    """The class whose method a scope is, where `name` is its first parameter and nothing else."""
    if scope is None or scope.kind is not ScopeKind.FUNCTION or scope.parent is None:
        return None
    function, outer = scope.node, scope.parent.node
    if not isinstance(outer, ast.ClassDef):
        return None
    if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
        return None
    if any(getattr(d, "id", "") == "staticmethod" for d in function.decorator_list):
        return None
    first = [*function.args.posonlyargs, *function.args.args][:1]
    only = len(scope.bindings[name]) == 1
    return outer if first and first[0].arg == name and only else None


def _is_part_of_property(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether it is the setter or deleter of one."""
    return any(
        isinstance(d, ast.Attribute) and d.attr in ("setter", "deleter")
        for d in function.decorator_list
    )

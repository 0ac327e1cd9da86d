"""What may receive an argument, by names and syntax alone: more than the call can run, never less.

For `Trail`, which goes where an object may be handed on before anything is inferred.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from nonce_migrate.resolve.attributes import class_of_first
from nonce_migrate.resolve.definitions import Function, all_parameters, method
from nonce_migrate.resolve.held import Own
from nonce_migrate.resolve.project import ParsedModule
from nonce_migrate.resolve.referents import Definition
from nonce_migrate.resolve.scopes import BindingKind, Scope

if TYPE_CHECKING:
    from nonce_migrate.resolve.program import Facts

Parameter = tuple[ParsedModule, Function, ast.arg]


class Receivers:
    """Answers for the calls of all files that are read."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._named: dict[str, list[Definition]] = {}

    def parameters(
        self, module: ParsedModule, call: ast.Call, child: ast.AST
    ) -> Iterator[Parameter]:
        """The parameters that an argument of a call (a keyword as a whole) may be for."""
        for keyword in call.keywords:
            if keyword.arg == "target":  # `Thread(target=f, args=(x,))`
                for definition in self._called(module, keyword.value):
                    yield from self._any(definition)
        for definition in self._called(module, call.func):
            for home, function in self._run(definition):
                for parameter in _taking(function, call, child):
                    yield home, function, parameter

    def fields(self, module: ParsedModule, call: ast.Call, child: ast.AST) -> Iterator[str]:
        """The fields of dataclasses and named tuples that an argument may set."""
        for definition in self._called(module, call.func):
            if isinstance(definition.node, ast.ClassDef):
                own = self._facts.classes.key(definition.node)
                name = self._facts.classes.field_of(own, call, child)
                if name is not None:
                    yield name

    def owners(self, module: ParsedModule, node: ast.expr) -> tuple[Own, ...] | None:
        """The classes that an expression is an object of, where syntax alone tells; None: any.

        None of them where it is a name of another package.
        """
        facts = self._facts
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "super":
            around = (n for n in module.names.ancestors(node) if isinstance(n, ast.ClassDef))
            owner = next(around, None)
        elif isinstance(node, ast.Name):
            scope = module.names.scope_of[node].lookup(node.id)
            owner = class_of_first(scope, node.id)
            if owner is None and scope is not None and self._is_outside(module, scope, node.id):
                return ()
        else:
            return None
        return None if owner is None else facts.classes.family(facts.classes.key(owner))

    def _is_outside(self, module: ParsedModule, scope: Scope, name: str) -> bool:
        """Whether a name is imported from outside of the project, and nothing else."""
        project = self._facts.project
        if any(self._facts.stores.of(name)):
            return False
        for binding in scope.bindings[name]:
            node, alias = binding.node, binding.alias
            if binding.kind is not BindingKind.IMPORT or alias is None:
                return False
            if isinstance(node, ast.ImportFrom):
                if node.level or project.locate(module, node) is not None:
                    return False
            elif project.imported(module, binding) is not None:
                return False
        return True

    def classes_with(self, name: str) -> Iterator[Own]:
        """The classes whose body binds a name, or whose code sets it on some object."""
        for _, scope in self._facts.by_word.class_scopes.of(name):
            assert isinstance(scope.node, ast.ClassDef)
            yield self._facts.classes.key(scope.node)
        for module, node in self._facts.by_word.attributes.of(name):
            if isinstance(node.ctx, ast.Store):
                for around in module.names.ancestors(node):
                    if isinstance(around, ast.ClassDef):
                        yield self._facts.classes.key(around)

    def _called(self, module: ParsedModule, function: ast.expr) -> Iterator[Definition]:
        """The functions and classes that a callee may be."""
        if isinstance(function, ast.Name):
            owner = class_of_first(module.names.scope_of[function].lookup(function.id), function.id)
            if owner is not None:
                yield from self._family(self._facts.classes.key(owner))
            yield from self._facts.names.of_name(
                module, function.id, module.names.scope_of[function]
            ).definitions
        elif isinstance(function, ast.Attribute):
            if function.attr == "__class__":
                yield from self._facts.classes.by_key.values()
            home = self._facts.names.module_of(module, function.value)
            if home is not None:
                yield from self._facts.names.of_module(home, function.attr).definitions
                return
            owners = self.owners(module, function.value)
            for definition in self._named_so(function.attr):
                if owners is None or self._is_method_of(definition, owners):
                    yield definition
        elif isinstance(function, ast.Call) and getattr(function.func, "id", "") == "type":
            yield from self._facts.classes.by_key.values()

    def _named_so(self, name: str) -> Iterable[Definition]:
        """The functions and classes that some module or class has under a name."""
        if name not in self._named:
            found: dict[Definition, None] = {}
            for module in self._facts.modules.values():
                for binding in module.names.module.bindings.get(name, ()):
                    found |= dict.fromkeys(
                        self._facts.names.of_binding(module, binding).definitions
                    )
            for module, scope in self._facts.by_word.class_scopes.of(name):
                for binding in scope.bindings[name]:
                    found |= dict.fromkeys(
                        self._facts.names.of_binding(module, binding).definitions
                    )
            self._named[name] = list(found)
        return self._named[name]

    def _is_method_of(self, definition: Definition, owners: tuple[Own, ...]) -> bool:
        around = definition.module.names.scope_of[definition.node].node
        return isinstance(around, ast.ClassDef) and self._facts.classes.key(around) in owners

    def _family(self, own: Own) -> Iterator[Definition]:
        for other in self._facts.classes.family(own):
            yield self._facts.classes.by_key[other]

    def _run(self, definition: Definition) -> Iterator[tuple[ParsedModule, Function]]:
        """What a call of it runs: the constructors, where it is a class."""
        node = definition.node
        if not isinstance(node, ast.ClassDef):
            yield definition.module, node
            return
        for above in self._facts.classes.order(self._facts.classes.key(node)):
            if above is not None:
                made = self._facts.classes.by_key[above]
                assert isinstance(made.node, ast.ClassDef)
                constructor = method(made.node, "__init__")
                if constructor is not None:
                    yield made.module, constructor

    def _any(self, definition: Definition) -> Iterator[Parameter]:
        for home, function in self._run(definition):
            for parameter in all_parameters(function):
                yield home, function, parameter


def _taking(function: Function, call: ast.Call, child: ast.AST) -> Iterator[ast.arg]:
    """The parameters that get an argument, whether or not the first one is bound already."""
    if isinstance(child, ast.keyword):
        yield from (p for p in all_parameters(function) if p.arg == child.arg)
        return
    places = [*function.args.posonlyargs, *function.args.args]
    index = next((i for i, given in enumerate(call.args) if given is child), len(places))
    yield from places[index : index + 2]

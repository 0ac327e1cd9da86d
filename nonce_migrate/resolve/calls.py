"""Calls: what constructors, factories, functions and methods give."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from nonce_migrate.resolve.definitions import (
    Function,
    gives_its_result,
    is_context_manager,
    is_fixture,
    results,
    stays_itself,
)
from nonce_migrate.resolve.held import (
    NOTHING,
    UNKNOWN,
    Foreign,
    Held,
    Instance,
    Own,
    Replacement,
    Value,
    join,
)
from nonce_migrate.resolve.lookups import Gives, binding_of, lookup_at
from nonce_migrate.resolve.project import ModuleTarget, SymbolTarget
from nonce_migrate.resolve.references import References
from nonce_migrate.resolve.referents import Definition

if TYPE_CHECKING:
    from nonce_migrate.resolve.inference import Inference

_MAKES_ITSELF_ODD = ("__new__", "__call__")


class Calls:
    """Answers for the calls of one module, and for what its functions return."""

    def __init__(self, inference: Inference) -> None:
        self.inference = inference
        program = inference.program
        self.references = References(program.names, program.classes, inference.neighbours)

    def value(self, node: ast.Call) -> Value:
        """What a constructor, factory, function or method gives."""
        function = self.inference.value(node.func)
        made = self._made(node, function)
        if made is not None:
            return made
        found = self._functions(node.func)
        if found:
            return self._results(node, found)
        special = self._cast(node) or self.looked_up(node) or self._getattr(node)
        if special is None:
            special = self.inference.containers.taken_by_call(node)
        if special is not None:
            return special
        if self.references.makes_foreign(self.inference.module, node.func):
            return Value(frozenset({Foreign(ast.unparse(node.func))}), True)
        return self._through_member(node.func)

    def _made(self, node: ast.Call, function: Value) -> Value | None:
        """What a legacy name, the new one, or a class of the project makes."""
        made: set[Held] = set()
        is_complete = function.complete
        for held in function.ordered:
            if isinstance(held, SymbolTarget):
                symbol = self.inference.system(held).symbol(held.name)
                if symbol is not None and symbol.produces:
                    made.add(Instance(held.system, symbol.produces))
            elif isinstance(held, Replacement) and not held.is_object:
                made.add(Replacement(held.name, is_object=True))
            elif isinstance(held, Own) and self._is_class(node.func):
                made.add(held)
                is_complete = is_complete and self._is_plainly_made(held)
        if not made:
            return None
        is_complete = is_complete and len(made) == len(function.held)
        text = f"{self.inference.place(node)}: `{self.inference.shown(node)}` makes "
        names = " or ".join(
            sorted(f"a {getattr(h, 'owner', getattr(h, 'name', ''))}" for h in made)
        )
        value = Value(frozenset(made), is_complete, function.origins, why=function.why)
        return value.because(text + names)

    def _is_class(self, node: ast.expr) -> bool:
        """Whether what is called is a class itself, not an object of it."""
        if isinstance(node, ast.Name | ast.Attribute):
            names, module = self.inference.program.names, self.inference.module
            found = names.of_expression(module, node).definitions
            if any(isinstance(d.node, ast.ClassDef) for d in found):
                return True
        return isinstance(node, ast.Name) and self.references.is_cls(self.inference.module, node)

    def _is_plainly_made(self, own: Own) -> bool:
        classes = self.inference.program.classes
        node = classes.by_key[own].node
        assert isinstance(node, ast.ClassDef)
        return stays_itself(node) and classes.find(own, "__new__") is None

    def _functions(self, node: ast.expr) -> list[Definition]:
        """The functions of the project that a callee can be; empty where that is not all."""
        module = self.inference.module
        if isinstance(node, ast.Name):
            found = self.references.of_name(module, node)
        elif isinstance(node, ast.Attribute):
            reference = self.references.of_attribute(module, node)
            found = reference.referents
            if not reference.is_certain:
                return []
        else:
            return []
        functions = [d for d in found.definitions if not isinstance(d.node, ast.ClassDef)]
        return functions if found.exact else []

    def _results(self, node: ast.Call, found: list[Definition]) -> Value:
        values = []
        for definition in found:
            function = definition.node
            assert not isinstance(function, ast.ClassDef)
            other = self.inference.neighbours[definition.module.path]
            value = other.calls.result(function)
            if not gives_its_result(function) and value.held:
                value = value.guessed()
            elif self._is_replaced(node, other, function.name):
                value = value.doubted(f"something else is put in the place of `{function.name}`")
            values.append(value)
        return join(values)

    def _is_replaced(self, node: ast.Call, home: Inference, name: str) -> bool:
        """Whether some code sets a method of that name, or the name in the function's own module
        or in this one."""
        stores = self.inference.program.stores
        if isinstance(node.func, ast.Attribute) and stores.of(node.func.attr):
            return True
        here = isinstance(node.func, ast.Name) and any(
            self.inference.attributes.of_module(node.func.id)
        )
        return here or any(home.attributes.of_module(name))

    def result(self, function: Function) -> Value:
        """What a call of a function gives, by its own statements.

        For a fixture or context manager that is what it yields; other generators give nothing
        that matters.
        """
        return self.inference.program.answers.get(
            ("result", function), lambda: self._result(function)
        )

    def _result(self, function: Function) -> Value:
        names = self.inference.names
        values = []
        is_generator = False
        for node in results(function, names):
            is_generator = is_generator or isinstance(node, ast.Yield)
            values.append(self._returned(function, node))
        if is_generator and not (is_context_manager(function) or is_fixture(function)):
            return join(values).doubted()
        return join(values)

    def _returned(self, function: Function, node: ast.Return | ast.Yield) -> Value:
        if node.value is None:
            return NOTHING
        value = self.inference.value(node.value)
        if not value.held and value.complete:
            return value
        word = "returns" if isinstance(node, ast.Return) else "yields"
        text = f"`{function.name}` {word} `{self.inference.shown(node.value)}`"
        return value.because(f"{self.inference.place(node)}: {text}")

    def returning(self) -> Iterator[tuple[Function, Value]]:
        """Each function of the module that can return a legacy object, with what it returns."""
        words = self.inference.program.legacy_trail.words
        for scope in self.inference.names.scopes:
            function = scope.node
            if not isinstance(function, Function) or function.name not in words:
                continue
            value = self.result(function)
            if value.instances:
                yield function, value

    def _cast(self, node: ast.Call) -> Value | None:
        """`typing.cast(X, value)`: what the value is, else what it is said to be."""
        function = node.func
        word = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        if word != "cast" or len(node.args) != 2:
            return None
        value = self.inference.value(node.args[1])
        return value if value.held or value.complete else self.inference.annotated(node.args[0])

    def looked_up(self, node: ast.expr) -> Value | None:
        """`importlib.import_module("package.module")`, `sys.modules["package.module"]`."""
        found = lookup_at(self.inference.project, self.inference.module, node)
        if found is None or found.gives not in (Gives.MODULE, Gives.LOADED) or found.found.others:
            return None
        binding = binding_of(self.inference.module, node)
        return Value(frozenset({ModuleTarget(found.found.module)}), True, frozenset({binding}))

    def target(self, call: ast.Call) -> tuple[Inference | None, Function | None, int]:
        """The one function that a call runs, with how many parameters come before its arguments."""
        targets = self.references.targets(self.inference.module, call)
        if len(targets) != 1:
            return None, None, 0
        definition, skip = targets[0]
        assert not isinstance(definition.node, ast.ClassDef)
        return self.inference.neighbours[definition.module.path], definition.node, skip

    def _getattr(self, node: ast.Call) -> Value | None:
        """`getattr(owner, "name")`, with or without a default."""
        is_getattr = isinstance(node.func, ast.Name) and node.func.id == "getattr"
        if not is_getattr or len(node.args) < 2 or not isinstance(node.args[1], ast.Constant):
            return None
        name, owner = str(node.args[1].value), self.inference.value(node.args[0])
        if isinstance(owner.proven, ModuleTarget):
            return self.inference.part(owner.proven, name, owner)
        value = self.inference.part_of(owner, name)
        if len(node.args) == 2 or not value.instances:
            return value if value.held else None
        return join([value, self.inference.value(node.args[2])])

    def _through_member(self, function: ast.expr) -> Value:
        """A legacy classmethod that makes an object; else what the method's name hints at."""
        if not isinstance(function, ast.Attribute):
            return UNKNOWN
        owner = self.inference.value(function.value)
        held = owner.proven
        if isinstance(held, Replacement) and function.attr == "get_instance":
            return Value(frozenset({Replacement(held.name, is_object=True)}), True)
        if isinstance(held, SymbolTarget | Instance):
            name = held.owner if isinstance(held, Instance) else held.name
            member = self.inference.member(Instance(held.system, name), function.attr)
            if member is not None and member.produces:
                made = Instance(held.system, member.produces)
                return Value(frozenset({made}), True, owner.origins, why=owner.why)
            return UNKNOWN
        hints = self.inference.hints
        hint = hints.calls.get(function.attr) if hints else None
        return UNKNOWN if hint is None else hint

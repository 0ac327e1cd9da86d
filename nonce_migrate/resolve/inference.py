"""Infers what an expression holds: a module, a legacy name, or an object of a known class.

Flow-insensitive: a name holds what any of its bindings gives it, an attribute what any assignment
to it in its class does, a call what the function returns, a parameter what any caller gives.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from nonce_migrate.profile.schema import Becomes, Member, MemberKind, System
from nonce_migrate.resolve.annotations import Annotations, says_nothing
from nonce_migrate.resolve.attributes import Attributes, class_of_first
from nonce_migrate.resolve.calls import Calls
from nonce_migrate.resolve.containers import Containers
from nonce_migrate.resolve.definitions import Function, stays_itself
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
from nonce_migrate.resolve.parameters import Parameters
from nonce_migrate.resolve.project import ModuleTarget, ParsedModule, SymbolTarget
from nonce_migrate.resolve.referents import Definition
from nonce_migrate.resolve.scopes import Binding, BindingKind, Scope
from nonce_migrate.resolve.variables import COMPREHENSIONS, DISPLAYS

if TYPE_CHECKING:
    from nonce_migrate.resolve.hints import Hints
    from nonce_migrate.resolve.program import Program

_LONGEST_SHOWN = 60
_LITERALS = (*DISPLAYS, *COMPREHENSIONS, ast.JoinedStr, ast.Compare, ast.Lambda)


class Inference:
    """Answers for the expressions of one module, with what its program knows of the others.

    may_be_legacy: whether an expression may hold a legacy object, the new one, or what leads to
    one; else its value has no such thing, and need not be asked for. may_be_module: whether it may
    hold a module of the project.
    """

    def __init__(self, program: Program, module: ParsedModule) -> None:
        self.program = program
        self.project = program.project
        self.module = module
        self.names = module.names
        self.attributes = Attributes(self)
        self.calls = Calls(self)
        self.containers = Containers(self)
        self.parameters = Parameters(self)
        self.annotations = Annotations(self)
        self.may_be_legacy = program.legacy_trail.passes
        self.may_be_module = program.module_trail.passes

    @property
    def neighbours(self) -> Mapping[str, Inference]:
        """The inferences of all files, by path."""
        return self.program.inferences

    @property
    def hints(self) -> Hints | None:
        """What names alone tell, for receivers that nothing else tells of."""
        return self.program.hints

    def place(self, node: ast.AST) -> str:
        """`path:line` of a node."""
        return f"{self.module.path}:{getattr(node, 'lineno', 0)}"

    def shown(self, node: ast.expr) -> str:
        """The text of an expression on one line, cut where it is long."""
        if not hasattr(node, "lineno"):
            return "..."
        text = " ".join(self.module.source.slice(self.module.source.span(node)).split())
        text = text.replace("`", "'")
        return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 4]} ..."

    def value(self, node: ast.expr) -> Value:
        """What an expression of the module can hold."""
        if isinstance(node, ast.Constant):
            return NOTHING if node.value is None else _of_type(type(node.value).__name__)
        if isinstance(node, _LITERALS):
            return _of_type(type(node).__name__.lower())
        known = self.program.answers.known(node)
        return known or self.program.answers.get(node, lambda: self._value(node))

    def _value(self, node: ast.expr) -> Value:
        if isinstance(node, ast.Name):
            return self.name(node.id, self.names.scope_of[node])
        if isinstance(node, ast.Attribute):
            return self.attribute(node)
        if isinstance(node, ast.Call):
            return self.calls.value(node)
        if isinstance(node, ast.Subscript):
            return self.calls.looked_up(node) or self.containers.taken(node)
        if isinstance(node, ast.NamedExpr | ast.Await):
            return self.value(node.value)
        if isinstance(node, ast.IfExp):
            return join([self.value(node.body), self.value(node.orelse)])
        if isinstance(node, ast.BoolOp):
            return join([self.value(operand) for operand in node.values])
        return UNKNOWN

    def name(self, name: str, scope: Scope) -> Value:
        """What a name holds when it is loaded in a scope."""
        home = scope.lookup(name)
        if home is None:
            return self.starred(name)
        values = [self.binding(binding) for binding in home.bindings[name]]
        if home is self.names.module:
            values += self.attributes.of_module(name)
        value = join(values)
        return value if value.complete else join([value, *self._tested(home, name)])

    def _tested(self, home: Scope, name: str) -> Iterator[Value]:
        """Legacy objects that a class test takes a name to be: possible, not proven."""
        for cls in self.module.class_tests.get((home, name), ()):
            value = self.annotations.of_class(self.value(cls))
            if value.instances:
                yield value.doubted(f"{self.place(cls)}: it is tested for `{self.shown(cls)}`")

    def starred(self, name: str) -> Value:
        """A name that only a star import can have brought."""
        if not self.names.star_bindings:
            return UNKNOWN
        for found in reversed(list(self.project.stars(self.module))):
            target = self.project.member(found.module, name)
            if target is not None and self.project.is_handed_on(found.module, name):
                stars = self.names.star_bindings.items()
                brought = (b for node, b in stars if self._brings(node, name))
                return Value(frozenset({target}), True, frozenset(brought))
        for found in self.project.stars(self.module):
            value = self.global_of(found.module, name)
            if value.held:
                return value
        return UNKNOWN

    def _brings(self, node: ast.AST, name: str) -> bool:
        assert isinstance(node, ast.ImportFrom)
        found = self.project.locate(self.module, node)
        return found is not None and self.project.brings(found.module, name)

    def binding(self, binding: Binding) -> Value:
        """What one binding gives its name."""
        return self.program.answers.get(binding, lambda: self._binding(binding))

    def _binding(self, binding: Binding) -> Value:
        if binding.kind is BindingKind.IMPORT:
            return self._imported(binding)
        if binding.annotation is not None and not says_nothing(binding.annotation):
            annotated = self._of_annotation(binding)
            if annotated.held or binding.value is None:
                return annotated
        if binding.kind is BindingKind.ASSIGNMENT and binding.value is not None:
            return self._assigned(binding, binding.value)
        if binding.drawn is not None:
            value = self.containers.drawn(binding.drawn)
            text = f"`{binding.name}` goes over `{self.shown(binding.drawn.iterable)}`"
            return value.because(f"{self.place(binding.node)}: {text}")
        if binding.kind is BindingKind.PARAMETER:
            return self._of_parameter(binding)
        if binding.kind is BindingKind.DEFINITION and isinstance(binding.node, ast.ClassDef):
            own = self.program.classes.key(binding.node)
            return Value(frozenset({own}), stays_itself(binding.node))
        if isinstance(binding.node, ast.MatchAs):
            pattern = binding.node.pattern
            if isinstance(pattern, ast.MatchClass):
                return self.annotations.of_class(self.value(pattern.cls))
        return UNKNOWN

    def _imported(self, binding: Binding) -> Value:
        target = self.project.imported(self.module, binding)
        if target is None:
            return self._of_other_module(binding)
        value = Value(frozenset({target}), True, frozenset({binding}))
        if not isinstance(target, SymbolTarget):
            return value
        where = f"{self.place(binding.node)}: `{binding.name}` is imported"
        return value.because(f"{where}; it is `{target.name}` of {target.home}")

    def _of_annotation(self, binding: Binding) -> Value:
        assert binding.annotation is not None
        annotated = self.annotated(binding.annotation)
        if not annotated.held:
            return annotated
        text = f"`{binding.name}` is annotated `{self.shown(binding.annotation)}`"
        annotated = annotated.because(f"{self.place(binding.node)}: {text}")
        function, node = binding.scope.node, binding.node
        is_parameter = binding.kind is BindingKind.PARAMETER and isinstance(node, ast.arg)
        if is_parameter and isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            assert isinstance(node, ast.arg)
            against = self.parameters.contradiction(function, node) if annotated.instances else ""
            return annotated.doubted(against) if against else annotated
        return annotated

    def _assigned(self, binding: Binding, given: ast.expr) -> Value:
        value = self.entered(given) if binding.is_entered else self.value(given)
        if not value.held and not value.why:
            return value
        text = f"`{binding.name}` is set to `{self.shown(given)}`"
        return value.because(f"{self.place(binding.node)}: {text}")

    def entered(self, given: ast.expr) -> Value:
        """What `with given as x` gives x."""
        value = self.value(given)
        parts = [Value(value.held, value.complete, value.origins, value.is_guess, value.why)]
        owners = [held for held in value.ordered if isinstance(held, Own)]
        if not owners:
            return value
        rest = frozenset(held for held in value.held if not isinstance(held, Own))
        parts = [Value(rest, value.complete, value.origins, value.is_guess, value.why)]
        for own in owners:
            for word in ("__enter__", "__aenter__"):
                for definition, function in self.program.classes.methods(own, word):
                    other = self.neighbours[definition.module.path]
                    parts.append(other.calls.result(function))
        return join(parts) if len(parts) > 1 else UNKNOWN

    def _of_parameter(self, binding: Binding) -> Value:
        """What a parameter without annotation is given, or may be by its name."""
        scope, node = binding.scope, binding.node
        owner = class_of_first(scope, binding.name)
        if owner is not None:
            return Value(frozenset({self.program.classes.key(owner)}), True)
        function = scope.node
        value = UNKNOWN
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            assert isinstance(node, ast.arg)
            value = self.parameters.value(function, node)
        if self.hints is None or value.instances or value.complete:
            return value
        known = (self.hints.fixtures.get(binding.name), self.hints.attributes.get(binding.name))
        hint = next((hint for hint in known if hint is not None), None)
        if hint is None:
            return value
        return join([value, hint]).doubted() if value.held else hint

    def parameter(self, function: Function, parameter: ast.arg) -> Value:
        """What a parameter of a function of the module holds."""
        scope = self.program.scope(Definition(self.module, function))
        return join(self.binding(b) for b in scope.bindings[parameter.arg] if b.node is parameter)

    def _of_other_module(self, binding: Binding) -> Value:
        """What a global of another module holds: `from shared import manager`."""
        if not isinstance(binding.node, ast.ImportFrom) or binding.alias is None:
            return UNKNOWN
        found = self.project.locate(self.module, binding.node)
        if found is None:
            return UNKNOWN
        name = binding.alias.name
        if found.module in self.project.index.targets and name in self.project.replacements:
            return Value(frozenset({Replacement(name)}), True, frozenset({binding}))
        return self.global_of(found.module, name)

    def global_of(self, module: str, name: str) -> Value:
        """What a top-level name of a module of the project holds."""
        other = self.neighbour(module)
        if other is None or name not in other.names.module.bindings:
            return UNKNOWN
        return other.name(name, other.names.module)

    def neighbour(self, module: str) -> Inference | None:
        """The inference of a module, None where its file does not matter."""
        file = self.project.index.source_file(module)
        return self.neighbours.get(file) if file else None

    def annotated(self, annotation: ast.expr) -> Value:
        """The objects that an annotation promises."""
        return self.annotations.value(annotation)

    def system(self, held: SymbolTarget | Instance) -> System:
        """The legacy system that something belongs to."""
        return self.project.systems[held.system]

    def member(self, instance: Instance, name: str) -> Member | None:
        """What the profile knows of a member of a legacy object."""
        system = self.system(instance)
        known = system.members_by_owner.get(instance.owner, {}).get(name)
        symbol = system.symbol(instance.owner)
        if known is None and symbol is not None and symbol.is_renamed:
            same = Becomes(f"self.{name}", name, "self")
            return Member(instance.owner, name, MemberKind.ATTRIBUTE, (), same)
        return known

    def attribute(self, node: ast.Attribute) -> Value:
        """`owner.name`: a module's name, or an attribute of an object whose class is known."""
        of_self = self.attributes.of_self(node)
        if of_self is not None:
            return of_self
        owner = self.value(node.value)
        value = self.part_of(owner, node.attr)
        if value.held and not value.is_guess and isinstance(owner.proven, Own):
            text = f"`{self.shown(node.value)}` is a {owner.proven.name}"
            value = value.because(f"{self.place(node)}: {text}", *owner.why[:3])
        return value

    def part_of(self, owner: Value, name: str) -> Value:
        """An attribute of whatever the owner can hold; else what its name hints at."""
        found = [self.part(held, name, owner) for held in owner.ordered]
        known = join(value for value in found if value is not None)
        if known.held or (found and known.complete and None not in found):
            return known if None not in found else known.doubted()
        hint = self.hints.attributes.get(name) if self.hints else None
        is_legacy = isinstance(owner.proven, Instance | SymbolTarget | Replacement)
        return UNKNOWN if hint is None or is_legacy else hint

    def part(self, held: Held, name: str, owner: Value) -> Value | None:
        """An attribute of one thing that the owner can hold, None where it is not known."""
        if isinstance(held, ModuleTarget):
            target = self.project.member(held.module, name)
            if target is not None:
                origins = owner.origins | self.project.sources(held.module, name)
                return Value(frozenset({target}), owner.complete, origins)
            value = self.global_of(held.module, name)
            return value if value.held else None
        if isinstance(held, Own):
            found = self.attributes.of(held, name)
            if found is not None and not owner.complete:
                return found.guessed()
            return found
        return None


def _of_type(name: str) -> Value:
    """An object of a builtin type."""
    return Value(frozenset({Foreign(name)}), True)

"""Infers what an expression holds: a module, a legacy name, or an object of a known class.

Flow-insensitive: a name holds what any of its bindings gives it, an attribute what any assignment
to it in its class does, a call what the function returns.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from nonce_migrate.profile.schema import Member, System
from nonce_migrate.resolve.attributes import Attributes
from nonce_migrate.resolve.calls import Calls
from nonce_migrate.resolve.class_tests import ClassTests, read_class_tests
from nonce_migrate.resolve.definitions import (
    definition,
)
from nonce_migrate.resolve.held import (
    NOTHING,
    UNKNOWN,
    Held,
    Instance,
    Own,
    Replacement,
    Value,
    join,
)
from nonce_migrate.resolve.project import ModuleTarget, ParsedModule, Project, SymbolTarget
from nonce_migrate.resolve.scopes import Binding, BindingKind, Scope

if TYPE_CHECKING:
    from nonce_migrate.resolve.hints import Hints

# A chain of names that is longer is not followed; what it holds counts as unknown.
_MAX_DEPTH = 60
_MANY = ("Optional", "Annotated", "Final", "ClassVar")


class Inference:
    """Answers for the expressions of one module.

    neighbours: the inferences of all files by path, for what comes from other files. hints: what
    names alone tell, for receivers that nothing else tells of.
    """

    def __init__(
        self,
        project: Project,
        module: ParsedModule,
        neighbours: Mapping[str, Inference] | None = None,
        hints: Hints | None = None,
    ) -> None:
        self.project = project
        self.module = module
        self.names = module.names
        self.neighbours = {} if neighbours is None else neighbours
        self.hints = hints
        self._depth = 0
        self._values: dict[ast.AST, Value] = {}
        self._bindings: dict[Binding, Value] = {}
        self.attributes = Attributes(self)
        self.calls = Calls(self)
        self._tests: ClassTests | None = None

    def value(self, node: ast.expr) -> Value:
        """What an expression of the module can hold."""
        known = self._values.get(node)
        if known is None:
            if self._depth > _MAX_DEPTH:
                return UNKNOWN
            # A loop adds nothing to what its other parts hold.
            self._values[node] = NOTHING
            self._depth += 1
            known = self._values[node] = self._value(node)
            self._depth -= 1
        return known

    def _value(self, node: ast.expr) -> Value:
        if isinstance(node, ast.Name):
            return self.name(node.id, self.names.scope_of[node])
        if isinstance(node, ast.Attribute):
            return self.attribute(node)
        if isinstance(node, ast.Call):
            return self.calls.value(node)
        if isinstance(node, ast.Subscript):
            return self.calls.looked_up(node) or UNKNOWN
        if isinstance(node, ast.Constant):
            return NOTHING if node.value is None else UNKNOWN
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
        value = join([self.binding(binding) for binding in home.bindings[name]])
        return join([value, *self._tested(home, name)])

    def _tested(self, home: Scope, name: str) -> Iterator[Value]:
        """Legacy objects that a class test takes a name to be: possible, not proven."""
        if self._tests is None:
            self._tests = read_class_tests(self.names)
        for cls in self._tests.get((home, name), ()):
            value = self._of_class(self.value(cls))
            if value.instances:
                yield Value(value.held, False, value.origins)

    def starred(self, name: str) -> Value:
        """A name that only a star import can have brought."""
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
        if binding not in self._bindings:
            self._bindings[binding] = NOTHING
            self._bindings[binding] = self._binding(binding)
        return self._bindings[binding]

    def _binding(self, binding: Binding) -> Value:
        if binding.kind is BindingKind.IMPORT:
            target = self.project.imported(self.module, binding)
            if target is None:
                return self._of_other_module(binding)
            return Value(frozenset({target}), True, frozenset({binding}))
        if binding.annotation is not None and not _says_nothing(binding.annotation):
            annotated = self.annotated(binding.annotation)
            if self.hints is not None and binding.node in self.hints.contradicted:
                return annotated.doubted()
            if annotated.held or binding.value is None:
                return annotated
        if binding.kind is BindingKind.ASSIGNMENT and binding.value is not None:
            return self.value(binding.value)
        if binding.kind is BindingKind.PARAMETER:
            return self._of_parameter(binding.name)
        if binding.kind is BindingKind.DEFINITION and isinstance(binding.node, ast.ClassDef):
            return Value(frozenset({Own(self.module.path, binding.name)}), True)
        if isinstance(binding.node, ast.MatchAs):
            pattern = binding.node.pattern
            if isinstance(pattern, ast.MatchClass):
                return self._of_class(self.value(pattern.cls))
        return UNKNOWN

    def _of_parameter(self, name: str) -> Value:
        """What a parameter without annotation may be, by its name."""
        if self.hints is None:
            return UNKNOWN
        known = (self.hints.fixtures.get(name), self.hints.attributes.get(name))
        return next((value for value in known if value is not None), UNKNOWN)

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
        """The objects that an annotation promises: `X`, `X | None`, `Optional[X]`, `"X"`."""
        if isinstance(annotation, ast.Constant) and annotation.value is None:
            return NOTHING
        if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
            return self._quoted(annotation, annotation.value)
        if isinstance(annotation, ast.BinOp) and isinstance(annotation.op, ast.BitOr):
            return join([self.annotated(annotation.left), self.annotated(annotation.right)])
        if isinstance(annotation, ast.Subscript):
            name = annotation.value
            word = name.attr if isinstance(name, ast.Attribute) else getattr(name, "id", "")
            return (
                self.annotated(annotation.slice) if word in ("Optional", "Annotated") else UNKNOWN
            )
        if not isinstance(annotation, ast.Name | ast.Attribute):
            return UNKNOWN
        return self._of_class(self.value(annotation))

    def _quoted(self, node: ast.Constant, text: str) -> Value:
        try:
            inner = ast.parse(text.strip(), mode="eval").body
        except (SyntaxError, ValueError):
            return UNKNOWN
        scope = self.names.scope_of[node]
        for child in ast.walk(inner):
            self.names.scope_of[child] = scope
        return self.annotated(inner)

    def _of_class(self, value: Value) -> Value:
        held = value.proven
        if isinstance(held, Own):
            return value
        if isinstance(held, Replacement):
            return Value(frozenset({Replacement(held.name, is_object=True)}), True)
        if isinstance(held, SymbolTarget):
            symbol = self.system(held).symbol(held.name)
            if symbol is not None and symbol.produces == held.name:
                return Value(frozenset({Instance(held.system, held.name)}), True, value.origins)
        return UNKNOWN

    def system(self, held: SymbolTarget | Instance) -> System:
        """The legacy system that something belongs to."""
        return self.project.systems[held.system]

    def member(self, instance: Instance, name: str) -> Member | None:
        """What the profile knows of a member of a legacy object."""
        return self.system(instance).members_by_owner.get(instance.owner, {}).get(name)

    def attribute(self, node: ast.Attribute) -> Value:
        """`owner.name`: a module's name, or an attribute of an object whose class is known."""
        of_self = self.attributes.of_self(node)
        if of_self is not None:
            return of_self
        owner = self.value(node.value)
        found = [self.part(held, node.attr, owner) for held in owner.held]
        known = [value for value in found if value is not None]
        if known and (join(known).held or join(known).complete):
            return join(known)
        hint = self.hints.attributes.get(node.attr) if self.hints else None
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
            other, cls = self.class_of(held)
            value_or_none = other.attributes.of_class(cls, name) if other and cls else None
            if value_or_none is not None and not owner.complete:
                return value_or_none.guessed()
            return value_or_none
        return None

    def class_of(self, held: Own) -> tuple[Inference | None, ast.ClassDef | None]:
        """The inference and the class statement of an object of the project."""
        other = self.neighbours.get(held.path)
        node = definition(other.names, other.names.module, held.name) if other else None
        return other, node if isinstance(node, ast.ClassDef) else None


def _says_nothing(annotation: ast.expr) -> bool:
    """Whether an annotation is `Any` or `object`."""
    word = (
        annotation.attr if isinstance(annotation, ast.Attribute) else getattr(annotation, "id", "")
    )
    return word in ("Any", "object")

"""Infers what an expression holds: a module, a legacy name, or an object of a known class.

Flow-insensitive: a name holds what any of its bindings gives it, an attribute what any assignment
to it in its class does, a call what the function returns.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from nonce_migrate.profile.schema import Member, System
from nonce_migrate.resolve.class_tests import ClassTests, read_class_tests
from nonce_migrate.resolve.definitions import (
    Function,
    definition,
    gives_its_result,
    is_property,
    method,
    results,
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
from nonce_migrate.resolve.scopes import Binding, BindingKind, Scope, ScopeKind

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
        self._attributes: dict[tuple[ast.ClassDef, str], Value | None] = {}
        self._results: dict[Function, Value] = {}
        self._set_in: dict[ast.ClassDef, dict[str, list[ast.Attribute | Binding]]] = {}
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
            return self.call(node)
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
        of_self = self.self_attribute(node)
        if of_self is not None:
            return of_self
        owner = self.value(node.value)
        found = [self._part(held, node.attr, owner) for held in owner.held]
        known = [value for value in found if value is not None]
        if known:
            return join(known)
        hint = self.hints.attributes.get(node.attr) if self.hints else None
        is_legacy = isinstance(owner.proven, Instance | SymbolTarget | Replacement)
        return UNKNOWN if hint is None or is_legacy else hint

    def _part(self, held: Held, name: str, owner: Value) -> Value | None:
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
            value_or_none = other.class_attribute(cls, name) if other and cls else None
            if value_or_none is not None and not owner.complete:
                return value_or_none.guessed()
            return value_or_none
        return None

    def class_of(self, held: Own) -> tuple[Inference | None, ast.ClassDef | None]:
        """The inference and the class statement of an object of the project."""
        other = self.neighbours.get(held.path)
        node = definition(other.names, other.names.module, held.name) if other else None
        return other, node if isinstance(node, ast.ClassDef) else None

    def self_attribute(self, node: ast.Attribute) -> Value | None:
        """What `self.name` holds, by every assignment to it in the class; None: no such thing."""
        owner = self.class_of_self(node.value)
        return None if owner is None else self.class_attribute(owner, node.attr)

    def class_attribute(self, owner: ast.ClassDef, name: str) -> Value | None:
        """What an attribute of a class's objects holds; None where nothing in the class sets it."""
        key = owner, name
        if key not in self._attributes:
            self._attributes[key] = NOTHING
            sources = self._sources(owner).get(name, [])
            values = [
                self.binding(s) if isinstance(s, Binding) else self._stored(s) for s in sources
            ]
            read = method(owner, name)
            if read is not None and is_property(read):
                values.append(self.result(read))
            self._attributes[key] = join(values) if values else None
        return self._attributes[key]

    def class_of_self(self, node: ast.expr) -> ast.ClassDef | None:
        """The class whose object (or which itself) a name such as `self` or `cls` is."""
        if not isinstance(node, ast.Name):
            return None
        scope: Scope | None = self.names.scope_of[node].lookup(node.id)
        if scope is None or scope.kind is not ScopeKind.FUNCTION or scope.parent is None:
            return None
        function, outer = scope.node, scope.parent.node
        if not isinstance(outer, ast.ClassDef):
            return None
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            return None
        first = [*function.args.posonlyargs, *function.args.args][:1]
        only = len(scope.bindings[node.id]) == 1
        return outer if first and first[0].arg == node.id and only else None

    def attributes(self, owner: ast.ClassDef) -> dict[str, Value]:
        """attribute -> what it holds, for all that the class sets."""
        found = {name: self.class_attribute(owner, name) for name in self._sources(owner)}
        return {name: value for name, value in found.items() if value is not None}

    def _sources(self, owner: ast.ClassDef) -> dict[str, list[ast.Attribute | Binding]]:
        """attribute -> the places in the class that set it."""
        if owner not in self._set_in:
            table: dict[str, list[ast.Attribute | Binding]] = {}
            for node, _scope in self.names.attributes:
                if isinstance(node.ctx, ast.Store) and self.class_of_self(node.value) is owner:
                    table.setdefault(node.attr, []).append(node)
            body = next(s for s in self.names.scopes if s.node is owner)
            for name, bindings in body.bindings.items():
                kinds = (BindingKind.ASSIGNMENT, BindingKind.IMPORT)
                table.setdefault(name, []).extend(b for b in bindings if b.kind in kinds)
            self._set_in[owner] = table
        return self._set_in[owner]

    def stored_attributes(self) -> Iterator[tuple[str, Value]]:
        """Each assignment to an attribute of some object, and each name of a class body."""
        for node, _scope in self.names.attributes:
            if isinstance(node.ctx, ast.Store):
                yield node.attr, self._stored(node)
        for scope in self.names.scopes:
            if scope.kind is ScopeKind.CLASS:
                for name, bindings in scope.bindings.items():
                    for binding in bindings:
                        if binding.kind is BindingKind.ASSIGNMENT:
                            yield name, self.binding(binding)

    def _stored(self, node: ast.Attribute) -> Value:
        parent = self.names.parents.get(node)
        if isinstance(parent, ast.AnnAssign):
            annotated = self.annotated(parent.annotation)
            if annotated.held or parent.value is None:
                return annotated
            return self.value(parent.value)
        if isinstance(parent, ast.Assign):
            return self.value(parent.value)
        return UNKNOWN

    def returning(self) -> Iterator[tuple[Function, Value]]:
        """Each function of the module that can return a legacy object, with what it returns."""
        for scope in self.names.scopes:
            if isinstance(scope.node, ast.FunctionDef | ast.AsyncFunctionDef):
                value = self.result(scope.node)
                if value.instances:
                    yield scope.node, value

    def result(self, function: Function) -> Value:
        """What a function returns (or yields), by its own statements."""
        if function not in self._results:
            self._results[function] = NOTHING
            values = [self.value(r) if r else NOTHING for r in results(function, self.names)]
            self._results[function] = join(values)
        return self._results[function]

    def call(self, node: ast.Call) -> Value:
        """What a constructor, factory, function or method gives."""
        function = self.value(node.func)
        made: set[Held] = set()
        for held in function.held:
            if isinstance(held, SymbolTarget):
                symbol = self.system(held).symbol(held.name)
                if symbol is not None and symbol.produces:
                    made.add(Instance(held.system, symbol.produces))
            elif isinstance(held, Replacement) and not held.is_object:
                made.add(Replacement(held.name, is_object=True))
            elif isinstance(held, Own) and self.callee(node.func)[1] is None:
                made.add(held)
        if made:
            complete = function.complete and len(made) == len(function.held)
            return Value(frozenset(made), complete, function.origins)
        other, called = self.callee(node.func)
        if other is not None and isinstance(called, ast.FunctionDef | ast.AsyncFunctionDef):
            value = other.result(called)
            return value if gives_its_result(called) or not value.held else value.guessed()
        looked_up = self._import_module(node) or self._getattr(node)
        if looked_up is not None:
            return looked_up
        return self._through_member(node.func)

    def callee(self, node: ast.expr) -> tuple[Inference | None, Function | None]:
        """The function of the project that a callee is, with the inference of its file."""
        if isinstance(node, ast.Name):
            scope = self.names.scope_of[node].lookup(node.id)
            return self._function(scope, node.id)
        if not isinstance(node, ast.Attribute):
            return None, None
        owner = self.class_of_self(node.value)
        if owner is not None:
            return self, method(owner, node.attr)
        held = self.value(node.value).proven
        if isinstance(held, Own):
            other, cls = self.class_of(held)
            return other, method(cls, node.attr) if cls else None
        if isinstance(held, ModuleTarget):
            other = self.neighbour(held.module)
            if other is not None:
                return other._function(other.names.module, node.attr)
        return None, None

    def _function(self, scope: Scope | None, name: str) -> tuple[Inference | None, Function | None]:
        """The function that a name of a scope is, also where it is imported."""
        bindings = scope.bindings.get(name, []) if scope else []
        if len(bindings) != 1:
            return None, None
        node, alias = bindings[0].node, bindings[0].alias
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            return self, node
        if isinstance(node, ast.ImportFrom) and alias is not None:
            found = self.project.locate(self.module, node)
            other = self.neighbour(found.module) if found else None
            if other is not None and other is not self:
                return other._function(other.names.module, alias.name)
        return None, None

    def _import_module(self, node: ast.Call) -> Value | None:
        """`importlib.import_module("package.module")` of a module that is not legacy itself."""
        function = node.func
        word = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        if word != "import_module" or not node.args or not isinstance(node.args[0], ast.Constant):
            return None
        found = self.project.locate_dotted(self.module, str(node.args[0].value))
        if found is None or found.module in self.project.index.legacy:
            return None
        return Value(frozenset({ModuleTarget(found.module)}), True)

    def _getattr(self, node: ast.Call) -> Value | None:
        """`getattr(module, "Name")`."""
        is_getattr = isinstance(node.func, ast.Name) and node.func.id == "getattr"
        if not is_getattr or len(node.args) < 2 or not isinstance(node.args[1], ast.Constant):
            return None
        owner = self.value(node.args[0])
        held = owner.proven
        if isinstance(held, ModuleTarget):
            return self._part(held, str(node.args[1].value), owner)
        return None

    def _through_member(self, function: ast.expr) -> Value:
        """A legacy classmethod that makes an object; else what the method's name hints at."""
        if not isinstance(function, ast.Attribute):
            return UNKNOWN
        owner = self.value(function.value)
        held = owner.proven
        if isinstance(held, Replacement) and function.attr == "get_instance":
            return Value(frozenset({Replacement(held.name, is_object=True)}), True)
        if isinstance(held, SymbolTarget | Instance):
            name = held.owner if isinstance(held, Instance) else held.name
            member = self.member(Instance(held.system, name), function.attr)
            if member is not None and member.produces:
                made = Instance(held.system, member.produces)
                return Value(frozenset({made}), True, owner.origins)
            return UNKNOWN
        hint = self.hints.calls.get(function.attr) if self.hints else None
        return UNKNOWN if hint is None else hint


def _says_nothing(annotation: ast.expr) -> bool:
    """Whether an annotation is `Any` or `object`."""
    word = (
        annotation.attr if isinstance(annotation, ast.Attribute) else getattr(annotation, "id", "")
    )
    return word in ("Any", "object")

"""Which functions and classes of the project an expression refers to, where values are known."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nonce_migrate.resolve.classes import Classes
from nonce_migrate.resolve.definitions import Function, decorators, gives_its_result
from nonce_migrate.resolve.held import Own
from nonce_migrate.resolve.project import ModuleTarget, ParsedModule
from nonce_migrate.resolve.referents import NOBODY, Definition, Names, Referents
from nonce_migrate.resolve.scopes import BindingKind, Scope

if TYPE_CHECKING:
    from nonce_migrate.resolve.inference import Inference

_THREADS = frozenset(("Thread", "Process"))
_CLASSMETHODS = frozenset(("__init_subclass__", "__class_getitem__", "__new__"))
_KEPT = (ast.Assign, ast.AnnAssign, ast.NamedExpr, ast.Return, ast.Yield, ast.Call, ast.keyword)
_BUILTINS = frozenset(dir(builtins)) - {"getattr", "globals", "locals", "vars", "next", "eval"}
_LITERALS = (
    *(ast.Constant, ast.JoinedStr, ast.List, ast.Tuple, ast.Dict, ast.Set, ast.ListComp),
    *(ast.DictComp, ast.SetComp, ast.GeneratorExp, ast.Compare, ast.BinOp),
)


@dataclass(frozen=True, slots=True)
class Reference:
    """What an attribute refers to.

    is_certain: no other function of the project. skip: parameters that come before the arguments
    where it is called.
    """

    referents: Referents = NOBODY
    is_certain: bool = False
    skip: int = 0


_NOT_OURS = Reference(is_certain=True)


class References:
    """Answers for the expressions of all files, with what the inferences know of them."""

    def __init__(self, names: Names, classes: Classes, inferences: Mapping[str, Inference]) -> None:
        self.names = names
        self.classes = classes
        self.inferences = inferences
        self._names: dict[tuple[Scope | ParsedModule, str], Referents] = {}

    def of_name(self, module: ParsedModule, node: ast.Name) -> Referents:
        """What a name can be; `cls` of a classmethod is its class or one that inherits it."""
        home = module.names.scope_of[node].lookup(node.id)
        question = home or module, node.id
        if question not in self._names:
            self._names[question] = self._of_name(module, node)
        return self._names[question]

    def _of_name(self, module: ParsedModule, node: ast.Name) -> Referents:
        owner = self._own_of_self(module, node)
        if owner is not None:
            if not self._in_classmethod(module, node):
                return NOBODY
            keys = self.classes.with_subclasses(owner)
            return Referents(tuple(self.classes.by_key[key] for key in keys), True)
        return self.names.of_name(module, node.id, module.names.scope_of[node])

    def of_attribute(self, module: ParsedModule, node: ast.Attribute) -> Reference:
        """What `owner.name` can be."""
        home = self.names.module_of(module, node.value)
        if home is not None:
            return Reference(self.names.of_module(home, node.attr), True)
        owner = self._own_of_super(module, node.value)
        if owner is not None:
            return self._methods(self.classes.after(owner, node.attr), is_bound=True)
        owner = self._own_of_self(module, node.value)
        if owner is not None:
            is_bound = not self._in_classmethod(module, node.value)
            return self._methods(self.classes.methods(owner, node.attr), is_bound=is_bound)
        return self._of_value(module, node)

    def _of_value(self, module: ParsedModule, node: ast.Attribute) -> Reference:
        value = self.inferences[module.path].value(node.value)
        owners = [held for held in value.held if isinstance(held, Own)]
        is_class = bool(self._classes_of(module, node.value))
        found = [m for own in owners for m in self.classes.methods(own, node.attr)]
        reference = self._methods(found, is_bound=not is_class)
        modules = [held for held in value.held if isinstance(held, ModuleTarget)]
        others = [self.names.of_module(held.module, node.attr) for held in modules]
        if others:
            definitions = (
                *reference.referents.definitions,
                *(d for o in others for d in o.definitions),
            )
            reference = Reference(Referents(tuple(dict.fromkeys(definitions))), value.complete)
        if value.complete:
            return reference
        return Reference(reference.referents, self.is_foreign(module, node.value), reference.skip)

    def _methods(
        self, found: Iterable[tuple[Definition, Function]], *, is_bound: bool
    ) -> Reference:
        methods = [Definition(definition.module, function) for definition, function in found]
        kinds = {word for m in methods for word in decorators(m.node)}
        skip = 1 if is_bound or "classmethod" in kinds else 0
        if "staticmethod" in kinds:
            skip = 0
        mixed = len({frozenset(_binding_words(m.node)) for m in methods}) > 1
        return Reference(Referents(tuple(methods), bool(methods) and not mixed), not mixed, skip)

    def _classes_of(self, module: ParsedModule, node: ast.expr) -> list[Definition]:
        """The classes that an expression is itself, not an object of them."""
        found = self.names.of_expression(module, node).definitions
        return [d for d in found if isinstance(d.node, ast.ClassDef)]

    def _own_of_self(self, module: ParsedModule, node: ast.expr) -> Own | None:
        owner = self.inferences[module.path].attributes.class_of_self(node)
        return None if owner is None else self.classes.key(owner)

    def _in_classmethod(self, module: ParsedModule, node: ast.expr) -> bool:
        assert isinstance(node, ast.Name)
        scope = module.names.scope_of[node].lookup(node.id)
        function = scope.node if scope else None
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            return False
        return is_classmethod(function)

    def _own_of_super(self, module: ParsedModule, node: ast.expr) -> Own | None:
        """The class in whose method a `super()` stands."""
        if not isinstance(node, ast.Call) or getattr(node.func, "id", "") != "super":
            return None
        for parent in module.names.ancestors(node):
            if isinstance(parent, ast.ClassDef):
                return self.classes.key(parent)
        return None

    def is_foreign(self, module: ParsedModule, node: ast.expr) -> bool:
        """Whether an expression is a literal, a builtin, or of a module outside the project."""
        while isinstance(node, ast.Attribute):
            node = node.value
        if isinstance(node, _LITERALS):
            return True
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return self._is_builtin(module, node.func)
        if not isinstance(node, ast.Name):
            return False
        scope = module.names.scope_of[node].lookup(node.id)
        if scope is None:
            return self._is_builtin(module, node)
        return all(self._is_outside(module, b) for b in scope.bindings[node.id])

    def _is_outside(self, module: ParsedModule, binding: object) -> bool:
        node = getattr(binding, "node", None)
        if getattr(binding, "kind", None) is not BindingKind.IMPORT:
            return False
        project = self.names.project
        if isinstance(node, ast.ImportFrom):
            return project.locate(module, node) is None and not node.level
        alias = getattr(binding, "alias", None)
        return isinstance(alias, ast.alias) and project.locate_dotted(module, alias.name) is None

    def _is_builtin(self, module: ParsedModule, name: ast.Name) -> bool:
        is_free = module.names.scope_of[name].lookup(name.id) is None
        return is_free and name.id in _BUILTINS

    def is_cls(self, module: ParsedModule, node: ast.Name) -> bool:
        """Whether a name is the first parameter of a classmethod."""
        is_first = self._own_of_self(module, node) is not None
        return is_first and self._in_classmethod(module, node)

    def makes_foreign(self, module: ParsedModule, node: ast.expr) -> bool:
        """Whether a callee is a class of another package, by its name (`MagicMock`)."""
        word = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
        if not word[:1].isupper():
            return False
        return isinstance(node, ast.Name | ast.Attribute) and self.is_foreign(module, node)

    def thread(self, module: ParsedModule, node: ast.expr) -> ast.Call | None:
        """The `Thread(target=node, ...)` that will call a function with `args` and `kwargs`."""
        keyword = module.names.parents.get(node)
        call = module.names.parents.get(keyword) if isinstance(keyword, ast.keyword) else None
        if not isinstance(call, ast.Call) or not isinstance(keyword, ast.keyword):
            return None
        function = call.func
        word = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        is_thread = word in _THREADS and self.is_foreign(module, function)
        return call if is_thread and keyword.arg == "target" else None

    def is_member(self, own: Own, name: str) -> bool:
        """Whether `Class.name` is something that the class itself defines (so it makes nothing)."""
        if name in ("__name__", "__qualname__", "__module__", "__doc__"):
            return True
        if name.startswith("__") and name != "__init__":
            return False
        for above in self.classes.order(own):
            definition = self.classes.by_key[above] if above else None
            scopes = definition.module.names.scopes if definition else []
            node = definition.node if definition else None
            if any(s.node is node and name in s.bindings for s in scopes):
                return True
        return False

    def of_type(self, module: ParsedModule, node: ast.expr) -> tuple[Own, ...] | None:
        """The classes that `type(x)` or `x.__class__` can be; None: no such expression.

        Empty where it can be any.
        """
        subject: ast.expr | None = None
        if isinstance(node, ast.Attribute) and node.attr == "__class__":
            subject = node.value
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "type":
            subject = node.args[0] if len(node.args) == 1 else None
        if subject is None or self.is_foreign(module, subject):
            return None
        own = self._own_of_self(module, subject)
        value = self.inferences[module.path].value(subject)
        owners = [own] if own else [held for held in value.held if isinstance(held, Own)]
        if own is None and not value.complete:
            return ()
        found = dict.fromkeys(k for o in owners for k in self.classes.with_subclasses(o))
        return tuple(found) or None

    def is_kept(self, module: ParsedModule, node: ast.expr) -> bool:
        """Whether `type(x)` is given a name or handed on, so that it may be called later."""
        parent = module.names.parents.get(node)
        if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name):
            return not self._is_builtin(module, parent.func)
        return isinstance(parent, _KEPT)

    def is_idle_text(self, module: ParsedModule, text: ast.Constant) -> bool:
        """Whether a text cannot look a name up: a docstring, a part of a message, a log's name."""
        parent = module.names.parents.get(text)
        if isinstance(parent, ast.Expr | ast.JoinedStr | ast.Compare | ast.BinOp | ast.Assert):
            return True
        if isinstance(parent, ast.Call):
            function = parent.func
            word = function.attr if isinstance(function, ast.Attribute) else ""
            word = word or getattr(function, "id", "")
            return word in ("getLogger", "print", "patch") or word.startswith("assert")
        names = module.names
        return any(
            isinstance(above, ast.Assign | ast.AugAssign)
            and "__all__" in {getattr(t, "id", "") for t in getattr(above, "targets", ())}
            for above in names.ancestors(text)
        )

    def targets(self, module: ParsedModule, call: ast.Call) -> list[tuple[Definition, int]]:
        """The functions that a call can run, with the parameters that come before its arguments.

        Empty where it can run others too.
        """
        function, skip = call.func, 0
        found = NOBODY
        if isinstance(function, ast.Name):
            found = self.of_name(module, function)
        elif isinstance(function, ast.Attribute):
            reference = self.of_attribute(module, function)
            if reference.is_certain:
                found, skip = reference.referents, reference.skip
        targets: list[tuple[Definition, int]] = []
        for definition in found.definitions if found.exact else ():
            if isinstance(definition.node, ast.ClassDef):
                made = self.classes.find(self.classes.key(definition.node), "__init__")
                definition, skip = (Definition(made[0].module, made[1]) if made else definition), 1
            node = definition.node
            if isinstance(node, ast.ClassDef) or not gives_its_result(node):
                return []
            targets.append((definition, skip))
        return targets


def is_classmethod(function: Function) -> bool:
    """Whether the first parameter of a method is its class."""
    return "classmethod" in set(decorators(function)) or function.name in _CLASSMETHODS


def _binding_words(node: Function | ast.ClassDef) -> Iterator[str]:
    return (word for word in decorators(node) if word in ("staticmethod", "classmethod"))

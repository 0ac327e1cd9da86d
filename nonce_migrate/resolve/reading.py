"""Reads the scopes, bindings and loads of a module in one walk over its tree."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any, TypeVar

from nonce_migrate.resolve.children import CHILDREN
from nonce_migrate.resolve.scopes import Binding, BindingKind, Drawn, NameTable, Scope, ScopeKind

Node = TypeVar("Node", bound=ast.AST)

_position = attrgetter("lineno", "col_offset")
# Newer than Python 3.11.
_TYPE_PARAMETERS = [
    getattr(ast, kind) for kind in ("TypeVar", "ParamSpec", "TypeVarTuple") if hasattr(ast, kind)
]


def read_names(tree: ast.Module) -> NameTable:
    """The scopes, bindings and loads of a module."""
    module = Scope(ScopeKind.MODULE, tree, None)
    walk = _Walk(NameTable(module))
    walk.table.scopes.append(module)
    walk.push_all(tree.body, module, tree)
    walk.run()
    walk.settle()
    return walk.table


class _Walk:
    """Goes over the tree with a stack of its own, so that deep expressions are no trouble.

    A scope on the stack is the one that the nodes below it stand in.
    """

    def __init__(self, table: NameTable) -> None:
        self.table = table
        self.stack: list[ast.AST | Scope] = []
        self.found: list[Binding] = []
        self.values = table.assigned
        self.entered: set[ast.AST] = set()
        self.hints: dict[ast.AST, ast.expr] = {}
        self.loads: list[ast.Name] = []
        self.attributes: list[ast.Attribute] = []
        self.calls: list[ast.Call] = []
        self.strings: list[ast.Constant] = []
        self.imports: list[ast.Import | ast.ImportFrom] = []

    def push(self, node: ast.AST, scope: Scope, parent: ast.AST) -> None:
        self.table.parents[node] = parent
        self.stack += (node, scope)

    def push_all(self, nodes: Iterable[ast.AST], scope: Scope, parent: ast.AST) -> None:
        for node in nodes:
            self.table.parents[node] = parent
            self.stack.append(node)
        self.stack.append(scope)

    def run(self) -> None:
        scope, stack = self.table.module, self.stack
        scope_of, parents = self.table.scope_of, self.table.parents
        while stack:
            node = stack.pop()
            if isinstance(node, Scope):
                scope = node
                continue
            scope_of[node] = scope
            kind = type(node)
            note = _NOTES.get(kind)
            if note is not None:
                note(self, node, scope)
            children = CHILDREN[kind]
            if children is not None:
                for child in children(node):
                    if child is not None:
                        parents[child] = node
                        stack.append(child)

    def bind(self, name: str, kind: BindingKind, node: ast.AST, scope: Scope) -> Binding:
        binding = Binding(name, kind, node, scope)
        self.found.append(binding)
        return binding

    def open(self, kind: ScopeKind, node: ast.AST, parent: Scope) -> Scope:
        scope = Scope(kind, node, parent)
        self.table.scopes.append(scope)
        return scope

    def function(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, scope: Scope
    ) -> None:
        self.stack.append(scope)
        inner = self.open(ScopeKind.FUNCTION, node, scope)
        args = node.args
        optional = [a for a in (args.vararg, args.kwarg) if a is not None]
        for arg in (*args.posonlyargs, *args.args, *args.kwonlyargs, *optional):
            binding = self.bind(arg.arg, BindingKind.PARAMETER, arg, inner)
            if arg not in optional:
                binding.annotation = arg.annotation
            self.table.parents[arg] = node
            if arg.annotation is not None:
                self.table.annotations.append((arg.annotation, scope))
                self.push(arg.annotation, scope, arg)
        self.push_all([*args.defaults, *(d for d in args.kw_defaults if d)], scope, node)
        self.push_all(getattr(node, "type_params", ()), inner, node)
        if isinstance(node, ast.Lambda):
            self.push(node.body, inner, node)
            return
        self.bind(node.name, BindingKind.DEFINITION, node, scope)
        self.push_all(node.decorator_list, scope, node)
        if node.returns is not None:
            self.table.annotations.append((node.returns, scope))
            self.push(node.returns, scope, node)
        self.push_all(node.body, inner, node)

    def class_(self, node: ast.ClassDef, scope: Scope) -> None:
        self.bind(node.name, BindingKind.DEFINITION, node, scope)
        self.stack.append(scope)
        inner = self.open(ScopeKind.CLASS, node, scope)
        self.push_all(getattr(node, "type_params", ()), inner, node)
        self.push_all([*node.decorator_list, *node.bases, *node.keywords], scope, node)
        self.push_all(node.body, inner, node)

    def comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp, scope: Scope
    ) -> None:
        self.stack.append(scope)
        inner = self.open(ScopeKind.COMPREHENSION, node, scope)
        for position, generator in enumerate(node.generators):
            self.table.parents[generator] = node
            self.push(generator.iter, inner if position else scope, generator)
            self.push(generator.target, inner, generator)
            self.draw(generator.target, generator.iter)
            self.push_all(generator.ifs, inner, generator)
        if isinstance(node, ast.DictComp):
            self.push_all([node.key, node.value], inner, node)
        else:
            self.push(node.elt, inner, node)

    def import_(self, node: ast.Import | ast.ImportFrom, scope: Scope) -> None:
        self.imports.append(node)
        for index, alias in enumerate(node.names):
            self.table.parents[alias] = node
            if alias.name == "*":
                star = Binding("*", BindingKind.IMPORT, node, scope, alias=alias)
                self.table.star_bindings[node] = star
                continue
            local = alias.asname
            if local is None:
                local = alias.name if isinstance(node, ast.ImportFrom) else alias.name.split(".")[0]
            binding = self.bind(local, BindingKind.IMPORT, node, scope)
            binding.alias, binding.index = alias, index
            self.table.imported.append(binding)

    def name(self, node: ast.Name, scope: Scope) -> None:
        if isinstance(node.ctx, ast.Load):
            self.loads.append(node)
            return
        kind = BindingKind.ASSIGNMENT if node in self.values else BindingKind.OTHER
        if node in self.hints:
            kind = BindingKind.ASSIGNMENT
        home = scope
        parent = self.table.parents.get(node)
        if isinstance(parent, ast.NamedExpr):
            while home.kind is ScopeKind.COMPREHENSION and home.parent is not None:
                home = home.parent
        binding = self.bind(node.id, kind, node, home)
        binding.value = self.values.get(node)
        binding.annotation = self.hints.get(node)
        binding.is_entered = node in self.entered
        binding.drawn = self.table.drawn.get(node)

    def global_(self, node: ast.Global, scope: Scope) -> None:
        scope.global_names |= frozenset(node.names)

    def nonlocal_(self, node: ast.Nonlocal, scope: Scope) -> None:
        scope.nonlocal_names |= frozenset(node.names)

    def attribute(self, node: ast.Attribute, scope: Scope) -> None:
        self.attributes.append(node)

    def call(self, node: ast.Call, scope: Scope) -> None:
        self.calls.append(node)

    def constant(self, node: ast.Constant, scope: Scope) -> None:
        if isinstance(node.value, str):
            self.strings.append(node)

    def result(self, node: ast.Return | ast.Yield, scope: Scope) -> None:
        self.table.results.append((node, scope))

    def match(self, node: ast.Match, scope: Scope) -> None:
        self.table.matches.append(node)

    def assign(self, node: ast.Assign, scope: Scope) -> None:
        for target in node.targets:
            self.pair(target, node.value)

    def walrus(self, node: ast.NamedExpr, scope: Scope) -> None:
        self.values[node.target] = node.value

    def with_(self, node: ast.withitem, scope: Scope) -> None:
        if node.optional_vars is not None:
            self.values[node.optional_vars] = node.context_expr
            self.entered.add(node.optional_vars)

    def loop(self, node: ast.For | ast.AsyncFor, scope: Scope) -> None:
        self.draw(node.target, node.iter)

    def annotated(self, node: ast.AnnAssign, scope: Scope) -> None:
        self.table.annotations.append((node.annotation, scope))
        self.hints[node.target] = node.annotation
        if node.value is not None:
            self.values[node.target] = node.value

    def pair(self, target: ast.expr, value: ast.expr) -> None:
        """`a, b = x, y` gives each target its own value where both sides are spelt out."""
        self.values[target] = value
        if isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Tuple | ast.List):
            starred = any(isinstance(e, ast.Starred) for e in (*target.elts, *value.elts))
            if len(target.elts) == len(value.elts) and not starred:
                for left, right in zip(target.elts, value.elts, strict=True):
                    self.pair(left, right)

    def draw(self, target: ast.expr, iterable: ast.expr, path: tuple[int, ...] = ()) -> None:
        """Notes what a loop gives each name of its target."""
        self.table.drawn[target] = Drawn(iterable, path)
        if isinstance(target, ast.Tuple | ast.List):
            for position, part in enumerate(target.elts):
                if isinstance(part, ast.Starred):
                    return
                self.draw(part, iterable, (*path, position))

    def named(self, node: Any, scope: Scope) -> None:
        """A name that is bound by a plain string in the tree."""
        if node.name is not None:
            self.bind(node.name, BindingKind.OTHER, node, scope)

    def rest(self, node: ast.MatchMapping, scope: Scope) -> None:
        if node.rest is not None:
            self.bind(node.rest, BindingKind.OTHER, node, scope)

    def settle(self) -> None:
        """Puts each binding into the scope that `global` and `nonlocal` say."""
        nonlocals = [b for b in self.found if b.name in b.scope.nonlocal_names]
        for binding in self.found:
            if binding.name in binding.scope.global_names:
                binding.scope = self.table.module
            if binding.name not in binding.scope.nonlocal_names:
                binding.scope.bindings.setdefault(binding.name, []).append(binding)
        for binding in nonlocals:
            outer = (s for s in binding.scope.ancestors() if s.kind is ScopeKind.FUNCTION)
            binding.scope = next((s for s in outer if binding.name in s.bindings), binding.scope)
            binding.scope.bindings.setdefault(binding.name, []).append(binding)
        for scope in self.table.scopes:
            for bindings in scope.bindings.values():
                if len(bindings) > 1:
                    bindings.sort(key=_place)
        self.table.loads = self.in_order(self.loads)
        self.table.attributes = self.in_order(self.attributes)
        self.table.stored = [n for n in self.attributes if isinstance(n.ctx, ast.Store)]
        self.table.calls = self.in_order(self.calls)
        self.table.strings = self.in_order(self.strings)
        self.table.imports = self.in_order(self.imports)

    def in_order(self, nodes: list[Node]) -> list[tuple[Node, Scope]]:
        """Nodes in the order of the text, each with the scope that it stands in."""
        scope_of = self.table.scope_of
        nodes.sort(key=_position)
        return [(node, scope_of[node]) for node in nodes]


def _place(binding: Binding) -> tuple[int, int]:
    node = binding.node
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


# kind of node -> what is kept of it.
_NOTES: dict[type, Callable[[_Walk, Any, Scope], None]] = {
    **dict.fromkeys((ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda), _Walk.function),
    **dict.fromkeys((ast.ListComp, ast.SetComp, ast.DictComp), _Walk.comprehension),
    **dict.fromkeys((ast.Import, ast.ImportFrom), _Walk.import_),
    **dict.fromkeys((ast.Return, ast.Yield), _Walk.result),
    **dict.fromkeys((ast.For, ast.AsyncFor), _Walk.loop),
    **dict.fromkeys((ast.ExceptHandler, ast.MatchAs, ast.MatchStar), _Walk.named),
    **dict.fromkeys(_TYPE_PARAMETERS, _Walk.named),
    ast.AnnAssign: _Walk.annotated,
    ast.Assign: _Walk.assign,
    ast.Attribute: _Walk.attribute,
    ast.Call: _Walk.call,
    ast.ClassDef: _Walk.class_,
    ast.Constant: _Walk.constant,
    ast.GeneratorExp: _Walk.comprehension,
    ast.Global: _Walk.global_,
    ast.Match: _Walk.match,
    ast.MatchMapping: _Walk.rest,
    ast.Name: _Walk.name,
    ast.NamedExpr: _Walk.walrus,
    ast.Nonlocal: _Walk.nonlocal_,
    ast.withitem: _Walk.with_,
}

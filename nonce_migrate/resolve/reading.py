"""Reads the scopes, bindings and loads of a module in one walk over its tree."""

from __future__ import annotations

import ast

from nonce_migrate.resolve.scopes import Binding, BindingKind, Drawn, NameTable, Scope, ScopeKind

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
# An alias is read with its statement; the others say nothing, and are one object all over the tree.
_NOT_WALKED = (ast.alias, ast.expr_context, ast.operator, ast.cmpop, ast.unaryop, ast.boolop)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


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
    """Goes over the tree with a stack of its own, so that deep expressions are no trouble."""

    def __init__(self, table: NameTable) -> None:
        self.table = table
        self.stack: list[tuple[ast.AST, Scope]] = []
        self.found: list[Binding] = []
        self.values = table.assigned
        self.entered: set[ast.AST] = set()
        self.hints: dict[ast.AST, ast.expr] = {}

    def push(self, node: ast.AST, scope: Scope, parent: ast.AST) -> None:
        self.table.parents[node] = parent
        self.stack.append((node, scope))

    def push_all(
        self, nodes: list[ast.stmt] | list[ast.expr], scope: Scope, parent: ast.AST
    ) -> None:
        for node in nodes:
            self.push(node, scope, parent)

    def run(self) -> None:
        while self.stack:
            node, scope = self.stack.pop()
            self.table.scope_of[node] = scope
            if isinstance(node, _FUNCTIONS):
                self.function(node, scope)
            elif isinstance(node, ast.ClassDef):
                self.class_(node, scope)
            elif isinstance(node, _COMPREHENSIONS):
                self.comprehension(node, scope)
            else:
                self.plain(node, scope)

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
        for parameter in getattr(node, "type_params", ()):
            self.push(parameter, inner, node)
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
        inner = self.open(ScopeKind.CLASS, node, scope)
        for parameter in getattr(node, "type_params", ()):
            self.push(parameter, inner, node)
        self.push_all([*node.decorator_list, *node.bases], scope, node)
        for keyword in node.keywords:
            self.push(keyword, scope, node)
        self.push_all(node.body, inner, node)

    def comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp, scope: Scope
    ) -> None:
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

    def plain(self, node: ast.AST, scope: Scope) -> None:
        if isinstance(node, ast.Import | ast.ImportFrom):
            self.import_(node, scope)
        elif isinstance(node, ast.Name):
            self.name(node, scope)
        elif isinstance(node, ast.Global):
            scope.global_names.update(node.names)
        elif isinstance(node, ast.Nonlocal):
            scope.nonlocal_names.update(node.names)
        else:
            self.remember(node, scope)
            self.named_fields(node, scope)
        for child in ast.iter_child_nodes(node):
            if not isinstance(child, _NOT_WALKED):
                self.push(child, scope, node)

    def import_(self, node: ast.Import | ast.ImportFrom, scope: Scope) -> None:
        self.table.imports.append((node, scope))
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
            self.table.loads.append((node, scope))
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

    def remember(self, node: ast.AST, scope: Scope) -> None:
        """Keeps what the rules look at, and which expression a target is given."""
        if isinstance(node, ast.Attribute):
            self.table.attributes.append((node, scope))
        elif isinstance(node, ast.Call):
            self.table.calls.append((node, scope))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            self.table.strings.append((node, scope))
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                self.pair(target, node.value)
        elif isinstance(node, ast.Match):
            self.table.matches.append(node)
        elif isinstance(node, ast.Return | ast.Yield):
            self.table.results.append((node, scope))
        elif isinstance(node, ast.NamedExpr):
            self.values[node.target] = node.value
        elif isinstance(node, ast.withitem) and node.optional_vars is not None:
            self.values[node.optional_vars] = node.context_expr
            self.entered.add(node.optional_vars)
        elif isinstance(node, ast.For | ast.AsyncFor):
            self.draw(node.target, node.iter)
        elif isinstance(node, ast.AnnAssign):
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

    def named_fields(self, node: ast.AST, scope: Scope) -> None:
        """Names that are bound by a plain string in the tree."""
        name: str | None = None
        if isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar):
            name = node.name
        elif isinstance(node, ast.MatchMapping):
            name = node.rest
        elif type(node).__name__ in ("TypeVar", "ParamSpec", "TypeVarTuple"):
            name = getattr(node, "name", None)
        if name is not None:
            self.bind(name, BindingKind.OTHER, node, scope)

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
        for bindings in (b for s in self.table.scopes for b in s.bindings.values()):
            bindings.sort(key=_position)
        self.table.loads.sort(key=lambda pair: (pair[0].lineno, pair[0].col_offset))
        self.table.attributes.sort(key=lambda pair: (pair[0].lineno, pair[0].col_offset))
        self.table.calls.sort(key=lambda pair: (pair[0].lineno, pair[0].col_offset))
        self.table.strings.sort(key=lambda pair: (pair[0].lineno, pair[0].col_offset))
        self.table.imports.sort(key=lambda pair: (pair[0].lineno, pair[0].col_offset))


def _position(binding: Binding) -> tuple[int, int]:
    node = binding.node
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)

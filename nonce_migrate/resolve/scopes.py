"""Scopes and bindings of one module, after Python's own rules (reference, "Naming and binding").

Flow-insensitive: a name of a scope is the list of everything that ever binds it there.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import NamedTuple


class ScopeKind(Enum):
    """What opens a scope."""

    MODULE = auto()
    CLASS = auto()
    FUNCTION = auto()
    COMPREHENSION = auto()


class BindingKind(Enum):
    """What binds a name."""

    IMPORT = auto()
    ASSIGNMENT = auto()
    DEFINITION = auto()
    PARAMETER = auto()
    OTHER = auto()


class Drawn(NamedTuple):
    """What a loop gives a target: each item of `iterable`, or the part of it at `path`.

    `for a, (b, c) in x` gives `c` the part (1, 1) of each item of `x`.
    """

    iterable: ast.expr
    path: tuple[int, ...] = ()


@dataclass(eq=False, slots=True)
class Binding:
    """One place that binds a name.

    node: the statement, parameter or name that binds. value: the expression assigned, where that
    is a plain assignment, or a `with` item (is_entered). drawn: where it is the target of a loop.
    alias: of an import, with its index in the statement.
    """

    name: str
    kind: BindingKind
    node: ast.AST
    scope: Scope
    value: ast.expr | None = None
    annotation: ast.expr | None = None
    alias: ast.alias | None = None
    index: int = 0
    is_entered: bool = False
    drawn: Drawn | None = None


@dataclass(eq=False, slots=True)
class Scope:
    """A scope, its names and what it declares `global` or `nonlocal`."""

    kind: ScopeKind
    node: ast.AST
    parent: Scope | None
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    global_names: frozenset[str] = frozenset()
    nonlocal_names: frozenset[str] = frozenset()

    def ancestors(self) -> Iterator[Scope]:
        """This scope and those around it, innermost first."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent

    def lookup(self, name: str) -> Scope | None:
        """The scope whose binding a load of `name` here finds; None: a builtin or nothing."""
        if name in self.global_names:
            module = list(self.ancestors())[-1]
            return module if name in module.bindings else None
        if name in self.bindings:
            return self
        scope = self.parent
        while scope is not None:
            if name in scope.bindings and scope.kind is not ScopeKind.CLASS:
                return scope
            scope = scope.parent
        return None

    def is_inside(self, other: Scope) -> bool:
        """Whether this scope is `other` or lies in it."""
        return any(scope is other for scope in self.ancestors())


@dataclass(eq=False, slots=True)
class NameTable:
    """Everything that the walk over one module found.

    stored: those of the attributes that are assigned to. qualified: what `callee.qualified` has
    worked out already.
    """

    module: Scope
    loads: list[tuple[ast.Name, Scope]] = field(default_factory=list)
    attributes: list[tuple[ast.Attribute, Scope]] = field(default_factory=list)
    stored: list[ast.Attribute] = field(default_factory=list)
    calls: list[tuple[ast.Call, Scope]] = field(default_factory=list)
    strings: list[tuple[ast.Constant, Scope]] = field(default_factory=list)
    star_bindings: dict[ast.AST, Binding] = field(default_factory=dict)
    imports: list[tuple[ast.Import | ast.ImportFrom, Scope]] = field(default_factory=list)
    imported: list[Binding] = field(default_factory=list)
    annotations: list[tuple[ast.expr, Scope]] = field(default_factory=list)
    matches: list[ast.Match] = field(default_factory=list)
    results: list[tuple[ast.Return | ast.Yield, Scope]] = field(default_factory=list)
    scopes: list[Scope] = field(default_factory=list)
    parents: dict[ast.AST, ast.AST] = field(default_factory=dict)
    scope_of: dict[ast.AST, Scope] = field(default_factory=dict)
    qualified: dict[ast.AST, str] = field(default_factory=dict)
    assigned: dict[ast.AST, ast.expr] = field(default_factory=dict)
    drawn: dict[ast.AST, Drawn] = field(default_factory=dict)

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes around a node, innermost first."""
        parent = self.parents.get(node)
        while parent is not None:
            yield parent
            parent = self.parents.get(parent)

    def statement(self, node: ast.AST) -> ast.stmt:
        """The statement that a node stands in (itself, where it is one)."""
        if isinstance(node, ast.stmt):
            return node
        return next(a for a in self.ancestors(node) if isinstance(a, ast.stmt))

"""One text of a module and what Python's own tools say of it, each asked once."""

from __future__ import annotations

import ast
import symtable
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from nonce_migrate.source import UnparsableError, decode, parse


@dataclass(frozen=True)
class Module:
    """A module's path, relative to the root, and its text, which can be parsed."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree."""
        return parse(self.text)

    @cached_property
    def blocks(self) -> tuple[list[ast.stmt], ...]:
        """The lists of statements, at any depth; nothing but a statement holds one."""
        found: list[list[ast.stmt]] = []
        holders: list[ast.AST] = [self.tree]
        for holder in holders:
            for name in ("body", "orelse", "finalbody"):
                block = getattr(holder, name, None)
                if isinstance(block, list):
                    found.append(block)
                    holders += (node for node in block if hasattr(node, "body"))
            holders += getattr(holder, "handlers", ())
            holders += getattr(holder, "cases", ())
        return tuple(found)

    @cached_property
    def imports(self) -> tuple[ast.Import | ast.ImportFrom, ...]:
        """All import statements, at any depth."""
        nodes = (node for block in self.blocks for node in block)
        return tuple(node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom))

    @cached_property
    def from_imports(self) -> tuple[ast.ImportFrom, ...]:
        """All `from` statements, at any depth."""
        return tuple(node for node in self.imports if isinstance(node, ast.ImportFrom))

    @cached_property
    def tables(self) -> tuple[symtable.SymbolTable, ...]:
        """The symbol tables of all scopes, the module's own first."""
        return tuple(_tables(symtable.symtable(self.text, self.path, "exec")))

    @cached_property
    def bound(self) -> frozenset[str]:
        """The names that the module's own level binds, whichever way its branches go."""
        names = {symbol.get_name() for symbol in self.tables[0].get_symbols() if binds(symbol)}
        for table in self.tables[1:]:
            symbols = (s for s in table.get_symbols() if s.is_declared_global() and binds(s))
            names |= {symbol.get_name() for symbol in symbols}
        return frozenset(names)

    @cached_property
    def is_open(self) -> bool:
        """Whether it has names that cannot be seen in it: by a star, or by `__getattr__`."""
        return "__getattr__" in self.bound or any(n.names[0].name == "*" for n in self.from_imports)


def read_module(path: str, data: bytes) -> Module | None:
    """The module in a file's bytes, None where it is none that Python reads."""
    module = read_scopes(path, data)
    try:
        _ = module and module.tree
    except UnparsableError:
        return None
    return module


def read_scopes(path: str, data: bytes) -> Module | None:
    """The same, where the tree has been made of these bytes before, and is rarely asked for."""
    try:
        module = Module(path, decode(path, data).text)
        _ = module.tables
    except (UnparsableError, SyntaxError, ValueError, RecursionError):
        return None
    return module


def binds(symbol: symtable.Symbol) -> bool:
    """Whether a scope gives a symbol a value."""
    return symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace()


def _tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _tables(child)

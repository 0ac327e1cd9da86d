"""The names that a piece of Python takes from what is around it, and those that it gives."""

from __future__ import annotations

import builtins
import symtable
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

_BUILTINS = frozenset(dir(builtins))


@dataclass(frozen=True, slots=True)
class SharedNames:
    """bound: names of the top level. used: names that nothing in it binds, in a fixed order."""

    bound: frozenset[str]
    used: tuple[str, ...]


def shared_names(code: str) -> SharedNames:
    """The shared names of a text that parses; none where only the compiler would complain."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            top = symtable.symtable(code, "<block>", "exec")
    except (SyntaxError, RecursionError):
        return SharedNames(frozenset(), ())
    symbols = top.get_symbols()
    bound = frozenset(s.get_name() for s in symbols if s.is_assigned() or s.is_imported())
    bound |= frozenset(s.get_name() for s in symbols if s.is_namespace())
    used = {s.get_name() for s in symbols if s.is_referenced()} | set(_of_inner(top))
    return SharedNames(bound, tuple(sorted(used - bound - _BUILTINS)))


def _of_inner(table: symtable.SymbolTable) -> Iterator[str]:
    """The globals that functions and classes use."""
    for child in table.get_children():
        yield from (s.get_name() for s in child.get_symbols() if s.is_global())
        yield from _of_inner(child)

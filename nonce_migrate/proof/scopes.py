"""What Python's compiler says of the names in the scopes of a module.

It is read from the table itself (CPython's Include/internal/pycore_symtable.h), which is what the
standard library's `symtable` reads: its objects for every name of a scope take longer to make than
the table.
"""

from __future__ import annotations

import warnings
from _symtable import (  # type: ignore[import-not-found]
    DEF_IMPORT,
    DEF_LOCAL,
    GLOBAL_EXPLICIT,
    GLOBAL_IMPLICIT,
    SCOPE_MASK,
    SCOPE_OFF,
    USE,
    symtable,
)
from dataclasses import dataclass

_GIVEN = DEF_LOCAL | DEF_IMPORT


@dataclass(frozen=True, slots=True)
class Scopes:
    """The names of a module's own level.

    bound: those that anything in it binds there, whichever way its branches go. used: those that
    are looked up there, from any depth.
    """

    bound: frozenset[str]
    used: frozenset[str]


def scopes_of(path: str, text: str) -> Scopes:
    """The names in a module's text.

    Raises what the compiler raises: SyntaxError, ValueError, RecursionError, MemoryError.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        top = symtable(text, path, "exec")
    bound = {name for name, flags in top.symbols.items() if flags & _GIVEN}
    used = {name for name, flags in top.symbols.items() if flags & USE}
    inner = list(top.children)
    while inner:
        table = inner.pop()
        inner += table.children
        for name, flags in table.symbols.items():
            scope = flags >> SCOPE_OFF & SCOPE_MASK
            if scope in (GLOBAL_IMPLICIT, GLOBAL_EXPLICIT):
                if flags & USE:
                    used.add(name)
                if flags & _GIVEN and scope == GLOBAL_EXPLICIT:
                    bound.add(name)
    return Scopes(frozenset(bound), frozenset(used))

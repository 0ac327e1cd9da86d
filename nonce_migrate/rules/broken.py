"""Finds names that nothing binds and that are, or garble, legacy ones: broken before."""

from __future__ import annotations

import ast
import builtins
import difflib
import re

from nonce_migrate.profile.schema import NameKind
from nonce_migrate.resolve.project import Project
from nonce_migrate.resolve.scopes import NameTable
from nonce_migrate.rules.brought import CarrierKind
from nonce_migrate.rules.facts import BrokenName, FileFacts

_BUILTINS = frozenset(dir(builtins))
_WORDS = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+|_+")


def find_broken(project: Project, facts: FileFacts) -> None:
    """Fills in the unbound names of a file that equal or nearly equal a legacy name."""
    is_fragment = facts.module.source.is_fragment
    if any(carrier.kind is CarrierKind.STAR for carrier in facts.carriers) or any(
        True for _ in project.stars(facts.module)
    ):
        return
    unbound = _unbound(facts.module.names)
    known = _known(project) if unbound else {}
    for node in unbound:
        meant = node.id if node.id in known else _garbled(node.id, known)
        if meant and (meant == node.id or not is_fragment):
            facts.broken.append(BrokenName(node, known[meant], meant, is_fragment))


def _unbound(names: NameTable) -> list[ast.Name]:
    """The loads of names that nothing binds."""
    bound = _BUILTINS | names.module.bindings.keys()
    loads = (pair for pair in names.loads if pair[0].id not in bound)
    return [node for node, scope in loads if scope.lookup(node.id) is None]


def _known(project: Project) -> dict[str, str]:
    """The legacy names that cannot be mistaken for others, and the systems that they are of."""
    known: dict[str, str] = {}
    for system in project.profile.systems:
        for name, symbol in system.symbols.items():
            is_told = len(name) > 8 and symbol.kind is not NameKind.DATA
            if is_told and (name not in known or not symbol.broken):
                known[name] = system.name
    return known


def _garbled(name: str, known: dict[str, str]) -> str:
    """The legacy name that a textual replacement doubled a word of, or misspelt, or ""."""
    words = _WORDS.findall(name)
    single = "".join(word for i, word in enumerate(words) if i == 0 or word != words[i - 1])
    if single in known:
        return single
    return next(iter(difflib.get_close_matches(name, known, n=1, cutoff=0.92)), "")

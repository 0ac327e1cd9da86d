"""No file takes a name from another that this one has lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from nonce_migrate.proof.module import Module
from nonce_migrate.proof.places import Places


def lost_names(before: Module, after: Module) -> frozenset[str]:
    """The names that a module had at its own level, and will have no more."""
    return frozenset() if after.is_open else before.bound - after.bound


def client_problems(
    module: Module, lost: Mapping[str, frozenset[str]], places: Places
) -> Iterator[tuple[str, str]]:
    """(the file that lost the name, what is wrong) for what a module still imports from it.

    lost: file -> the names that it will have no more.
    """
    for node in module.from_imports:
        sources = places.imported(module.path, node)
        gone = lost.get(min(sources), frozenset()) if len(sources) == 1 else frozenset()
        for alias in node.names:
            # A module of that name may be there, too.
            if alias.name in gone and not places.imported(module.path, node, alias.name):
                yield (
                    min(sources),
                    (
                        f"it would have no {alias.name} any more, which {module.path} imports "
                        f"(line {node.lineno})"
                    ),
                )


def words(lost: Mapping[str, frozenset[str]]) -> Callable[[bytes], bool]:
    """Tells of a file's bytes whether it could import a lost name."""
    names = sorted({name for names in lost.values() for name in names})
    if not names:
        return lambda data: False
    # An identifier may be written in another encoding, or in another form of Unicode (PEP 3131).
    plain = [re.escape(name).encode() for name in names if name.isascii()]
    pattern = re.compile(b"|".join(plain) or b"(?!)")
    has_odd = len(plain) < len(names)
    return lambda data: pattern.search(data) is not None or (has_odd and not data.isascii())

"""No name is used that nothing binds any more, and no block imports two things by one name."""

from __future__ import annotations

import ast
import builtins
from collections import Counter, defaultdict
from collections.abc import Iterator

from nonce_migrate.proof.module import Module

_EVERYWHERE = frozenset(
    {
        *dir(builtins),
        *("__file__", "__path__", "__builtins__", "__annotations__", "__class__", "__module__"),
        *("__qualname__", "WindowsError"),
    }
)


def name_problems(before: Module, after: Module) -> Iterator[str]:
    """What is wrong with the names of a new text, that was right in the old one."""
    # The old text is asked last: it is parsed only where the new one has something amiss.
    clashes, repeated = _clashes(after), _repeated(after)
    for name in sorted(clashes - _clashes(before)) if clashes else ():
        yield f"the result would import two things as {name}"
    if repeated and repeated > _repeated(before):
        yield "the result would import the same twice in one statement"
    lost = frozenset() if after.is_open else _listed(after) - after.bound
    if lost and not before.is_open:
        for name in sorted(lost - (_listed(before) - before.bound)):
            yield f"the result would list {name} in __all__, and has no such name"


def unbound_problems(before: Module, after: Module) -> Iterator[str]:
    """The names that a new text uses and nothing binds, where something did."""
    new = frozenset() if after.is_open else unbound(after)
    for name in sorted(new - unbound(before)) if new else ():
        yield f"the result would use {name}, which nothing binds"


def unbound(module: Module) -> frozenset[str]:
    """The names that a module looks up in its globals, and neither binds nor has built in."""
    return module.scopes.used - module.bound - _EVERYWHERE


def _listed(module: Module) -> set[str]:
    """The strings that a module puts into `__all__` when it makes it."""
    names: set[str] = set()
    for node in module.tree.body:
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.List | ast.Tuple):
            continue
        if any(isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets):
            items = (item.value for item in node.value.elts if isinstance(item, ast.Constant))
            names |= {item for item in items if isinstance(item, str)}
    return names


def _clashes(module: Module) -> set[str]:
    """The names by which one block imports things that are called differently at home."""
    clashes: set[str] = set()
    for group in module.import_groups:
        origins: dict[str, set[str]] = defaultdict(set)
        for alias in (alias for node in group for alias in node.names):
            # `import a.b` and `import a.c` both bind `a`, and may.
            origins[alias.asname or alias.name].add(alias.name)
        origins.pop("*", None)
        clashes |= {name for name, homes in origins.items() if len(homes) > 1}
    return clashes


def _repeated(module: Module) -> int:
    """How many names are in one and the same import statement once more."""
    return sum(
        count - 1
        for node in module.imports
        for count in Counter((alias.name, alias.asname) for alias in node.names).values()
    )

"""Which names a statement binds in its own scope, and which it mentions."""

from __future__ import annotations

import ast
from collections.abc import Iterator

_NEW_SCOPE = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_LOOP = (ast.For, ast.AsyncFor)
_COMPREHENSION = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)

STAR = "*"


def bound_names(node: ast.stmt) -> tuple[str, ...]:
    """The names that a module-level statement binds, each once, in order; "*" for a star import."""
    return tuple(dict.fromkeys(_bound(node)))


def lasting_names(node: ast.stmt) -> tuple[str, ...]:
    """As `bound_names`, without the variables of loops and `with` headers."""
    passing = set(_header_names(node))
    body = [name for child in child_statements(node) for name in lasting_names(child)]
    return tuple(dict.fromkeys(n for n in bound_names(node) if n not in passing or n in body))


def mentioned_names(node: ast.AST) -> frozenset[str]:
    """Every plain name that occurs anywhere in a node, function bodies included."""
    found = set()
    for child in ast.walk(node):
        if isinstance(child, ast.Name):
            found.add(child.id)
        elif isinstance(child, ast.Global):
            found.update(child.names)
    return frozenset(found)


def dotted(node: ast.expr) -> str:
    """`a.b.c` of a chain of attributes on a name, "" of anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        owner = dotted(node.value)
        return f"{owner}.{node.attr}" if owner else ""
    return ""


def _bound(node: ast.AST) -> Iterator[str]:
    if isinstance(node, _NEW_SCOPE):
        yield node.name
        return
    if isinstance(node, ast.Lambda):
        return
    if isinstance(node, ast.Import):
        yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield from (alias.asname or alias.name for alias in node.names)
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
        if not isinstance(node, ast.ExceptHandler):  # an error's name is unbound again
            yield node.name
    elif isinstance(node, ast.MatchMapping) and node.rest:
        yield node.rest
    own = node.generators if isinstance(node, _COMPREHENSION) else []
    hidden = {id(generator.target) for generator in own}
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.comprehension):
            yield from (name for part in _comprehension(child, hidden) for name in _bound(part))
        else:
            yield from _bound(child)


def _comprehension(node: ast.comprehension, hidden: set[int]) -> Iterator[ast.AST]:
    yield from (part for part in (node.target, node.iter, *node.ifs) if id(part) not in hidden)


def _header_names(node: ast.stmt) -> Iterator[str]:
    headers: list[ast.expr] = []
    if isinstance(node, _LOOP):
        headers = [node.target]
    elif isinstance(node, (ast.With, ast.AsyncWith)):
        headers = [item.optional_vars for item in node.items if item.optional_vars]
    for header in headers:
        yield from _bound(header)


def child_statements(node: ast.stmt) -> Iterator[ast.stmt]:
    """The statements directly inside a compound statement, in the same scope."""
    if isinstance(node, _NEW_SCOPE):
        return
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            yield child
        elif isinstance(child, (ast.ExceptHandler, ast.match_case)):
            yield from child.body

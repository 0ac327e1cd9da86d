"""What a tool touched although it had nothing to do with what moves."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections import Counter
from collections.abc import Iterator

from import_shapes.corpus import Move


def damage(before: bytes, after: bytes, move: Move, packages: frozenset[str]) -> str | None:
    """Why a rewritten file is not acceptable, or None. packages: the project's top-level names.

    Every comment is there still, and so is, in the same order, every line that belongs neither to
    a statement that names what moves or where it goes, nor to an import from the project. What
    comes in is a tool's own affair; so are blank lines, as long as they end as before.
    """
    lost = Counter(_comments(before)) - Counter(_comments(after))
    if lost:
        return f"lost the comment {next(iter(lost))!r}"
    may_change = _lines_that_may_change(before, move, packages)
    kept = iter(lines_after := after.splitlines(keepends=True))
    blank = set()
    for number, line in enumerate(before.splitlines(keepends=True), 1):
        if not line.strip():
            blank.add(line)
        elif number not in may_change and line not in kept:
            return f"changed line {number}, which has nothing to do with it: {line!r}"
    strange = {line for line in lines_after if not line.strip()} - blank
    return f"has a blank line {min(strange)!r} now" if blank and strange else None


def _comments(text: bytes) -> Iterator[str]:
    try:
        for token in tokenize.tokenize(io.BytesIO(text).readline):
            if token.type == tokenize.COMMENT:
                yield token.string.rstrip()
    except (tokenize.TokenError, SyntaxError):
        return


def _lines_that_may_change(text: bytes, move: Move, packages: frozenset[str]) -> set[int]:
    modules = [name.rpartition(".")[2] for name in (move.old_module, move.new_module)]
    names = re.compile(rf"\b({'|'.join([*modules, *move.names])})\b".encode())
    lines = text.splitlines(keepends=True)
    allowed: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.stmt | ast.match_case):
            first, last = _head(node)
            is_named = names.search(b"".join(lines[first - 1 : last]))
            if is_named or _imports_from(node) & packages:
                allowed |= set(range(first, last + 1))
    return allowed


def _imports_from(node: ast.AST) -> set[str]:
    """Top-level names of what a statement imports from."""
    if isinstance(node, ast.Import):
        return {alias.name.partition(".")[0] for alias in node.names}
    return {(node.module or "").partition(".")[0]} if isinstance(node, ast.ImportFrom) else set()


def _head(node: ast.stmt | ast.match_case) -> tuple[int, int]:
    """First and last line of a simple statement, or of a compound one up to its body."""
    first = _first_line(node)
    body = getattr(node, "body", None) or getattr(node, "cases", None)
    if body:
        return first, max(first, _first_line(body[0]) - 1)
    assert isinstance(node, ast.stmt)
    return first, node.end_lineno or first


def _first_line(node: ast.stmt | ast.match_case) -> int:
    if isinstance(node, ast.match_case):
        return node.pattern.lineno
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])

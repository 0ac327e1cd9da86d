"""Imports of one block that become one: the later statement goes, its names join the earlier."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from nonce_migrate.resolve.project import ParsedModule
from nonce_migrate.resolve.scopes import Scope
from nonce_migrate.rules.intents import ChangeImport, NewImport
from nonce_migrate.source import Source, Span

Statement = ast.Import | ast.ImportFrom


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What happens to one import statement. span: the statement, or its whole line where it goes.

    extra: names of later statements that join it. separator: between the statements that it
    splits into.
    """

    span: Span
    changes: Mapping[int, tuple[NewImport, ...]] = field(default_factory=dict)
    extra: tuple[NewImport, ...] = ()
    separator: str = "; "
    is_removed: bool = False


def plan_imports(module: ParsedModule, changes: Sequence[ChangeImport]) -> list[ImportPlan]:
    """One plan for each changed statement, and for those that others are merged into."""
    source = module.source
    by_node: dict[ast.stmt, ChangeImport] = {change.node: change for change in changes}
    extras: dict[Statement, list[NewImport]] = {}
    removed: dict[Statement, Span] = {}
    for body in _bodies(module, by_node):
        for part in _sections(module.source, body):
            _merge(module, part, by_node, extras, removed)
    plans = [ImportPlan(span, is_removed=True) for span in removed.values()]
    nodes = [change.node for change in changes]
    for node in dict.fromkeys([*nodes, *extras]):
        if node not in removed:
            change = by_node.get(node)
            plans.append(
                ImportPlan(
                    source.span(node),
                    change.changes if change else {},
                    tuple(extras.get(node, ())),
                    _separator(source, node),
                )
            )
    return plans


def _bodies(module: ParsedModule, nodes: Mapping[ast.stmt, object]) -> Iterator[list[ast.stmt]]:
    """The statement lists that the changed statements stand in, each once."""
    seen: set[int] = set()
    for node in nodes:
        parent = module.names.parents[node]
        for name in ("body", "orelse", "finalbody"):
            body = getattr(parent, name, None)
            if isinstance(body, list) and node in body and id(body) not in seen:
                seen.add(id(body))
                yield body


def _sections(source: Source, body: list[ast.stmt]) -> Iterator[list[ast.stmt]]:
    """The statements by the part of the file that they stand in: a cell of a notebook."""
    for _, part in groupby(body, key=lambda node: source.section(node.lineno)):
        yield list(part)


def _merge(
    module: ParsedModule,
    body: Sequence[ast.stmt],
    changes: Mapping[ast.stmt, ChangeImport],
    extras: dict[Statement, list[NewImport]],
    removed: dict[Statement, Span],
) -> None:
    source, scopes = module.source, module.names.scope_of
    first: dict[str | None, Statement] = {}
    bound: dict[str | None, list[NewImport]] = {}
    has_star = False
    for node in body:
        if not isinstance(node, Statement):
            continue
        has_star = has_star or node.names[0].name == "*"
        new = _after(node, changes.get(node))
        origin = new[0].module if new else None
        if not new or any(item.module != origin for item in new):
            continue
        if origin not in first:
            first[origin], bound[origin] = node, list(new)
            continue
        missing = [item for item in new if item not in bound[origin]]
        line = _own_line(source, body, node)
        if node not in changes or line is None or (origin is None and missing):
            continue
        if any(item.name == "*" for item in (*new, *bound[origin])):
            continue
        if missing and (has_star or _module(node) == _module(first[origin])):
            continue
        if _would_clash(scopes[node], node, first[origin], missing, bound[origin]):
            continue
        removed[node] = line
        if missing:
            bound[origin] += missing
            extras.setdefault(first[origin], []).extend(missing)


def _would_clash(
    scope: Scope,
    node: Statement,
    first: Statement,
    missing: Sequence[NewImport],
    bound: Sequence[NewImport],
) -> bool:
    """Whether moving the names up would bind one too early, or write one name twice."""
    if {item.name for item in missing} & {item.name for item in bound}:
        return True
    old = [alias.asname or alias.name for alias in node.names]
    new = [item.as_name or item.name for item in missing]
    return any(
        binding.node not in (node, first)
        for name in (*old, *new)
        for binding in scope.bindings.get(name, ())
    )


def _module(node: Statement) -> str | None:
    """The module that a statement names after `from`, with its dots."""
    if isinstance(node, ast.ImportFrom):
        return "." * node.level + (node.module or "")
    return None


def _after(node: Statement, change: ChangeImport | None) -> list[NewImport]:
    """The names that a statement imports after its change."""
    module = _module(node)
    result: list[NewImport] = []
    for index, alias in enumerate(node.names):
        kept = (NewImport(module, alias.name, alias.asname),)
        result.extend(change.changes.get(index, kept) if change else kept)
    return result


def _own_line(source: Source, body: Sequence[ast.stmt], node: Statement) -> Span | None:
    """The lines of a statement that has them to itself, without any comment; else None."""
    span = source.span(node)
    start = source.line_starts[node.lineno - 1]
    assert node.end_lineno is not None
    starts = source.line_starts
    end = starts[node.end_lineno] if node.end_lineno < len(starts) else len(source.text)
    before, after = source.text[start : span.start], source.text[span.end : end]
    if before.strip(" \t") or after.strip(" \t\r\n") or "#" in source.slice(span):
        return None
    return Span(start, end)


def _separator(source: Source, node: Statement) -> str:
    """A new line with the same indentation where the statement is alone on its line."""
    start = source.line_starts[node.lineno - 1]
    before = source.text[start : source.span(node).start]
    assert node.end_lineno is not None
    starts = source.line_starts
    end = starts[node.end_lineno] if node.end_lineno < len(starts) else len(source.text)
    after = source.text[source.span(node).end : end].strip()
    if before.strip(" \t\f") or after.startswith(";"):
        return "; "
    return source.newline + before.replace("\f", "")

"""Turns intents over syntax nodes into edits over pieces of text."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from nonce_migrate.edit.add_import import add_import
from nonce_migrate.edit.call import AsKeyword, CallChange, Drop, adapt_call
from nonce_migrate.edit.errors import EditError
from nonce_migrate.edit.import_statement import Imported, rewrite_import
from nonce_migrate.edit.literal import replace_at
from nonce_migrate.edit.name import rename_last, replace_prefix
from nonce_migrate.edit.replace import replace_whole
from nonce_migrate.edit.splice import Edit
from nonce_migrate.engine.merging import ImportPlan, plan_imports
from nonce_migrate.resolve.project import ParsedModule
from nonce_migrate.rules.intents import (
    AddImport,
    ChangeCall,
    ChangeImport,
    ChangeText,
    Intent,
    Keyword,
    NewImport,
    RenameName,
    RenamePrefix,
    ReplaceExpression,
)
from nonce_migrate.source import Source, Span


def edits_of(module: ParsedModule, intents: Sequence[Intent]) -> list[Edit]:
    """The edits of one file. Raises EditError where a node is not where the tree says."""
    source = module.source
    imports = [intent for intent in intents if isinstance(intent, ChangeImport)]
    edits = [_import_edit(source, plan) for plan in plan_imports(module, imports)]
    for intent in intents:
        if isinstance(intent, AddImport):
            edits.append(add_import(source, module.tree, intent.before, *_imported([intent.new])))
        elif not isinstance(intent, ChangeImport):
            edits.append(_expression_edit(source, intent))
    return edits


def _import_edit(source: Source, plan: ImportPlan) -> Edit:
    if plan.is_removed:
        return Edit(plan.span.start, plan.span.end, lambda text: "")
    changes = {index: _imported(new) for index, new in plan.changes.items()}
    change = partial(
        rewrite_import, changes=changes, extra=_imported(plan.extra), separator=plan.separator
    )
    return Edit(plan.span.start, plan.span.end, change)


def _imported(news: Iterable[NewImport]) -> tuple[Imported, ...]:
    return tuple(Imported(new.module, new.name, new.as_name) for new in news)


def _expression_edit(
    source: Source,
    intent: RenameName | RenamePrefix | ChangeCall | ChangeText | ReplaceExpression,
) -> Edit:
    node = intent.node
    span = source.span(node)
    _check(source, node, span)
    change: Callable[[str], str]
    if isinstance(intent, RenameName):
        change = partial(rename_last, new=intent.new)
    elif isinstance(intent, RenamePrefix):
        change = partial(replace_prefix, old_dotted_parts=intent.parts, new_dotted=intent.new)
    elif isinstance(intent, ChangeCall):
        if intent.via:
            return _call_through(source, intent)
        change = partial(adapt_call, change=_call_change(intent))
    elif isinstance(intent, ReplaceExpression):
        change = partial(replace_whole, new=intent.new)
    else:
        change = partial(replace_at, spans=intent.parts)
    return Edit(span.start, span.end, change)


def _call_change(intent: ChangeCall) -> CallChange:
    arguments = {
        index: AsKeyword(what.name) if isinstance(what, Keyword) else Drop()
        for index, what in intent.arguments.items()
    }
    return CallChange(None, intent.member, arguments, intent.convert)


def _call_through(source: Source, intent: ChangeCall) -> Edit:
    """`owner.old()` -> `owner.via().member()`: only the name after the dot is replaced."""
    function = intent.node.func
    if not isinstance(function, ast.Attribute) or intent.arguments or intent.convert:
        raise EditError(f"line {intent.node.lineno}: not a plain call of a member")
    span = source.span(function)
    _check(source, function, span)
    new = f"{intent.via}().{intent.member}"
    return Edit(span.end - len(function.attr), span.end, lambda text: new)


def _check(source: Source, node: ast.expr, span: Span) -> None:
    """The text of a name must be that name: it is not where an identifier was normalised."""
    text = source.slice(span)
    if isinstance(node, ast.Name) and text != node.id:
        raise EditError(f"line {node.lineno}: found {text!r} where the name {node.id} should be")
    if isinstance(node, ast.Attribute) and not text.endswith(node.attr):
        raise EditError(f"line {node.lineno}: found {text!r} where .{node.attr} should end")

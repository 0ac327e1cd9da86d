"""Finds legacy names inside quoted annotations and in `__all__`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nonce_migrate.resolve.project import ModuleTarget, Project, SymbolTarget, all_strings
from nonce_migrate.resolve.scopes import BindingKind, Scope
from nonce_migrate.rules.brought import CarrierKind
from nonce_migrate.rules.contexts import may_name
from nonce_migrate.rules.facts import (
    AllEntry,
    Block,
    Carrier,
    FileFacts,
    QuotedName,
)
from nonce_migrate.rules.guesses import carriers_of

_WORD = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_TYPE_COMMENT = re.compile(r"#[ \t]*type:(?![ \t]*ignore)([^\r\n]*)")
_QUOTED = re.compile(r"[\"']([^\"']*)[\"']")
_CASTS = {"cast", "TypeVar", "ForwardRef"}


def find_quoted(project: Project, facts: FileFacts) -> None:
    """Fills in the names inside quoted annotations of a file."""
    for comment in _TYPE_COMMENT.findall(facts.module.source.text):
        facts.unclear.update(_WORD.findall(comment))
    for node in _annotation_strings(facts):
        scope = facts.module.names.scope_of[node]
        for text in _QUOTED.findall(str(node.value)):
            facts.unclear.update(_WORD.findall(text))
        for match in _names_in(str(node.value)):
            parts = match.group().split(".")
            if len(parts) == 1:
                target, carriers = _resolve(project, facts, parts[0], scope)
                if target is not None:
                    quoted = QuotedName(
                        node, match.start(), match.end(), parts[0], target, scope, carriers
                    )
                    facts.quoted.append(quoted)
            else:
                _dotted(project, facts, node, match.start(), parts)


def _dotted(
    project: Project, facts: FileFacts, node: ast.Constant, start: int, parts: list[str]
) -> None:
    """`module.Name` in quotes: follows the parts from the name that an import binds."""
    scope = facts.module.names.scope_of[node]
    home = scope.lookup(parts[0])
    bindings = home.bindings[parts[0]] if home else []
    imports = [b for b in bindings if b.kind is BindingKind.IMPORT]
    if not imports:
        _hold_looked_up(facts, node, parts, scope)
        return
    targets = [project.imported(facts.module, binding) for binding in imports]
    target = next((t for t in targets if t is not None), None)
    for size in range(1, len(parts)):
        if not isinstance(target, ModuleTarget):
            return
        member = project.member(target.module, parts[size])
        if isinstance(member, SymbolTarget):
            exporter = "" if target.module in project.index.legacy else target.module
            carriers = tuple(
                c for c in facts.carriers if c.target == target and c.local == parts[0]
            )
            base = ".".join(parts[:size])
            end = start + len(base) + 1 + len(parts[size])
            facts.quoted.append(
                QuotedName(node, start, end, parts[size], member, scope, carriers, base, exporter)
            )
            return
        target = member


def _hold_looked_up(facts: FileFacts, node: ast.Constant, parts: list[str], scope: Scope) -> None:
    """Keeps what a quoted annotation takes from a module that a variable holds."""
    reason = f"a quoted annotation takes a name from the module that `{parts[0]}` holds"
    block = Block(node.lineno, reason, "write the annotation without quotes, then run apply again")
    value = facts.inference.name(parts[0], scope)
    for carrier in carriers_of(facts, value):
        if carrier.kind is CarrierKind.LOOKUP:
            carrier.blocks.append(block)
    for held in value.held:
        if isinstance(held, ModuleTarget):
            facts.pins.add((held.module, parts[1]))


def find_entries(project: Project, facts: FileFacts) -> None:
    """Fills in the `__all__` entries of a file that name something legacy."""
    if not may_name(facts.module, "__all__"):
        return
    for node in all_strings(facts.module):
        scope = facts.module.names.module
        target, carriers = _resolve(project, facts, str(node.value), scope)
        if target is not None:
            facts.entries.append(AllEntry(node, target, carriers))


def _annotation_strings(facts: FileFacts) -> Iterator[ast.Constant]:
    """Strings that are annotations: but for the values of `Literal` and `Annotated`."""
    stack = [annotation for annotation, _ in facts.module.names.annotations]
    calls = facts.module.names.calls if not _CASTS.isdisjoint(facts.module.spelt) else ()
    for call, _ in calls:
        function = call.func
        word = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        if word in _CASTS:
            stack += [*call.args[:1], *(k.value for k in call.keywords if k.arg == "bound")]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Constant):
            if isinstance(node.value, str):
                yield node
        elif isinstance(node, ast.Subscript):
            word = ast.unparse(node.value).rpartition(".")[2]
            if word == "Annotated" and isinstance(node.slice, ast.Tuple):
                stack.append(node.slice.elts[0])
            elif word != "Literal":
                stack.append(node.slice)
        elif isinstance(node, ast.Tuple | ast.List):
            stack.extend(node.elts)
        elif isinstance(node, ast.BinOp):
            stack += [node.left, node.right]


def _names_in(text: str) -> Iterator[re.Match[str]]:
    """The names and dotted names of an annotation's text (not the strings within)."""
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError):
        return
    plain = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    for match in _WORD.finditer(text):
        if match.group().partition(".")[0] in plain:
            yield match


def _resolve(
    project: Project, facts: FileFacts, name: str, scope: Scope
) -> tuple[SymbolTarget | None, tuple[Carrier, ...]]:
    home = scope.lookup(name)
    if home is None:
        return _starred(project, facts, name)
    bindings = [b for b in home.bindings[name] if b.kind is BindingKind.IMPORT]
    for binding in bindings:
        target = project.imported(facts.module, binding)
        if isinstance(target, SymbolTarget):
            carriers = tuple(c for c in facts.carriers if c.binding in bindings)
            return target, carriers
    return None, ()


def _starred(
    project: Project, facts: FileFacts, name: str
) -> tuple[SymbolTarget | None, tuple[Carrier, ...]]:
    stars = [c for c in facts.carriers if c.kind is CarrierKind.STAR]
    for carrier in reversed(stars):
        target = project.member(carrier.found.module, name)
        if isinstance(target, SymbolTarget) and project.is_handed_on(carrier.found.module, name):
            return target, (carrier,)
    return None, ()

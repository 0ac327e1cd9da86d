"""Strings that name what a test replaces: `mock.patch`, `monkeypatch` and their like."""

from __future__ import annotations

import ast

from nonce_migrate.model import Safety
from nonce_migrate.profile.schema import Symbol
from nonce_migrate.resolve.project import Project, SymbolTarget
from nonce_migrate.rules.facts import Block, FileFacts
from nonce_migrate.rules.judge import is_same_when_called
from nonce_migrate.rules.strings.places import Does, Place

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_CHECKS = frozenset(
    f"assert_{w}" for w in ("called_with", "called_once_with", "any_call", "has_calls")
)


def given(place: Place) -> ast.expr | None:
    """What a patch puts into the place of a name; None for a mock, which takes anything."""
    call = place.call
    if not isinstance(call, ast.Call) or ast.unparse(call.func).endswith("delattr"):
        return None
    named = next(
        (k.value for k in call.keywords if k.arg in ("new", "new_callable", "value")), None
    )
    after = 1 if place.does is Does.PATCH else 2
    return call.args[after] if len(call.args) > after else named


def patch_block(
    project: Project,
    facts: FileFacts,
    place: Place,
    node: ast.Constant,
    target: SymbolTarget,
    member: str,
) -> Block | None:
    """What speaks against moving a patch of a legacy name, whatever becomes of the imports."""
    line = node.lineno
    symbol = project.systems[target.system].symbol(target.name)
    if symbol is None or symbol.becomes is None:
        reason = f"the target has no `{target.name}`, so what looks it up would get the real thing"
        return Block(line, reason, "patch what the test needs in the module that uses it")
    if member and not _is_unchanged(project, target, member):
        step = f"write the patch for what `{target.name}.{member}` becomes by hand"
        return Block(line, f"`{target.name}.{member}` is not the same on the new class", step)
    if not member:
        reason = expects_the_old(project, facts, place, target, symbol)
        if reason:
            return Block(line, reason, "write what stands in for it anew, for the new name")
    if not place.is_known:
        word = ast.unparse(place.call.func) if isinstance(place.call, ast.Call) else "it"
        reason = f"`{word}` is not known to be that of unittest.mock or pytest here"
        return Block(line, reason, "see that it replaces the name of that path", Safety.UNSAFE)
    return None


def expects_the_old(
    project: Project, facts: FileFacts, place: Place, target: SymbolTarget, symbol: Symbol
) -> str:
    """Why what stands in for a name would not get along with the calls as they become; "" if so."""
    if is_same_when_called(project, target, symbol):
        return ""
    if given(place) is not None and not is_mock(given(place)):
        return f"what stands in for `{symbol.name}` there has its old signature and results"
    members = project.systems[target.system].members_by_owner.get(symbol.produces, {})
    renamed = {
        m.name
        for m in members.values()
        if m.becomes and (m.becomes.via or m.becomes.target != m.name)
    }
    around = _time_of(facts, place.call)
    attributes = {node.attr for node in ast.walk(around) if isinstance(node, ast.Attribute)}
    old = sorted(renamed & attributes)
    if old:
        return f"the mock of `{symbol.name}` is given `{old[0]}`, which has another name then"
    changed = symbol.becomes is not None and symbol.becomes.arguments is not None
    if changed and _CHECKS & attributes:
        return f"it is checked what a mock was called with, and `{symbol.name}` is called anew"
    return ""


def _time_of(facts: FileFacts, call: ast.expr | None) -> ast.AST:
    """The code around a patch that can run while it lasts: a function or class, or all."""
    names = facts.module.names
    if call is None or call not in names.parents:
        return facts.module.tree
    ancestors = list(names.ancestors(call))
    is_kept = any(isinstance(a, ast.Assign | ast.AnnAssign | ast.NamedExpr) for a in ancestors)
    inner = next((a for a in ancestors if isinstance(a, _DEFINITIONS)), None)
    return facts.module.tree if is_kept or inner is None else inner


def is_mock(node: ast.expr | None) -> bool:
    """Whether an expression makes a plain mock, which takes whatever it is called with."""
    if not isinstance(node, ast.Call):
        return False
    function = node.func
    word = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return word in ("Mock", "MagicMock", "AsyncMock") and not any(
        k.arg in ("spec", "spec_set", "side_effect", "wraps") for k in node.keywords
    )


def _is_unchanged(project: Project, target: SymbolTarget, member: str) -> bool:
    """Whether a member of a legacy class is the same on the target."""
    members = project.systems[target.system].members_by_owner.get(target.name, {})
    known = members.get(member)
    return known is not None and known.is_unchanged

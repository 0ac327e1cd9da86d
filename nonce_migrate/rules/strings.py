"""Finds strings that name a legacy module or symbol, or that hold code importing one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from nonce_migrate.model import Code
from nonce_migrate.resolve.inference import Inference
from nonce_migrate.resolve.project import ModuleTarget, Project, SymbolTarget
from nonce_migrate.rules.contexts import is_plain_literal
from nonce_migrate.rules.facts import FileFacts, TextReference

_DOTTED = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*\Z")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_MODULE_LOOKUPS = {"import_module", "__import__", "importorskip", "find_spec", "run_module"}
_PATCHES_BY_KEYWORD = {"multiple", "dict"}
_PATCHES = {"patch", "setattr", "delattr"}
_BY_NAME = {"getattr", "hasattr", "setattr", "delattr", "object"}


def find_strings(project: Project, facts: FileFacts) -> None:
    """Fills in the string references of a file, and the module names that strings pin down."""
    stems = "|".join(sorted(map(re.escape, project.index.stems)))
    code = re.compile(
        rf"(?:^|;)[ \t]*(?:from[ \t]+[\w.]*\b({stems})[ \t]+import\b"
        rf"|import[ \t]+[\w.]*\b({stems})\b"
        rf"|from[ \t]+[\w.]+[ \t]+import[ \t]*(?:\([^)]*|[^\n(]*)\b({stems})\b)",
        re.M,
    )
    for call, _ in facts.module.names.calls:
        if isinstance(call.func, ast.Attribute) and call.func.attr in _PATCHES_BY_KEYWORD:
            facts.pins.update(("", keyword.arg) for keyword in call.keywords if keyword.arg)
    for node in _plain_strings(facts):
        text = str(node.value)
        if isinstance(facts.module.names.parents.get(node), ast.JoinedStr):
            is_dotted = False
        else:
            is_dotted = _DOTTED.match(text) is not None
        if is_dotted:
            _dotted(project, facts, node, text)
        elif code.search(text):
            match = code.search(text)
            assert match is not None
            stem = next(group for group in match.groups() if group)
            home = next(
                p for p in project.index.legacy if p.endswith(f"/{stem}.py") or p == f"{stem}.py"
            )
            facts.texts.append(TextReference(node, Code.CODE_IN_STRING, ModuleTarget(home), ""))
    facts.texts[:] = list(_with_doubles(project, facts))


def _with_doubles(project: Project, facts: FileFacts) -> Iterator[TextReference]:
    """Marks the patches of one function whose different names become one."""
    places: dict[tuple[ast.AST | None, str], set[SymbolTarget]] = {}
    keys: list[tuple[ast.AST | None, str] | None] = []
    for text in facts.texts:
        key = None
        if text.is_resolved and not text.consumer and isinstance(text.target, SymbolTarget):
            symbol = project.systems[text.target.system].symbol(text.target.name)
            ancestors = facts.module.names.ancestors(text.node)
            function: ast.AST | None = next(
                (a for a in ancestors if isinstance(a, _FUNCTIONS)), None
            )
            if symbol is not None and symbol.becomes is not None:
                key = function, symbol.becomes.target
                places.setdefault(key, set()).add(text.target)
        keys.append(key)
    for text, key in zip(facts.texts, keys, strict=True):
        is_doubled = key is not None and len(places[key]) > 1
        yield replace(text, is_doubled=is_doubled)


def _plain_strings(facts: FileFacts) -> Iterator[ast.Constant]:
    """String constants but for docstrings and annotations."""
    names = facts.module.names
    skipped = {quoted.node for quoted in facts.quoted}
    for node, _ in names.strings:
        parent = names.parents.get(node)
        if node in skipped:
            continue
        if isinstance(parent, ast.Expr):
            continue
        yield node


def _dotted(project: Project, facts: FileFacts, node: ast.Constant, text: str) -> None:
    lookup = _lookup(facts.inference, node)
    if not is_plain_literal(facts.module.source, node):
        lookup = ""
    if "." not in text:
        _bare(project, facts, node, text, lookup)
        return
    parts = text.split(".")
    for size in range(len(parts), 0 if lookup else 1, -1):
        found = project.index.absolute(facts.module.path, parts[:size], facts.module.hints)
        if found is None or found.others:
            continue
        rest = parts[size:]
        reference = _reference(
            project, facts, node, found.module, ".".join(parts[:size]), rest, lookup
        )
        if reference is not None:
            facts.texts.append(reference)
        return


def _reference(
    project: Project,
    facts: FileFacts,
    node: ast.Constant,
    module: str,
    prefix: str,
    rest: list[str],
    lookup: str,
) -> TextReference | None:
    if module in project.index.legacy:
        if not rest:
            resolved = lookup == "module"
            return TextReference(node, Code.STRING, ModuleTarget(module), prefix, "", resolved)
        target = project.member(module, rest[0])
        assert isinstance(target, SymbolTarget)
        known = rest[0] in project.systems[target.system].symbols
        if not known and rest[0] not in project.defined_names(module):
            return None
        resolved = lookup == "name" and (
            len(rest) == 1 or (len(rest) == 2 and _is_unchanged(project, target, rest[1]))
        )
        is_patch = lookup == "name"
        return TextReference(node, Code.STRING, target, prefix, "", resolved, is_patch=is_patch)
    if not rest:
        return None
    member = project.member(module, rest[0])
    if isinstance(member, SymbolTarget) or _is_legacy_module(project, member):
        assert member is not None
        facts.pins.add((module, rest[0]))
        if _has_stand_in(facts.module.names.parents.get(node), places=1):
            facts.stand_ins.add((module, rest[0]))
        return TextReference(node, Code.STRING, member, prefix, module, lookup == "name")
    return None


def _is_unchanged(project: Project, target: SymbolTarget, member: str) -> bool:
    """Whether a member of a legacy class is the same on the target."""
    members = project.systems[target.system].members_by_owner.get(target.name, {})
    known = members.get(member)
    return known is not None and known.is_unchanged


def _is_legacy_module(project: Project, target: object) -> bool:
    return isinstance(target, ModuleTarget) and target.module in project.index.legacy


def _bare(project: Project, facts: FileFacts, node: ast.Constant, text: str, lookup: str) -> None:
    """`import_module("bare_name")`, and the "Name" of `patch.object(consumer, "Name")`."""
    if lookup == "module" and text in project.index.stems:
        found = project.index.absolute(facts.module.path, [text], facts.module.hints)
        if found is not None and found.module in project.index.legacy and not found.others:
            target = ModuleTarget(found.module)
            facts.texts.append(TextReference(node, Code.STRING, target, text, "", True))
        return
    call = facts.module.names.parents.get(node)
    if isinstance(call, ast.Dict) and _is_given_to(facts, call, "dict"):
        facts.pins.add(("", text))  # patch.dict(namespace, {"Name": ...})
        facts.stand_ins.add(("", text))
    if isinstance(call, ast.Subscript) and call.slice is node:
        facts.pins.add(("", text))
        holder = call.value
        is_vars = isinstance(holder, ast.Call) and getattr(holder.func, "id", "") == "vars"
        if is_vars or (isinstance(holder, ast.Attribute) and holder.attr == "__dict__"):
            facts.stand_ins.add(("", text))  # vars(module)["Name"], called out of sight
    if lookup == "attribute" and isinstance(call, ast.Call):
        held = facts.inference.value(call.args[0])
        modules = [h.module for h in held.held if isinstance(h, ModuleTarget)]
        for module in modules or [""]:
            facts.pins.add((module, text))
            is_got = getattr(call.func, "id", "") == "getattr" and module
            if is_got or _has_stand_in(call, places=2):
                facts.stand_ins.add((module, text))


def _is_given_to(facts: FileFacts, node: ast.expr, method: str) -> bool:
    call = facts.module.names.parents.get(node)
    function = call.func if isinstance(call, ast.Call) else None
    return isinstance(function, ast.Attribute) and function.attr == method


def _has_stand_in(call: ast.AST | None, places: int) -> bool:
    """Whether a patch is given what it puts there; without, that is a mock that takes anything."""
    if not isinstance(call, ast.Call):
        return False
    named = any(keyword.arg in ("new", "new_callable", "value") for keyword in call.keywords)
    return named or len(call.args) > places


def _lookup(inference: Inference, node: ast.Constant) -> str:
    """What the call around a string looks up by it: "module", "name", "attribute" or ""."""
    call = inference.names.parents.get(node)
    if not isinstance(call, ast.Call) or not call.args:
        return ""
    function = call.func
    word = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if call.args[0] is node:
        if word in _MODULE_LOOKUPS:
            return "module"
        return "name" if word in _PATCHES else ""
    if len(call.args) > 1 and call.args[1] is node and word in _BY_NAME:
        return "attribute"
    return ""

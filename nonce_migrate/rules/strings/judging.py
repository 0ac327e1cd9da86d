"""Judges the patches of all files together, once every use of the legacy names is known."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import replace

from nonce_migrate.model import Code
from nonce_migrate.resolve.callee import qualified
from nonce_migrate.resolve.held import Instance
from nonce_migrate.resolve.project import Project, SymbolTarget
from nonce_migrate.rules.facts import Block, FileFacts, MemberUse, TextReference, TextRole, Use
from nonce_migrate.rules.guesses import carriers_of
from nonce_migrate.rules.strings.patches import expects_the_old
from nonce_migrate.rules.strings.places import PATCHES_OF_OBJECTS, WORDS_OF_PATCHES, Does, Place
from nonce_migrate.rules.strings.reach import Reach

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_SETTERS = frozenset(("builtins.setattr", "builtins.delattr"))


def judge_patches(project: Project, files: Sequence[FileFacts]) -> None:
    """Puts on each patch of a legacy name what speaks against moving it."""
    reach = Reach(project, files)
    for facts in files:
        doubled = _doubled(project, facts)
        for index, text in enumerate(facts.texts):
            if text.role is not TextRole.PATCH:
                continue
            assert isinstance(text.target, SymbolTarget)
            block = _double_block(text) if text.node in doubled else text.block
            block = block or reach.block(text.target, text.member, text.node.lineno)
            seen_by = reach.seen_by(text.target, text.member)
            facts.texts[index] = replace(text, block=block, seen_by=seen_by)
        for use, place in patching_uses(facts):
            _judge_use(project, facts, use, place, reach)
        _find_patched_members(project, facts)


def _judge_use(project: Project, facts: FileFacts, use: Use, place: Place, reach: Reach) -> None:
    symbol = project.systems[use.symbol.system].symbol(use.symbol.name)
    if use.block is not None:
        facts.held.setdefault(use.symbol, use.block)
        return
    if symbol is None or symbol.becomes is None:
        return
    reason = expects_the_old(project, facts, place, use.symbol, symbol)
    block = reach.block(use.symbol, "", use.node.lineno)
    if reason:
        step = "write what stands in for it anew, for the new name"
        block = Block(use.node.lineno, reason, step)
    if block is not None:
        use.block = block
        facts.held.update(dict.fromkeys((use.symbol, *reach.seen_by(use.symbol, "")), block))
        for carrier in use.carriers:
            carrier.blocks.append(block)


def patching_uses(facts: FileFacts) -> Iterator[tuple[Use, Place]]:
    """`patch.object(module, "Name")`, `setattr(module, "Name", ...)`, `module.Name = ...`."""
    names = facts.module.names
    for use in facts.uses:
        if use.base is None:
            continue
        if use.text is None:
            if isinstance(use.node, ast.Attribute) and not isinstance(use.node.ctx, ast.Load):
                yield use, Place(Does.ATTRIBUTE, _assigned(names.parents.get(use.node)))
            continue
        call = names.parents.get(use.text)
        if isinstance(call, ast.Call):
            word = qualified(names, call.func)
            last = ast.unparse(call.func).rpartition(".")[2]
            if word in PATCHES_OF_OBJECTS or word in _SETTERS or last in ("object", "setattr"):
                yield use, Place(Does.ATTRIBUTE, call)


def _assigned(node: ast.AST | None) -> ast.Call | None:
    """`module.Name = value` as the call that does the same."""
    if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
        return None
    function = ast.Name("setattr", ast.Load())
    return ast.Call(function, [function, function, node.value], [])


def _doubled(project: Project, facts: FileFacts) -> set[ast.Constant]:
    """The patches of one function whose different names become one."""
    places: dict[tuple[ast.AST | None, str], set[SymbolTarget]] = {}
    keys: dict[ast.Constant, tuple[ast.AST | None, str]] = {}
    for text in facts.texts:
        if text.role is TextRole.PATCH and isinstance(text.target, SymbolTarget):
            symbol = project.systems[text.target.system].symbol(text.target.name)
            ancestors = facts.module.names.ancestors(text.node)
            function = next((a for a in ancestors if isinstance(a, _FUNCTIONS)), None)
            if symbol is not None and symbol.becomes is not None and text.block is None:
                keys[text.node] = function, f"{symbol.becomes.target}.{text.member}"
                places.setdefault(keys[text.node], set()).add(text.target)
    return {node for node, key in keys.items() if len(places[key]) > 1}


def _double_block(text: TextReference) -> Block:
    return Block(
        text.node.lineno,
        "another patch here would replace the same new name, too, and hide this one",
        "make one patch of them by hand",
    )


def _find_patched_members(project: Project, facts: FileFacts) -> None:
    """`patch.object(Class or object, "member")`, where the member is another one then."""
    if WORDS_OF_PATCHES.isdisjoint(facts.module.spelt):
        return
    for call, _ in facts.module.names.calls:
        if len(call.args) < 2 or not isinstance(call.args[1], ast.Constant):
            continue
        if qualified(facts.module.names, call.func) not in PATCHES_OF_OBJECTS:
            continue
        value = facts.inference.value(call.args[0])
        held = value.proven
        if isinstance(held, SymbolTarget):
            held = Instance(held.system, held.name)
        if not isinstance(held, Instance):
            continue
        member = facts.inference.member(held, str(call.args[1].value))
        if member is None or member.is_unchanged:
            continue
        step, line = member.step, call.args[1].lineno
        reason = "it is private state of the legacy class, replaced by its name"
        if member.becomes is not None:
            reason = "the method is replaced by its name, and is another one then"
            step = f"replace `{member.becomes.target}` there, with its results"
        block = Block(line, reason, step)
        carriers = carriers_of(facts, value)
        code = Code.PRIVATE_STATE if member.becomes is None else Code.CALL
        name = f"{held.owner}.{member.name}"
        facts.members.append(
            MemberUse(call.args[1], code, held.system, name, carriers, block=block)
        )
        for carrier in carriers:
            carrier.blocks.append(block)

"""Finds legacy objects that leave the sight of a file, where their members change their meaning.

A function that is handed such an object, a caller that is returned one, a container: what they
call on it cannot be seen, so the class that made it must stay what it was.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from nonce_migrate.resolve.definitions import (
    gives_its_result,
    is_context_manager,
    is_fixture,
    is_property,
    parameter_of,
)
from nonce_migrate.resolve.held import Instance, Own, Replacement
from nonce_migrate.resolve.parameters import of_thread
from nonce_migrate.resolve.project import Project, SymbolTarget
from nonce_migrate.resolve.referents import Definition
from nonce_migrate.resolve.variables import COMPREHENSIONS, DISPLAYS
from nonce_migrate.rules.contexts import is_builtin
from nonce_migrate.rules.facts import Block, FileFacts
from nonce_migrate.rules.guesses import carriers_of
from nonce_migrate.rules.handed_functions import HandedFunctions
from nonce_migrate.rules.members import is_same_class

_BY_NAME = frozenset(("getattr", "hasattr", "setattr", "delattr"))
_HARMLESS = frozenset(
    (
        *("isinstance", "print", "repr", "str", "id", "type", "bool", "callable", "len"),
        *("hasattr", "getattr", "setattr"),
    )
)


# Stands for an object that the target made already.
_OF_THE_TARGET = Instance("", "")


def block_escapes(project: Project, facts: FileFacts, handed: HandedFunctions) -> None:
    """Puts a block on every import whose objects leave the sight of the file.

    handed: the functions that are handed on themselves, so that their callers are not known.
    """
    for node in facts.inference.program.legacy_trail.expressions(facts.module.names):
        value = facts.inference.value(node)
        if not value.held:
            continue
        is_new = any(isinstance(h, Replacement) and h.is_object for h in value.held)
        if is_new and _escapes(project, facts, node, _OF_THE_TARGET, handed):
            facts.escaped.setdefault(_OF_THE_TARGET, f"{facts.module.path}:{node.lineno}")
        if not value.instances or value.is_guess:
            continue
        if not _escapes(project, facts, node, value.instances[0], handed):
            continue
        is_kept = _is_given_to_legacy(facts, node)
        for instance in () if is_kept else value.instances:
            facts.escaped.setdefault(instance, f"{facts.module.path}:{node.lineno}")
        changed = [i for i in value.instances if not is_same_class(project, i)]
        if not changed:
            continue
        block = _block(changed[0], node.lineno)
        for carrier in carriers_of(facts, value):
            carrier.blocks.append(block)


def _is_given_to_legacy(facts: FileFacts, node: ast.expr) -> bool:
    """Whether it is an argument of a legacy callable, which keeps it."""
    call = facts.module.names.parents.get(node)
    held = facts.inference.value(call.func).proven if isinstance(call, ast.Call) else None
    return isinstance(held, SymbolTarget)


def _block(instance: Instance, line: int) -> Block:
    return Block(
        line,
        f"the {instance.owner} is handed on, and what is called on it there cannot be seen",
        "adapt what receives it to the new results, then make the new object here by hand",
    )


def _escapes(
    project: Project,
    facts: FileFacts,
    node: ast.expr,
    instance: Instance,
    handed: HandedFunctions,
) -> bool:
    """Whether the value of an expression goes where it is not followed."""
    names = facts.module.names
    child: ast.AST = node
    for parent in names.ancestors(node):
        if isinstance(parent, ast.Attribute | ast.Expr | ast.FormattedValue | ast.Compare):
            return False
        if isinstance(parent, ast.Assign | ast.AnnAssign | ast.NamedExpr):
            return not _is_followed(facts, parent)
        if isinstance(parent, ast.withitem | ast.Delete | ast.Assert | ast.UnaryOp):
            return False
        if isinstance(parent, ast.If | ast.While):
            return False
        if isinstance(parent, ast.Return):
            return _is_out_of_sight(facts, parent, handed)
        if isinstance(parent, ast.Yield):
            return not _is_given_by_with(facts, parent)
        if isinstance(parent, ast.Tuple | ast.List) and _is_unpacked(names.parents.get(parent)):
            child = parent
            continue
        if isinstance(parent, (*DISPLAYS, *COMPREHENSIONS)):
            is_kept = facts.inference.containers.keeps(parent)
            return not is_kept and not _is_given_by_thread(facts, parent, child, instance)
        if isinstance(parent, ast.Call):
            return _is_handed_on(project, facts, parent, child, instance)
        if isinstance(parent, ast.IfExp) and parent.test is child:
            return False
        if not isinstance(parent, ast.BoolOp | ast.IfExp | ast.Await | ast.keyword):
            return True
        child = parent
    return False


def _is_unpacked(node: ast.AST | None) -> bool:
    """Whether an assignment gives the items of its value names of their own."""
    targets = node.targets if isinstance(node, ast.Assign) else []
    return any(isinstance(target, ast.Tuple | ast.List) for target in targets)


def _is_followed(facts: FileFacts, node: ast.Assign | ast.AnnAssign | ast.NamedExpr) -> bool:
    """Whether every target of an assignment is a name, an attribute (found by its name) or an item
    of a plain container."""
    targets: list[ast.expr] = list(node.targets) if isinstance(node, ast.Assign) else [node.target]
    while targets:
        target = targets.pop()
        if isinstance(target, ast.Tuple | ast.List):
            targets.extend(target.elts)
        elif isinstance(target, ast.Subscript):
            if not facts.inference.containers.takes_in(target):
                return False
        elif not isinstance(target, ast.Name | ast.Attribute):
            return False
    return True


def _is_handed_on(
    project: Project, facts: FileFacts, call: ast.Call, child: ast.AST, instance: Instance
) -> bool:
    """Whether an argument of a call goes out of sight there."""
    function = call.func
    if function is child:
        return False
    held = facts.inference.value(function).proven
    if isinstance(held, SymbolTarget):
        # A legacy callable may drop it, if it is of a class that may be dropped there.
        symbol = project.systems[held.system].symbol(held.name)
        drops = symbol.drops.values() if symbol else ()
        return not any(instance.owner in owners for owners in drops)
    if _is_followed_there(facts, call, child, instance):
        return False
    if facts.inference.containers.takes_in(call):
        return False
    if isinstance(function, ast.Name):
        if function.id == "setattr" and child in call.args[1:]:
            return True
        is_lookup = function.id in _BY_NAME and len(call.args) > 1
        if is_lookup and not isinstance(call.args[1], ast.Constant):
            return True  # a member that is looked up by a computed name
        return function.id not in _HARMLESS or not is_builtin(facts.module.names, function)
    return not (isinstance(function, ast.Attribute) and function.attr.startswith("assert"))


def _is_followed_there(
    facts: FileFacts, call: ast.Call, child: ast.AST, instance: Instance
) -> bool:
    """Whether the parameter that an argument is for is known to take such an object.

    What is done with it is then found in the function itself.
    """
    inference = facts.inference
    targets = inference.calls.references.targets(inference.module, call)
    if not targets:
        return _is_field(facts, call, child, instance)
    return _take_it(facts, targets, call, child, instance)


def _take_it(
    facts: FileFacts,
    targets: Sequence[tuple[Definition, int]],
    call: ast.Call,
    child: ast.AST,
    instance: Instance,
) -> bool:
    """Whether the parameters that an argument of a call can be for are known to hold an object."""
    inference = facts.inference
    for definition, skip in targets:
        function, other = definition.node, inference.neighbours[definition.module.path]
        assert not isinstance(function, ast.ClassDef)
        parameter = parameter_of(function, call, child, skip)
        if parameter is None:
            return False
        value = other.parameter(function, parameter)
        if value.is_guess or instance not in value.held:
            return False
    return True


def _is_given_by_thread(
    facts: FileFacts, display: ast.expr, child: ast.AST, instance: Instance
) -> bool:
    """Whether a display is the `args` of a thread whose function is known to take the object."""
    names, references = facts.module.names, facts.inference.calls.references
    keyword = names.parents.get(display)
    call = names.parents.get(keyword) if isinstance(keyword, ast.keyword) else None
    if not isinstance(call, ast.Call):
        return False
    run = next((k.value for k in call.keywords if k.arg == "target"), None)
    as_call = of_thread(call) if run and references.thread(facts.module, run) is call else None
    if as_call is None:
        return False
    targets = references.targets(facts.module, as_call)
    return bool(targets) and _take_it(facts, targets, as_call, child, instance)


def _is_field(facts: FileFacts, call: ast.Call, child: ast.AST, instance: Instance) -> bool:
    """Whether an argument sets a field of a dataclass or named tuple that is known to hold it."""
    held = facts.inference.value(call).proven
    if not isinstance(held, Own):
        return False
    name = facts.inference.program.classes.field_of(held, call, child)
    if name is None:
        return False
    value = facts.inference.attributes.of(held, name)
    return value is not None and not value.is_guess and instance in value.held


def _is_out_of_sight(facts: FileFacts, node: ast.Return, handed: HandedFunctions) -> bool:
    """Whether not every caller of the function around a `return` can be followed by its name."""
    for parent in facts.module.names.ancestors(node):
        if isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef):
            if is_property(parent) or is_fixture(parent):
                return False
            is_special = parent.name.startswith("__") and parent.name.endswith("__")
            return is_special or parent.name in handed or not gives_its_result(parent)
    return True


def _is_given_by_with(facts: FileFacts, node: ast.AST) -> bool:
    """Whether a yield is that of a pytest fixture or of a context manager: who uses it is known."""
    for parent in facts.module.names.ancestors(node):
        if isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef):
            return is_fixture(parent) or is_context_manager(parent)
    return False

"""What a trail must reach: every expression that is found to hold what the trail is for."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nonce_migrate.resolve.held import Own, Replacement, Value
from nonce_migrate.resolve.inference import Inference
from nonce_migrate.resolve.program import Program
from nonce_migrate.resolve.project import ModuleTarget


def missed(program: Program) -> Iterator[str]:
    """What two rounds of inference find and the trails do not reach, as `path:line: what`."""
    for number in range(2):
        leading = _leading(program)
        for inference in program.inferences.values():
            for text in (*_expressions(inference, leading), *_names(inference)):
                yield f"round {number}: {text}"
        program = program.next_round()


def _leading(program: Program) -> set[Own]:
    """The classes whose objects lead to a legacy one, by asking for every attribute of all."""
    keepers: dict[Own, set[Own]] = {}
    leading: set[Own] = set()
    for own, definition in program.classes.by_key.items():
        assert isinstance(definition.node, ast.ClassDef)
        attributes = program.inferences[own.path].attributes
        for name in attributes.sources(definition.node):
            value = attributes.of(own, name)
            if value is not None and value.instances and not value.is_guess:
                leading |= set(program.classes.family(own))
            for held in value.held if value is not None else ():
                if isinstance(held, Own):
                    keepers.setdefault(held, set()).update(program.classes.family(own))
    waiting = list(leading)
    while waiting:
        for keeper in keepers.get(waiting.pop(), set()) - leading:
            leading.add(keeper)
            waiting.append(keeper)
    return leading


def _matters(value: Value, leading: set[Own]) -> bool:
    is_new = any(isinstance(h, Replacement) and h.is_object for h in value.held)
    return bool(value.instances) or is_new or not leading.isdisjoint(value.held)


def _expressions(inference: Inference, leading: set[Own]) -> Iterator[str]:
    names = inference.names
    nodes: list[ast.expr] = [node for node, _ in names.loads]
    nodes += [node for node, _ in names.attributes if isinstance(node.ctx, ast.Load)]
    nodes += [call for call, _ in names.calls]
    nodes += [n for n in names.scope_of if isinstance(n, ast.Subscript | ast.IfExp | ast.BoolOp)]
    for node in nodes:
        value = inference.value(node)
        if _matters(value, leading) and not inference.may_be_legacy(node):
            yield f"{inference.place(node)}: {inference.shown(node)} is {value.held}"
        is_module = any(isinstance(h, ModuleTarget) for h in value.held)
        if is_module and not inference.may_be_module(node):
            yield f"{inference.place(node)}: {inference.shown(node)} is {value.held}"


def _names(inference: Inference) -> Iterator[str]:
    names, words = inference.names, inference.program.legacy_trail.words
    for node, _ in names.attributes:
        is_set = isinstance(node.ctx, ast.Store) and node.attr not in words
        if is_set and inference.attributes.set_by(node).instances:
            yield f"{inference.place(node)}: .{node.attr} is set"
    for scope in names.scopes:
        if isinstance(scope.node, ast.FunctionDef | ast.AsyncFunctionDef):
            value = inference.calls.result(scope.node)
            if value.instances and scope.node.name not in words:
                yield f"{inference.place(scope.node)}: what {scope.node.name} gives"
    for name in names.module.bindings:
        if inference.name(name, names.module).instances and name not in words:
            yield f"{inference.module.path}: {name}"

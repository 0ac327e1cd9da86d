"""How a call of a legacy name, or of a member of a legacy object, changes."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace

from nonce_migrate.profile.schema import Becomes, Member, Parameter, Symbol
from nonce_migrate.resolve.held import Instance
from nonce_migrate.resolve.inference import Inference
from nonce_migrate.rules.arguments import Fit, Misfit, fit
from nonce_migrate.rules.contexts import is_text_or_number
from nonce_migrate.rules.intents import ChangeCall, Drop


@dataclass(frozen=True, slots=True)
class Outcome:
    """change: what to do to the call, None where it may stay as it stands. misfit: why neither."""

    change: ChangeCall | None = None
    misfit: str = ""


def symbol_call(inference: Inference, call: ast.Call, symbol: Symbol) -> Outcome:
    """A call of a legacy function or class. The name itself is renamed apart from this."""
    assert symbol.becomes is not None
    drops = symbol.drops

    def may_drop(parameter: str, value: ast.expr) -> bool:
        return parameter in drops and _is_known(inference, value, drops[parameter])

    return _outcome(inference, call, symbol.parameters, symbol.becomes, may_drop)


def member_call(inference: Inference, call: ast.Call, member: Member) -> Outcome:
    """A call of a method of a legacy object or class."""
    assert member.becomes is not None
    outcome = _outcome(inference, call, member.parameters, member.becomes, _never)
    new = member.becomes
    if outcome.misfit or (new.target == member.name and not new.via):
        return outcome
    change = outcome.change or ChangeCall(call)
    return Outcome(replace(change, via=new.via, member=new.target))


def _outcome(
    inference: Inference,
    call: ast.Call,
    parameters: tuple[Parameter, ...] | None,
    becomes: Becomes,
    may_drop: object,
) -> Outcome:
    assert callable(may_drop)
    fitted = fit(call, parameters, becomes, may_drop)
    if isinstance(fitted, Misfit):
        return Outcome(misfit=fitted.reason)
    assert isinstance(fitted, Fit)
    source = inference.module.source
    drops = any(isinstance(what, Drop) for what in fitted.arguments.values())
    if drops and "#" in source.slice(source.span(call)):
        return Outcome(misfit="an argument that goes has a comment")
    convert = becomes.convert
    if convert == "int" and is_text_or_number(call, inference.names):
        convert = ""
    if convert and inference.names.scope_of[call].lookup(convert) is not None:
        return Outcome(misfit=f"`{convert}` is a name of this file here, not the builtin")
    if not fitted.arguments and not convert:
        return Outcome()
    return Outcome(ChangeCall(call, None, fitted.arguments, convert))


def _never(parameter: str, value: ast.expr) -> bool:
    return False


def _is_known(inference: Inference, value: ast.expr, owners: tuple[str, ...]) -> bool:
    """Whether an expression is None, or a legacy object of those classes without side effect."""
    if isinstance(value, ast.Constant) and value.value is None:
        return True
    held = inference.value(value).proven
    if not isinstance(held, Instance) or held.owner not in owners:
        return False
    plain = value.func if isinstance(value, ast.Call) and not value.args else value
    if isinstance(value, ast.Call) and value.keywords:
        return False
    return _is_pure(plain)


def _is_pure(node: ast.expr) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)

"""How a call of a legacy name, or of a member of a legacy object, changes."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace

from nonce_migrate.profile.schema import Becomes, Member, Parameter, Symbol
from nonce_migrate.resolve.held import Instance
from nonce_migrate.resolve.inference import Inference
from nonce_migrate.rules.arguments import Fit, Misfit, bind, fit
from nonce_migrate.rules.ends import Ends
from nonce_migrate.rules.facts import Block
from nonce_migrate.rules.intents import ChangeCall, Drop
from nonce_migrate.rules.results import ends_of
from nonce_migrate.rules.scales import doubt_of_scale
from nonce_migrate.rules.text_formats import prints_its_source


@dataclass(frozen=True, slots=True)
class Outcome:
    """change: what to do to the call, None where it may stay as it stands. misfit: why neither.

    doubt: what speaks against the change that fits. why: what the change of the result's type rests
    on. broken: what failed here before, or "".
    """

    change: ChangeCall | None = None
    misfit: str = ""
    doubt: Block | None = None
    why: tuple[str, ...] = ()
    broken: str = ""


def symbol_call(inference: Inference, call: ast.Call, symbol: Symbol) -> Outcome:
    """A call of a legacy function or class. The name itself is renamed apart from this."""
    assert symbol.becomes is not None
    drops = symbol.drops

    def may_drop(parameter: str, value: ast.expr) -> bool:
        if parameter in symbol.ignored:
            return does_nothing(value)
        return parameter in drops and _is_known(inference, value, drops[parameter])

    outcome = _outcome(inference, call, symbol.parameters, symbol.becomes, may_drop)
    doubt = doubt_of_scale(inference, call, symbol, inference.project.profile.unit)
    outcome = replace(outcome, doubt=doubt, broken=outcome.broken or _raised(call, symbol))
    return _unprinted(inference, call, outcome)


def _raised(call: ast.Call, symbol: Symbol) -> str:
    """What is said of a call with arguments that the legacy name listed, but never took."""
    given = bind(call, symbol.parameters or ()) if symbol.raised_with else []
    refused = [] if isinstance(given, Misfit) else [p for p in given if p in symbol.raised_with]
    if not refused:
        return ""
    return f"always raised TypeError when given `{refused[0]}`; after the migration it runs"


def member_call(inference: Inference, call: ast.Call, member: Member) -> Outcome:
    """A call of a method of a legacy object or class."""
    assert member.becomes is not None

    def may_drop(parameter: str, value: ast.expr) -> bool:
        return parameter in member.ignored and does_nothing(value)

    outcome = _outcome(inference, call, member.parameters, member.becomes, may_drop)
    doubt = doubt_of_scale(inference, call, member, inference.project.profile.unit)
    outcome = replace(outcome, doubt=doubt)
    new = member.becomes
    if not outcome.misfit and (new.target != member.name or new.via):
        change = outcome.change or ChangeCall(call)
        outcome = replace(outcome, change=replace(change, via=new.via, member=new.target))
    return _unprinted(inference, call, outcome)


def _unprinted(inference: Inference, call: ast.Call, outcome: Outcome) -> Outcome:
    """The outcome, unless the text of the call is printed: a change would change what it prints."""
    if outcome.change is None:
        return outcome
    if prints_its_source(call, inference.names, inference.module.source):
        return Outcome(misfit="an f-string prints the text of this call")
    return outcome


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
        return Outcome(misfit=fitted.reason, broken=fitted.broken)
    assert isinstance(fitted, Fit)
    source = inference.module.source
    drops = any(isinstance(what, Drop) for what in fitted.arguments.values())
    if drops and "#" in source.slice(source.span(call)):
        return Outcome(misfit="an argument that goes has a comment")
    convert = becomes.convert
    ends = ends_of(inference, call) if convert == "int" else Ends(())
    if convert == "int" and ends.all_text:
        convert = ""
    if convert and inference.names.scope_of[call].lookup(convert) is not None:
        return Outcome(misfit=f"`{convert}` is a name of this file here, not the builtin")
    if not fitted.arguments and not convert:
        return Outcome()
    return Outcome(ChangeCall(call, None, fitted.arguments, convert), why=ends.reasons)


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


def does_nothing(value: ast.expr) -> bool:
    """Whether an expression can go unevaluated: a constant, or a name with attributes."""
    return isinstance(value, ast.Constant) or _is_pure(value)


def _is_pure(node: ast.expr) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)

"""The top-level names of a shim that are no classes: aliases, functions and what is gone."""

from __future__ import annotations

from nonce_migrate.profile.schema import NameKind, Symbol
from nonce_migrate.shims.calls import body, shared, signature, warning
from nonce_migrate.shims.code import docstring, literal
from nonce_migrate.shims.plan import ShimPlan


def alias(symbol: Symbol) -> list[str]:
    """The target's own object under the legacy name."""
    assert symbol.becomes is not None
    return [f"{symbol.name} = _shim_target.{symbol.becomes.target}"]


def function(plan: ShimPlan, symbol: Symbol) -> list[str]:
    """A legacy function: it warns, and its body is what the profile says it becomes."""
    new = symbol.becomes
    assert new is not None
    lines = [
        signature(symbol.name, symbol.parameters),
        *docstring(f"Deprecated: use {new.text}.", indent=4),
        *warning(symbol.name, new.text, indent=4),
    ]
    made = symbol.produces
    if made in plan.adapters and symbol.parameters is not None:
        shared_lines = shared(plan, new, symbol.parameters, cls=made, produced=made, indent=4)
        return [*lines, *shared_lines]
    return [*lines, *body(new, symbol.parameters, indent=4)]


def gone(symbol: Symbol) -> list[str]:
    """A name without counterpart that the source does not give either: using it says so."""
    message = f"raise NotImplementedError({literal(f'{symbol.name} is gone: {symbol.step}')})"
    text = docstring(f"Gone: {symbol.step}.", indent=4)
    if symbol.kind in (NameKind.CLASS, NameKind.EXCEPTION):
        base = "(Exception)" if symbol.kind is NameKind.EXCEPTION else ""
        start = ["    def __init__(self, *args, **kwargs):", f"        {message}"]
        return [f"class {symbol.name}{base}:", *text, "", *start]
    return [f"def {symbol.name}(*args, **kwargs):", *text, f"    {message}"]

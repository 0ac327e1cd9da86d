"""Why what looks like a member of a legacy object is no finding."""

from __future__ import annotations

import ast

from nonce_migrate.profile.schema import MemberKind
from nonce_migrate.resolve.held import Foreign, Instance, Own, Replacement, Value
from nonce_migrate.resolve.inference import Inference
from nonce_migrate.resolve.project import ModuleTarget, SymbolTarget

_MOST_REASONS = 2


def why_not(inference: Inference, node: ast.Attribute) -> str:
    """Why a member was looked at and left alone; "" where no legacy class has a method so named."""
    members = (m for s in inference.project.profile.systems for m in s.members)
    is_method = (MemberKind.METHOD, MemberKind.CLASSMETHOD)
    owners = sorted({m.owner for m in members if m.name == node.attr and m.kind in is_method})
    value = inference.value(node.value)
    if not owners or isinstance(value.proven, ModuleTarget | SymbolTarget):
        return ""
    text = _of_receiver(value, inference.shown(node.value), " or ".join(owners))
    reasons = f" ({'; '.join(value.why[:_MOST_REASONS])})" if value.why else ""
    return f"`{inference.shown(node)}`: {text}{reasons}"


def _of_receiver(value: Value, receiver: str, owners: str) -> str:
    held = value.proven
    if isinstance(held, Instance):
        return f"`{receiver}` is a {held.owner}, and this means the same on the new object"
    if isinstance(held, Own):
        return f"`{receiver}` is a {held.name}, which {held.path}:{held.line} defines"
    if isinstance(held, Replacement):
        return f"`{receiver}` is of the target already"
    if isinstance(held, Foreign):
        return f"`{receiver}` is a {held.name} of another package"
    if value.instances:
        return f"whatever `{receiver}` is, this means the same on the new object"
    return f"nothing says that `{receiver}` is a {owners}"

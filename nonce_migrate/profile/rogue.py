"""Reads the table `[rogue]` of a profile: nonces that are made without any manager."""

from __future__ import annotations

import ast

from nonce_migrate.profile.schema import Rogue, Unit
from nonce_migrate.profile.table import Table, hint


def read_rogue(table: Table, exports: frozenset[str], unit: Unit) -> Rogue:
    """The description of rogue nonces.

    exports: the names that the target has, where known. unit: what its nonces count.
    """
    becomes = table.required("becomes", "the expression that draws a nonce as text")
    rogue = Rogue(
        names=table.strings("names", ("nonce",)),
        functions=table.strings("functions"),
        becomes=becomes,
        imported=_first_name(becomes),
        unit=table.choice("unit", unit, tuple(Unit)),
        context=table.strings("context"),
        signing=table.strings("signing"),
        foreign=table.strings("foreign"),
    )
    table.finish()
    if becomes and not rogue.imported:
        table.complain("becomes", f"{becomes!r} is no call that starts with a name of the target")
    elif rogue.imported and exports and rogue.imported not in exports:
        message = f"{rogue.imported!r} is no name that the target has"
        table.complain("becomes", message + hint(rogue.imported, exports))
    return rogue


def _first_name(text: str) -> str:
    """`get` of `get().nonce()`; "" where the text is nothing of that form."""
    try:
        node: ast.expr = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    if not isinstance(node, ast.Call):
        return ""
    while isinstance(node, ast.Call | ast.Attribute):
        node = node.func if isinstance(node, ast.Call) else node.value
    is_plain = isinstance(node, ast.Name) and text.startswith(node.id)
    return node.id if is_plain and isinstance(node, ast.Name) else ""

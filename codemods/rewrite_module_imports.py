"""Rewrites imports of the legacy modules themselves, with every use through them."""

from __future__ import annotations

from codemods.command import PartsCommand
from nonce_migrate.rules.selection import Part


class RewriteModuleImportsCommand(PartsCommand):
    """`import a.legacy [as m]` and `from a import legacy`: the statement and uses."""

    DESCRIPTION: str = (
        "Rewrites imports of the legacy modules themselves, with every use through them."
    )
    PARTS = frozenset({Part.MODULES})

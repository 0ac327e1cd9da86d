"""Rewrites from-imports of legacy names, with every use of the names."""

from __future__ import annotations

from codemods.command import PartsCommand
from nonce_migrate.rules.selection import Part


class RewriteNameImportsCommand(PartsCommand):
    """`from legacy import Name [as X]`: the statement, the uses, the calls and the members."""

    DESCRIPTION: str = "Rewrites from-imports of legacy names, with every use of the names."
    PARTS = frozenset({Part.NAMES})

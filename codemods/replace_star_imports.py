"""Replaces star imports of legacy modules by the names that are used."""

from __future__ import annotations

from codemods.command import PartsCommand
from nonce_migrate.rules.selection import Part


class ReplaceStarImportsCommand(PartsCommand):
    """`from legacy import *`: explicit names, since the target has others to give."""

    DESCRIPTION: str = "Replaces star imports of legacy modules by the names that are used."
    PARTS = frozenset({Part.STARS})

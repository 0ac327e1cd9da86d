"""Moves every reference of a file to the consolidated nonce manager."""

from __future__ import annotations

from codemods.command import PartsCommand
from nonce_migrate.rules.selection import EVERYTHING


class ConsolidateNonceManagerCommand(PartsCommand):
    """All parts at once, as `nonce-migrate apply` does for one file."""

    DESCRIPTION: str = "Moves every reference of a file to the consolidated nonce manager."
    PARTS = EVERYTHING

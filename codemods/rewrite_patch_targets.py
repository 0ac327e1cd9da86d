"""Rewrites the strings of mock.patch and monkeypatch that name a legacy symbol."""

from __future__ import annotations

from codemods.command import PartsCommand
from nonce_migrate.rules.selection import Part


class RewritePatchTargetsCommand(PartsCommand):
    """`patch("src.legacy.Name")`: module and name change together."""

    DESCRIPTION: str = (
        "Rewrites the strings of mock.patch and monkeypatch that name a legacy symbol."
    )
    PARTS = frozenset({Part.STRINGS})

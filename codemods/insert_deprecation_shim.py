"""Turns a legacy module into a deprecation shim on the consolidated manager."""

from __future__ import annotations

from codemods.command import EngineCommand
from nonce_migrate.engine import Options
from nonce_migrate.engine.single import Rewritten, shim_file


class InsertDeprecationShimCommand(EngineCommand):
    """Only a module that the profile lists as legacy changes; other files stay as they are."""

    DESCRIPTION: str = "Turns a legacy module into a deprecation shim on the consolidated manager."

    def rewrite(self, options: Options, path: str, data: bytes) -> Rewritten:
        """The shim in place of the module."""
        return shim_file(options, path, data)

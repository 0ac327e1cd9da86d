"""The commands by name, each loaded when it is asked for: a run pays for its own command only."""

from __future__ import annotations

from importlib import import_module

import click

_FOLDER = "nonce_migrate.cli"
_MODULES = {
    "scan": "scan",
    "check": "check",
    "apply": "apply",
    "undo": "undo",
    "shims": "shims",
    "report": "report",
    "explain": "explain",
    "config": "config",
    "baseline": "baseline",
    "status": "show_status",
    "state": "state",
    "init": "init",
    "completion": "completion",
}


class Commands(click.Group):
    """A group that imports the module of a command when the command is named or listed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the help page."""
        return list(_MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, None where there is none."""
        module = _MODULES.get(cmd_name)
        if module is None:
            return None
        command = getattr(import_module(f"{_FOLDER}.{module}"), cmd_name)
        assert isinstance(command, click.Command)
        return command

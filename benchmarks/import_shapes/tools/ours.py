"""nonce-migrate, with a profile of one's own (ours_profiles), over the whole project:

    nonce-migrate apply --profile PROFILE .

A profile lists what a class has: an object of which something else is used stays where it is.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from import_shapes.corpus import Move
from import_shapes.processes import run_tool

_PROFILES = Path(__file__).with_name("ours_profiles")


def console(arguments: list[str], root: Path) -> None:
    """Runs the console command. Raises ToolFailedError.

    Status 1, something is left for a person, is no failure: the program has to tell.
    """
    run_tool([sys.executable, "-m", "nonce_migrate", *arguments], root, allowed=(0, 1))


class Ours:
    """run: starts the command with arguments in a folder."""

    name = "ours"
    title = "nonce-migrate"
    needs = "nonce-migrate"
    moves_definitions = False

    def __init__(self, run: Callable[[list[str], Path], None] = console) -> None:
        self._run = run

    def migrate(self, root: Path, move: Move) -> None:
        """Raises ToolFailedError."""
        self._run(["apply", "--profile", str(_PROFILES / f"{move.title}.toml"), "."], root)

"""nonce-migrate, with a profile of one's own (ours_profiles), over the whole project:

    nonce-migrate apply --unsafe --profile PROFILE .

The other tools make every edit that they can, so ours is run as daring; one shape needs that
(`sys.modules["pkg.old"]`: that the new module is loaded by then is taken for granted).
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
    title = "nonce-migrate --unsafe"
    needs = "nonce-migrate"
    moves_definitions = False

    def __init__(self, run: Callable[[list[str], Path], None] = console) -> None:
        self._run = run

    def migrate(self, root: Path, move: Move) -> None:
        """Raises ToolFailedError."""
        profile = str(_PROFILES / f"{move.title}.toml")
        self._run(["apply", "--unsafe", "--profile", profile, "."], root)

"""The tools, each used as its users would."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from import_shapes.corpus import Move


class Tool(Protocol):
    """Something that moves names from one module to another.

    name: as `--tools` takes it. title: as the table shows it. needs: the distribution on PyPI.
    moves_definitions: it moves the definitions itself, so it starts from a new module without them.
    """

    name: str
    title: str
    needs: str
    moves_definitions: bool

    def migrate(self, root: Path, move: Move) -> None:
        """Rewrites the project in `root`, in place. Raises ToolFailedError."""

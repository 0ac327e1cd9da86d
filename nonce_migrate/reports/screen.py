"""What a text will be shown on."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Ink(StrEnum):
    """SGR parameters (ECMA-48, 8.3.117) that every terminal knows."""

    BOLD = "1"
    DIM = "2"
    RED = "31"
    GREEN = "32"
    YELLOW = "33"
    CYAN = "36"


class Screen(NamedTuple):
    """width: columns of the terminal, None for a file or a pipe. color: whether to paint."""

    width: int | None = None
    color: bool = False

    def paint(self, text: str, ink: Ink) -> str:
        """The text in that ink, or as it is where there is no colour."""
        return f"\x1b[{ink}m{text}\x1b[0m" if self.color and text else text


PLAIN = Screen()

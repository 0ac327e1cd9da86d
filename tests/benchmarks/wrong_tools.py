"""Tools that must not survive: they show that the judge of the shapes can tell."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from import_shapes.corpus import Move
from import_shapes.processes import ToolFailedError


class WrongTool:
    """Rewrites every Python file but the two modules; change: text and move in, text out."""

    name = title = needs = "wrong"
    moves_definitions = False

    def __init__(self, change: Callable[[bytes, Move], bytes]) -> None:
        self._change = change

    def migrate(self, root: Path, move: Move) -> None:
        """Never fails by itself."""
        for path in root.rglob("*.py"):
            if path.relative_to(root).as_posix() not in (move.old_file, move.new_file):
                path.write_bytes(self._change(path.read_bytes(), move))


def nothing(text: bytes, move: Move) -> bytes:
    """Leaves all as it is."""
    return text


def search_and_replace(text: bytes, move: Move) -> bytes:
    """The module's name, then each name, wherever they stand."""
    text = text.replace(move.old_module.encode(), move.new_module.encode())
    for old, new in move.names.items():
        text = re.sub(rb"\b%s\b" % old.encode(), new.encode(), text)
    return text


def other_line_ends(text: bytes, move: Move) -> bytes:
    """As a tool that reads and writes text."""
    return search_and_replace(text, move).replace(b"\r\n", b"\n")


def without_comments(text: bytes, move: Move) -> bytes:
    """As a tool that prints a syntax tree."""
    return re.sub(rb"  #.*", b"", search_and_replace(text, move))


def tidied(text: bytes, move: Move) -> bytes:
    """As a tool with a formatter at its end."""
    return search_and_replace(text, move).replace(b"print( ", b"print(")


def growing(text: bytes, move: Move) -> bytes:
    """As a tool that adds its import again."""
    return search_and_replace(text, move) + b"\nimport pkg.new\n"


class FailingTool(WrongTool):
    """Gives up."""

    def migrate(self, root: Path, move: Move) -> None:
        """Raises ToolFailedError."""
        raise ToolFailedError("status 3: no idea")

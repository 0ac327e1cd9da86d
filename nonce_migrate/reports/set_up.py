"""What `init` did, for people."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from nonce_migrate.scaffold import Addition, ByHand, Kept, Piece
from nonce_migrate.visible import visible


def render_pieces(pieces: Iterable[Piece], root: Path) -> str:
    """A line for each file, then what is to be added by hand, as it stands in the file."""
    lines = []
    for piece in pieces:
        name = visible(_name(piece.path, root))
        match piece:
            case Addition(is_new=True):
                lines.append(f"wrote    {name}")
            case Addition():
                lines.append(f"added to {name}")
            case Kept():
                lines.append(f"kept     {name}: says it already")
            case ByHand():
                lines.append(f"kept     {name}: add by hand what follows below")
    for piece in pieces:
        if isinstance(piece, ByHand):
            lines += ["", f"# for {visible(_name(piece.path, root))}", piece.text.rstrip("\n")]
    return "\n".join(lines) + "\n"


def _name(path: Path, root: Path) -> str:
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)

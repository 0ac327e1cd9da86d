"""Lines of .gitignore."""

from __future__ import annotations

from pathlib import Path

from nonce_migrate.scaffold.configuration import Read
from nonce_migrate.scaffold.pieces import Addition, Kept, Piece, appended


def plan_ignored(path: Path, lines: tuple[str, ...], read: Read) -> Piece:
    """Adds the lines that the file does not have yet."""
    existing = read(path)
    if existing is None:
        return Addition(path, _text(lines), is_new=True)
    present = {line.strip() for line in existing.decode(errors="replace").splitlines()}
    missing = tuple(line for line in lines if line not in present)
    return appended(path, _text(missing).decode(), existing) if missing else Kept(path)


def _text(lines: tuple[str, ...]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()

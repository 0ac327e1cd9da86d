"""--format: the word of the command line, else of the project's settings."""

from __future__ import annotations

from pathlib import Path

from nonce_migrate.cli.options import Format
from nonce_migrate.errors import ProjectError


def chosen_format(typed: str | None, root: Path) -> Format:
    """How a result about the project at root is written. Raises ProjectError."""
    if typed is not None:
        return Format(typed)
    from nonce_migrate.settings import read_settings

    settings = read_settings(root)
    if not settings.format:
        return Format.TEXT
    try:
        return Format(settings.format)
    except ValueError:
        known = ", ".join(Format)
        where = f"{root / settings.file}:{settings.lines['format']}"
        raise ProjectError(f"{where}: format: {settings.format!r} is none of {known}") from None

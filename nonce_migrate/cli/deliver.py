"""Hands a text to standard output or to the file of --output."""

from __future__ import annotations

from pathlib import Path

from nonce_migrate.cli.files import require_writable, staged
from nonce_migrate.cli.output import print_text

_STDOUT = "-"


def output_path(text: str | None) -> Path | None:
    """The file of --output, None for standard output. Raises ProjectError if it is no use."""
    if text is None or text == _STDOUT:
        return None
    path = Path(text)
    require_writable(path)
    return path


def deliver(text: str, output: Path | None) -> None:
    """Prints or writes the text, in UTF-8 in a file. Raises ProjectError."""
    if output is None:
        print_text(text)
        return
    with staged({output: text.encode()}):
        pass

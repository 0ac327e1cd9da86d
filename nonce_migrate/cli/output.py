"""Standard output and standard error, which may be closed, full, or of any encoding."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, TextIO

from nonce_migrate.errors import ProjectError
from nonce_migrate.reports.wording import visible

if TYPE_CHECKING:
    from nonce_migrate.reports.screen import Screen

_USUAL_WIDTH = 80


def print_text(text: str) -> None:
    """Prints to standard output; what its encoding lacks is escaped. Raises ProjectError."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    print_bytes(text.encode(encoding, "backslashreplace"))


def print_bytes(data: bytes) -> None:
    """Prints to standard output without changing a byte.

    A reader that went away (`| head`) is no error: the run keeps its exit status. Raises
    ProjectError where the output cannot be written, as on a full disk.
    """
    if sys.stdout is None:
        return
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _silence()
    except OSError as error:
        _silence()
        raise ProjectError(f"standard output cannot be written: {error.strerror}") from None


def _silence() -> None:
    """Lets what is still in the buffer go nowhere when the interpreter flushes it at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def complain(message: str) -> None:
    """Tells of problems on standard error, each line with the program's name before it."""
    for line in message.split("\n"):
        tell(f"nonce-migrate: {visible(line)}")


def tell(text: str) -> None:
    """Prints a line to standard error. Nothing can be done where that fails."""
    stream = sys.stderr
    if stream is None:
        return
    try:
        stream.write(
            f"{text}\n".encode(stream.encoding, "backslashreplace").decode(stream.encoding)
        )
        stream.flush()
    except OSError:
        return


def screen_of(stream: TextIO | None) -> Screen:
    """What a stream shows. Colour goes by NO_COLOR (no-color.org) and TERM."""
    from nonce_migrate.reports.screen import Screen

    if stream is None or stream.closed or not stream.isatty():
        return Screen()
    color = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Screen(_width(stream), color)


def _width(stream: TextIO) -> int:
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns):
        return int(columns)
    try:
        return os.get_terminal_size(stream.fileno()).columns or _USUAL_WIDTH
    except OSError:
        return _USUAL_WIDTH

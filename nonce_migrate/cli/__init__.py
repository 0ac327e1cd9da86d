"""The command line. `main` is the console script; `run` gives the exit status instead."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from nonce_migrate import __version__

__all__ = ["main", "run"]

# What is made before it is worth to look for garbage: to start makes many, and none is.
_MANY_OBJECTS = 200_000


def main() -> NoReturn:
    """Runs the command line of this process and ends it."""
    arguments = sys.argv[1:]
    if arguments == ["--version"]:
        # Asked for by every tool that looks for this one: it loads nothing.
        print(f"nonce-migrate {__version__}")
        sys.exit(0)
    gc.set_threshold(_MANY_OBJECTS)
    gc.disable()  # The engine lets go of what a run left when the next one begins.
    _end(run(arguments))


def _end(status: int) -> NoReturn:
    """Ends the process at once: its memory is given back whole, not object by object."""
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except (OSError, ValueError):
        sys.exit(status)  # the interpreter has its own way to tell of it
    os._exit(status)


def run(arguments: Sequence[str]) -> int:
    """Runs one command line and gives its exit status; errors are told on standard error."""
    from nonce_migrate.cli.app import run as run_app

    return run_app(arguments)

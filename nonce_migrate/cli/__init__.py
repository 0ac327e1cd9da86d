"""The command line. `main` is the console script; `run` gives the exit status instead."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from typing import NoReturn

from nonce_migrate import __version__

__all__ = ["main", "run"]

_MANY_OBJECTS = 200_000


def main() -> NoReturn:
    """Runs the command line of this process and ends it."""
    arguments = sys.argv[1:]
    if arguments == ["--version"]:
        # Asked for by every tool that looks for this one: it loads nothing.
        print(f"nonce-migrate {__version__}")
        sys.exit(0)
    # To start makes many objects, and none of them garbage; at the end it would all be gone
    # through again.
    gc.set_threshold(_MANY_OBJECTS)
    status = run(arguments)
    gc.freeze()
    sys.exit(status)


def run(arguments: Sequence[str]) -> int:
    """Runs one command line and gives its exit status; errors are told on standard error."""
    from nonce_migrate.cli.app import run as run_app

    return run_app(arguments)

"""Imports every module of a tree, each in a process of its own; prints those that succeed.

Run as a script: `python importing.py` in the bot's root. It forks for each module, so that no
import can lean on another one, and forbids network connections.
"""

from __future__ import annotations

import importlib
import os
import socket
import sys
from pathlib import Path


def main() -> None:
    """Prints the name of each module that imports, one a line."""
    sys.path.insert(0, str(Path.cwd()))
    for path in sorted(Path.cwd().rglob("*.py")):
        parts = path.relative_to(Path.cwd()).with_suffix("").parts
        if parts[0] in ("emergency_backups", "tests") or not all(p.isidentifier() for p in parts):
            continue
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        if name and _imports(name):
            print(name, flush=True)


def _imports(name: str) -> bool:
    child = os.fork()
    if child == 0:
        code = 1
        try:
            quiet = os.open(os.devnull, os.O_WRONLY)
            os.dup2(quiet, 1)
            os.dup2(quiet, 2)
            socket.socket.connect = _no_network  # type: ignore[method-assign]
            importlib.import_module(name)
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _no_network(*args: object) -> None:
    raise OSError("no network while importing")


if __name__ == "__main__":
    main()

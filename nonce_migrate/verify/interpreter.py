"""The Python that runs the bot, which seldom is the one that runs us."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_FOLDERS = (".venv", "venv", "env")


def bot_python(root: Path) -> str:
    """The active virtual environment's, else the project's own, else ours."""
    active = os.environ.get("VIRTUAL_ENV")
    environments = [Path(active)] if active else []
    environments += [root / name for name in _FOLDERS]
    for environment in environments:
        for name in ("bin/python", "Scripts/python.exe"):
            python = environment / name
            if python.is_file() and os.access(python, os.X_OK):
                return str(python)
    return sys.executable

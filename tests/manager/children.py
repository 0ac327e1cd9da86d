"""Runs pieces of Python in processes of their own, with the manager loaded from its file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

from nonce_migrate.vendored import consolidated_nonce_manager

MODULE = Path(consolidated_nonce_manager.__file__)
SETTINGS = (
    "NONCE_STATE_DIR",
    "NONCE_FLOOR",
    "NONCE_VOLATILE",
    "NONCE_REDIS_URL",
    "KRAKEN_API_URL",
)

# FROZEN stops the clock before the module is loaded: only the state can then tell processes apart.
_PRELUDE = """
import asyncio, importlib.util, json, logging, os, signal, sys, threading, time
if os.environ.get("FROZEN"):
    time.time_ns = lambda: int(os.environ["FROZEN"])
def load(name="cnm"):
    spec = importlib.util.spec_from_file_location(name, os.environ["CNM"])
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
def say(value):
    print(json.dumps(value), flush=True)
cnm = load()
m = cnm.get_nonce_manager()
"""


def environment(state: Path, **settings: str) -> dict[str, str]:
    """The environment of a child whose state is in `state`."""
    inherited = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    own = {"NONCE_STATE_DIR": str(state), "CNM": str(MODULE), "PYTHONDONTWRITEBYTECODE": "1"}
    return {**inherited, **own, **settings}


def start(state: Path, code: str, **settings: str) -> subprocess.Popen[str]:
    """Starts `code` after the prelude; `m` is the manager, `say(x)` prints a JSON line."""
    return subprocess.Popen(
        [sys.executable, "-c", _PRELUDE + textwrap.dedent(code)],
        env=environment(state, **settings),
        cwd=state.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(state: Path, code: str, **settings: str) -> Any:
    """What `code` said: one value, or a list of them where it said several."""
    child = start(state, code, **settings)
    out, err = child.communicate(timeout=40)
    assert child.returncode == 0, err
    said = [json.loads(line) for line in out.splitlines()]
    return said[0] if len(said) == 1 else said

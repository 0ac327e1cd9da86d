"""Small legacy bots whose modules are turned into shims, and child processes that use them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path, PurePosixPath

from nonce_migrate.profile import load_profile
from nonce_migrate.profile.schema import Profile
from nonce_migrate.shims.build import build_shim
from nonce_migrate.shims.shim import Shim

KRAKEN = load_profile("kraken")
KRAKEN_TARGET = PurePosixPath("src/utils/consolidated_nonce_manager.py")

COORDINATOR = """
from ..utils.unified_kraken_nonce_manager import get_unified_nonce_manager

class WebSocketNonceCoordinator:
    def __init__(self, nonce_manager=None):
        self.nonce_manager = nonce_manager or get_unified_nonce_manager()

    def register_connection(self, connection_id, error_handler=None):
        pass

    def get_auth_nonce(self, connection_id):
        return self.nonce_manager.get_nonce(connection_id)

    def create_auth_message(self, connection_id, api_key):
        return {"event": "subscribe", "reqid": self.get_auth_nonce(connection_id)}
"""

STATE = """
import json
from dataclasses import dataclass

VERSION = "2025.1.0"

@dataclass
class NonceState:
    last_nonce: int
    timestamp: float
    api_key_hash: str
    counter: int = 0
    version: str = VERSION

class NonceManager:
    pass
"""

SCRIPT = '''#!/usr/bin/env python3
"""Patches imports."""
import logging
from typing import Dict

logging.basicConfig(handlers=[logging.FileHandler("emergency.log")])
logger = logging.getLogger(__name__)
FOLDER = "emergency_backups"
FIXES: Dict[str, str] = {
    "from src.utils.kraken_nonce_manager import X": "from src.utils.y import X",
}

class PatchError(Exception):
    pass

class EmergencyNonceFix:
    def __init__(self, root="."):
        self.root = root

    @property
    def ready(self):
        return False

    @staticmethod
    def create_backup(path):
        raise SystemExit("ran")

    async def validate(self):
        raise SystemExit("ran")

    def run_emergency_fix(self):
        raise SystemExit("ran")

def helper(text):
    raise SystemExit("ran")

def main():
    raise SystemExit("ran")

if __name__ == "__main__":
    main()
'''

SOURCES = {
    "websocket_nonce_coordinator": COORDINATOR,
    "nonce_manager": STATE,
    "emergency_nonce_fix": SCRIPT,
}


@dataclass(frozen=True, slots=True)
class Bot:
    """A folder with shims of every kraken system and the consolidated manager."""

    root: Path

    def run(self, code: str, *, path: tuple[str, ...] = (".",), status: int = 0) -> str:
        """Runs code from a file in a process of its own, with folders of the bot on sys.path.

        Gives what it printed on stdout; on another exit status than `status`, fails with stderr.
        """
        script = self.root / "client.py"
        script.write_text(textwrap.dedent(code), encoding="utf-8")
        return self.execute([str(script)], path=path, status=status).stdout

    def execute(
        self, arguments: list[str], *, path: tuple[str, ...] = (".",), status: int = 0
    ) -> subprocess.CompletedProcess[str]:
        """Runs Python with arguments in the bot's folder."""
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(str(self.root / folder) for folder in path),
            "NONCE_STATE_DIR": str(self.root / "state"),
        }
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.root,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == status, done.stderr
        return done


def kraken_shim(stem: str, source: str) -> Shim:
    """The shim of one kraken system, by the last part of its module."""
    for system in KRAKEN.systems:
        if system.module.endswith(f".{stem}"):
            path = PurePosixPath(*system.module.split(".")).with_suffix(".py")
            return build_shim(KRAKEN, system, path, KRAKEN_TARGET, source)
    raise LookupError(stem)


def make_kraken_bot(root: Path) -> Bot:
    """Writes a bot with the five shims, the manager and an empty state folder."""
    for system in KRAKEN.systems:
        stem = system.module.rpartition(".")[2]
        path = root / Path(*system.module.split(".")).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(kraken_shim(stem, SOURCES.get(stem, "")).text, encoding="utf-8")
    manager = files("nonce_migrate.vendored") / "consolidated_nonce_manager.py"
    shutil.copyfile(str(manager), root / KRAKEN_TARGET)
    (root / "state").mkdir()
    return Bot(root)


def make_profile(folder: Path, text: str) -> Profile:
    """A user's profile from the text of its file."""
    file = folder / "profile.toml"
    file.write_text(textwrap.dedent(text), encoding="utf-8")
    return load_profile(str(file))

"""Small bots: one with a legacy manager, one with the packaged manager at its place."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path

from tests.manager import children

_FILES = {
    "pyproject.toml": '[project]\nname = "bot"\nversion = "1"\n',
    "src/__init__.py": "",
    "src/utils/__init__.py": "",
    "src/utils/unified_kraken_nonce_manager.py": """\
import threading


class UnifiedKrakenNonceManager:
    _instance = None
    _lock = threading.Lock()

    def __init__(self):
        self._last_nonce = 0

    def get_nonce(self, connection_id="default"):
        self._last_nonce += 1
        return str(self._last_nonce)


_manager = UnifiedKrakenNonceManager()


def get_unified_nonce_manager():
    return _manager
""",
    "src/rest.py": """\
from src.utils.unified_kraken_nonce_manager import get_unified_nonce_manager


def sign():
    return get_unified_nonce_manager().get_nonce("rest")
""",
    "src/clean.py": "import json\n\nprint(json.dumps({}))\n",
}


def write_legacy_bot(root: Path) -> Path:
    """Makes a bot with one legacy manager that can be migrated completely."""
    for name, text in _FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def migrated(root: Path) -> Path:
    """Makes a project with the manager at the profile's target; its state is kept in its root."""
    utils = root / "src/utils"
    utils.mkdir(parents=True)
    (root / "pyproject.toml").write_text("")
    shutil.copy(children.MODULE, utils)
    return root


def ahead(seconds: int) -> int:
    """A nonce in us so far ahead of the clock."""
    return time.time_ns() // 1000 + seconds * 1_000_000


def legacy(folder: Path, name: str, content: object) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(json.dumps(content))

"""A small bot with one legacy manager."""

from __future__ import annotations

from pathlib import Path

import pytest

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
_JUMP = """\
from src.utils.unified_kraken_nonce_manager import get_unified_nonce_manager


def jump():
    get_unified_nonce_manager()._last_nonce = 5
"""


@pytest.fixture
def bot(tmp_path: Path) -> Path:
    """A bot that can be migrated completely."""
    root = tmp_path / "bot"
    for name, text in _FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


@pytest.fixture
def stubborn_bot(bot: Path) -> Path:
    """The bot, with a use of private state that only a person can settle."""
    (bot / "src/jump.py").write_text(_JUMP)
    return bot


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    """A project without any legacy reference."""
    root = tmp_path / "clean"
    root.mkdir()
    (root / "pyproject.toml").write_text("")
    (root / "app.py").write_text("import json\n")
    return root

"""A small bot with one legacy manager."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.bots import write_legacy_bot
from tests.cli.running import run

_JUMP = """\
from src.utils.unified_kraken_nonce_manager import get_unified_nonce_manager


def jump():
    get_unified_nonce_manager()._last_nonce = 5
"""


@pytest.fixture
def bot(tmp_path: Path) -> Path:
    """A bot that can be migrated completely."""
    return write_legacy_bot(tmp_path / "bot")


@pytest.fixture
def stubborn_bot(bot: Path) -> Path:
    """The bot, with a use of private state that only a person can settle."""
    (bot / "src/jump.py").write_text(_JUMP)
    return bot


@pytest.fixture(scope="session")
def migrate(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """A copy of the bot at a path, after an apply with those options; each is made once."""
    made: dict[tuple[str, ...], Path] = {}

    def copy(root: Path, *options: str) -> Path:
        if options not in made:
            bot = write_legacy_bot(tmp_path_factory.mktemp("migrated") / "bot")
            assert run(bot, "apply", *options).returncode == 0
            made[options] = bot
        shutil.rmtree(root)
        shutil.copytree(made[options], root)
        return root

    return copy


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    """A project without any legacy reference."""
    root = tmp_path / "clean"
    root.mkdir()
    (root / "pyproject.toml").write_text("")
    (root / "app.py").write_text("import json\n")
    return root

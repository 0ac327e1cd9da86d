"""Every command of `codemods`, run by LibCST's own tool on real files."""

from __future__ import annotations

import importlib
import inspect
import os
import pkgutil
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import codemods
from codemods.command import EngineCommand

PROJECT = Path(__file__).parents[2]
LEGACY = PROJECT / "fixtures" / "cases" / "_legacy"

APP = b"""\
import src.utils.kraken_nonce_manager as knm\r
from src.utils.unified_kraken_nonce_manager import get_unified_nonce_manager  # the one\r
from unittest.mock import patch\r
from src.auth.nonce_manager import *\r
\r
text = f"{knm.get_nonce_manager().get_nonce('a') + 1}"\r
other = get_unified_nonce_manager().get_nonce("b"), NonceManager("key", "dir")\r
patcher = patch("src.exchange.websocket_nonce_coordinator.get_nonce_coordinator")"""

NEW = "src.utils.consolidated_nonce_manager"
KEPT = APP.decode().split("\r\n")
EXPECTED = {
    "rewrite_module_imports.RewriteModuleImportsCommand": {
        0: f"import {NEW} as knm",
        5: "text = f\"{int(knm.get_nonce_manager().get_nonce('a')) + 1}\"",
    },
    "rewrite_name_imports.RewriteNameImportsCommand": {
        1: f"from {NEW} import get_nonce_manager  # the one",
        6: 'other = get_nonce_manager().get_nonce("b"), NonceManager("key", "dir")',
    },
    "replace_star_imports.ReplaceStarImportsCommand": {
        3: f"from {NEW} import ConsolidatedNonceManager",
        6: 'other = get_unified_nonce_manager().get_nonce("b"), '
        'ConsolidatedNonceManager(api_key="key", carry_over_from="dir")',
    },
    "rewrite_patch_targets.RewritePatchTargetsCommand": {
        7: f'patcher = patch("{NEW}.get_nonce_coordinator")',
    },
}


def commands() -> list[str]:
    """`module.Class` of every command in the package."""
    found = []
    for info in pkgutil.iter_modules(codemods.__path__):
        module = importlib.import_module(f"codemods.{info.name}")
        for name, value in vars(module).items():
            is_own = inspect.isclass(value) and value.__module__ == module.__name__
            if is_own and issubclass(value, EngineCommand) and not inspect.isabstract(value):
                found.append(f"{info.name}.{name}")
    return [name for name in found if not name.startswith("command.")]


@pytest.fixture
def bot(tmp_path: Path) -> Path:
    shutil.copytree(LEGACY, tmp_path, dirs_exist_ok=True)
    (tmp_path / "pyproject.toml").touch()
    shutil.copy(PROJECT / ".libcst.codemod.yaml", tmp_path)
    (tmp_path / "app.py").write_bytes(APP)
    return tmp_path


def run(command: str, bot: Path, path: str) -> str:
    """Runs one command as its users do, and gives what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "libcst.tool", "codemod", command, "--no-format", "-j", "1", path],
        cwd=bot,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_every_command_is_known_here() -> None:
    whole = {
        "consolidate_nonce_manager.ConsolidateNonceManagerCommand",
        "insert_deprecation_shim.InsertDeprecationShimCommand",
    }
    assert set(commands()) == set(EXPECTED) | whole


@pytest.mark.parametrize("command", sorted(EXPECTED))
def test_part(command: str, bot: Path) -> None:
    run(command, bot, "app.py")
    expected = [EXPECTED[command].get(number, line) for number, line in enumerate(KEPT)]
    assert (bot / "app.py").read_bytes().decode().split("\r\n") == expected


def test_all_parts_at_once(bot: Path) -> None:
    run("consolidate_nonce_manager.ConsolidateNonceManagerCommand", bot, "app.py")
    after = (bot / "app.py").read_text("utf-8")
    assert "unified_kraken" not in after and "src.auth" not in after
    assert f"import {NEW} as knm" in after
    assert 'ConsolidatedNonceManager(api_key="key", carry_over_from="dir")' in after
    first = (bot / "app.py").read_bytes()
    run("consolidate_nonce_manager.ConsolidateNonceManagerCommand", bot, "app.py")
    assert (bot / "app.py").read_bytes() == first


def test_shim(bot: Path) -> None:
    run("insert_deprecation_shim.InsertDeprecationShimCommand", bot, ".")
    legacy = (bot / "src/utils/kraken_nonce_manager.py").read_text("utf-8")
    assert legacy.startswith("# nonce-migrate: deprecation shim\n")
    assert "DEFAULT_AGE = 3600" in legacy
    assert (bot / "app.py").read_bytes() == APP


def test_a_reexport_is_left_to_apply(bot: Path) -> None:
    init = b'from .nonce_manager import NonceManager\n__all__ = ["NonceManager"]\n'
    (bot / "src/auth/__init__.py").write_bytes(init)
    (bot / "client.py").write_bytes(b"from src.auth import NonceManager\nNonceManager('k')\n")
    told = run("rewrite_name_imports.RewriteNameImportsCommand", bot, "src/auth/__init__.py")
    assert (bot / "src/auth/__init__.py").read_bytes() == init
    assert "run apply on the whole project" in told

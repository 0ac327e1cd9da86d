"""The fixture bot some time after the migration: a shim of it goes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.bots.running import BOT, own_tests, tool

pytestmark = pytest.mark.xdist_group("shims_of_the_bot")

_SHIM = "src/exchange/websocket_nonce_coordinator.py"
_DOCUMENTS = ("config/components.toml", "config/logging.yaml", "docs/nonces.md")
_TESTS = ("tests/test_coordinator.py", "tests/test_legacy_extras.py")


def _moved(text: str) -> str:
    """What NM403 says is to be written in the documents."""
    dotted = "src.exchange.websocket_nonce_coordinator", "src.utils.consolidated_nonce_manager"
    for old, new in (dotted, tuple(name.replace(".", "/") for name in dotted)):
        text = text.replace(old, new)
    return text


def test_a_shim_goes_when_its_last_user_has_moved(tmp_path: Path) -> None:
    bot = tmp_path / "bot"
    shutil.copytree(BOT, bot, symlinks=True)
    assert tool(bot, "apply", ".", "--unsafe").status == 1
    used = tool(bot, "shims", "remove", _SHIM)
    assert used.status == 1
    assert all(name in used.out for name in _DOCUMENTS)
    for name in _DOCUMENTS:
        (bot / name).write_text(_moved((bot / name).read_text("utf-8")), "utf-8")

    # The bot's tests of its legacy modules reach them by names that are put together.
    verify = "python -m pytest -q -p no:cacheprovider -p no:xdist " + " ".join(_TESTS)
    worse = tool(bot, "shims", "remove", _SHIM, "--verify", verify)
    assert worse.status == 2 and "test_legacy_extras" in worse.err
    assert (bot / _SHIM).exists()

    (bot / "tests/test_legacy_extras.py").unlink()
    gone = tool(bot, "shims", "remove", _SHIM)
    assert (gone.status, gone.out) == (0, f"Removed {_SHIM}\n")
    assert tool(bot, "check", ".").status == 0
    assert own_tests(bot, _TESTS[0], "tests/test_feed.py").status == 0

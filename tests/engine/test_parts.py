"""A run over a part of a project changes nothing that the rest of it counts on."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from nonce_migrate.engine import Options, plan
from nonce_migrate.profile import load_profile

LEGACY = Path(__file__).parents[2] / "fixtures/cases/_legacy"
MAKER = """\
from src.utils.kraken_nonce_manager import KrakenNonceManager

manager = KrakenNonceManager()
"""
# Its result is a number before, and would be a text after the maker has moved alone.
CALLER = "from maker import manager\n\n\ndef draw():\n    return manager.get_nonce('c') + 1\n"
HUB = "from src.utils.unified_kraken_nonce_manager import get_unified_nonce_manager\n"
CLIENT = "import hub\n\nprint(hub.get_unified_nonce_manager())\n"
PATCH = """\
import hub
from unittest.mock import patch

with patch("hub.get_unified_nonce_manager"):
    hub.get_unified_nonce_manager()
"""


@pytest.fixture
def options(tmp_path: Path) -> Options:
    shutil.copytree(LEGACY, tmp_path, dirs_exist_ok=True)
    (tmp_path / "pyproject.toml").touch()
    profile = load_profile("kraken")
    return Options(tmp_path, (tmp_path,), profile, vendor=False, shims=False)


def _changed(options: Options, **files: str) -> tuple[set[str], set[str]]:
    """What a run over one file (the first) changes, and a run that keeps all others."""
    names = [f"{name}.py" for name in files]
    for name, text in zip(names, files.values(), strict=True):
        (options.root / name).write_text(text)
    part = plan(replace(options, paths=(options.root / names[0],)))
    kept = plan(options.keeping(names[1:]))
    assert part.refusals == kept.refusals == ()
    return {change.path for change in part.changes}, {change.path for change in kept.changes}


def test_a_call_in_another_file_keeps_the_object_that_it_is_made_on(options: Options) -> None:
    assert _changed(options, maker=MAKER, caller=CALLER) == (set(), set())


def test_a_use_through_a_module_keeps_what_that_hands_on(options: Options) -> None:
    assert _changed(options, hub=HUB, client=CLIENT) == (set(), set())


def test_a_patch_in_another_file_keeps_what_it_names(options: Options) -> None:
    assert _changed(options, hub=HUB, test_it=PATCH) == (set(), set())


def test_what_nobody_else_counts_on_moves(options: Options) -> None:
    assert _changed(options, maker=MAKER, other=HUB) == ({"maker.py"}, {"maker.py"})

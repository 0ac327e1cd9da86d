"""docs/configuration.md names every key, and what it shows is accepted."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nonce_migrate.settings import read_settings
from nonce_migrate.settings.keys import NAMES

PAGE = (Path(__file__).parents[2] / "docs/configuration.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```toml title=(\S+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_every_key_has_its_section_in_order() -> None:
    assert tuple(re.findall(r"^### `(.+)`$", PAGE, re.MULTILINE)) == NAMES


def test_the_example_shows_every_key(tmp_path: Path) -> None:
    name, text = EXAMPLES[0]
    (tmp_path / name).write_text(text)

    assert set(read_settings(tmp_path).lines) == set(NAMES)


@pytest.mark.parametrize(("name", "text"), EXAMPLES)
def test_every_example_is_accepted(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)

    assert read_settings(tmp_path).lines

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest

from nonce_migrate.codes import meaning, meanings
from nonce_migrate.model import Code


def test_every_code_has_a_meaning_and_every_meaning_a_code() -> None:
    table = tomllib.loads(files("nonce_migrate.codes").joinpath("codes.toml").read_text("utf-8"))

    assert list(table) == sorted(code.value for code in Code)
    assert list(meanings()) == sorted(Code)


@pytest.mark.parametrize("code", sorted(Code))
def test_a_meaning_is_whole(code: Code) -> None:
    told = meaning(code)

    assert told.title and not told.title.endswith(".")
    for text in (
        told.summary,
        told.why,
        told.step,
        *(level.text for level in told.levels.values()),
    ):
        assert text.endswith("."), text
    assert "\n" not in told.title + told.summary
    assert told.levels


def test_titles_tell_codes_apart() -> None:
    titles = [told.title for told in meanings().values()]
    assert len(set(titles)) == len(titles)

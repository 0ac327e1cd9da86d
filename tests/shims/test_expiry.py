"""When a shim is to go: what can be said, and what its text and its warnings say then."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from nonce_migrate.expiry import parse_expiry
from nonce_migrate.shims.build import build_shim
from nonce_migrate.shims.expiry import remove_in, with_remove_in
from nonce_migrate.shims.shim import is_shim
from tests.shims.bots import KRAKEN, KRAKEN_TARGET

_MODULES = {system.name: system for system in KRAKEN.systems}
_KEPT = "import json\nLIMIT = 3\n"


def _shim(name: str, until: str) -> str:
    system = _MODULES[name]
    path = PurePosixPath(system.module.replace(".", "/") + ".py")
    return build_shim(KRAKEN, system, path, KRAKEN_TARGET, _KEPT, until).text


@pytest.mark.parametrize(
    ("text", "told"),
    [("2027-03-01", "on 2027-03-01"), ("2.0", "in 2.0"), ("2027.3.1", "in 2027.3.1")],
)
def test_a_day_and_a_version_are_told_apart(text: str, told: str) -> None:
    assert parse_expiry(text).told == told


@pytest.mark.parametrize(
    "text", ["", "soon", "2027-02-30", "2027-3-1", "2027/03/01", "20270301", '2.0"; x', "v 2"]
)
def test_what_is_neither_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"give a day|no day of the calendar"):
        parse_expiry(text)


@pytest.mark.parametrize("name", sorted(_MODULES))
def test_the_line_stands_below_the_marker_and_the_code_says_the_same(name: str) -> None:
    text = _shim(name, "2027-03-01")

    assert is_shim(text)
    assert remove_in(text) == remove_in(text.encode()) == (2, "2027-03-01")
    assert '\n_SHIM_GOES = "on 2027-03-01"' in text
    compile(text, name, "exec")


@pytest.mark.parametrize("name", sorted(_MODULES))
def test_another_value_gives_the_text_that_it_would_have_had(name: str) -> None:
    never = _shim(name, "")

    assert remove_in(never) is None
    assert with_remove_in(never, "2.0") == _shim(name, "2.0")
    assert with_remove_in(_shim(name, "2.0"), "2027-03-01") == _shim(name, "2027-03-01")
    assert with_remove_in(_shim(name, "2027-03-01"), "") == never


def test_a_line_further_down_is_a_comment_of_the_old_module() -> None:
    text = _shim("nonce_manager", "") + "# nonce-migrate: remove in 2027-03-01\n"

    assert remove_in(text) is None
    assert remove_in(with_remove_in(text, "2.0")) == (2, "2.0")
    assert with_remove_in(with_remove_in(text, "2.0"), "") == text


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_it_is_read_with_any_line_end(newline: str) -> None:
    text = _shim("nonce_manager", "2.0").replace("\n", newline)

    assert remove_in(text.encode()) == (2, "2.0")

from __future__ import annotations

from nonce_migrate.discover.mentions import Mentions


def test_any_case_and_any_place() -> None:
    mentions = Mentions(("nonce", "api_nonce"))
    assert mentions.may_be_in(b"headers = {'API-Nonce': x}")
    assert mentions.may_be_in(b"self._NONCE = 1")
    assert not mentions.may_be_in(b"announ ce")


def test_dashes_are_underscores() -> None:
    assert Mentions(("x_key_counter",)).may_be_in(b"'X-Key-Counter': 1")


def test_no_names_look_for_nothing() -> None:
    assert not Mentions(()).may_be_in(b"nonce")

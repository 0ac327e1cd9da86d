from __future__ import annotations

import pytest

from nonce_migrate.discover.state_files import StateFiles

NAMES = ("unified_nonce_state.json", "nonce_state.json", "nonce_state_*.json")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"open('nonce.json', 'w')",
        b"open('state.json', 'w')",
        b"nonce_state",
    ],
)
def test_what_cannot_write_one(data: bytes) -> None:
    assert not StateFiles(NAMES).may_be_written(data)


@pytest.mark.parametrize(
    "data",
    [
        b"open('nonce_state.json', 'w')",
        b"for p in glob('*nonce*state*.json'): p.unlink()",
        b"Path(f'{kind}_state_{nonce}.json').write_text('')",
        b"echo > nonce_state_1.json",
    ],
)
def test_what_may_write_one(data: bytes) -> None:
    assert StateFiles(NAMES).may_be_written(data)


def test_names_of_one_system_do_not_hide_those_of_another() -> None:
    both = StateFiles(("nonce_state.json", "counter.db"))
    assert both.may_be_written(b"open('counter.db', 'w')")


def test_without_names_nothing_passes() -> None:
    assert not StateFiles(()).may_be_written(b"open('nonce_state.json', 'w')")

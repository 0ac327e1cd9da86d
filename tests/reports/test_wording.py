from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nonce_migrate.reports.wording import counted, fate, visible
from tests.reports.results import BROKEN, IMPORT, PRIVATE


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("src/a b.py", "src/a b.py"),
        ("nönce 日本", "nönce 日本"),
        ("a\nb\r\tc", "a\\nb\\r\\tc"),
        ("\x1b[31m", "\\x1b[31m"),
        ("\x9b31m", "\\x9b31m"),
        ("\udcff.py", "\\xff.py"),
        ("\u202egnp.py", "\\u202egnp.py"),
        ("a\u2028b", "a\\u2028b"),
        ("\U000e0001", "\\U000e0001"),
    ],
)
def test_what_does_not_print_is_escaped(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text())
def test_a_visible_text_prints_on_one_line_in_any_encoding_of_unicode(text: str) -> None:
    shown = visible(text)

    assert shown.isprintable()
    assert shown.encode().decode() == shown


def test_counts() -> None:
    assert [counted(n, "file") for n in (0, 1, 2)] == ["0 files", "1 file", "2 files"]
    assert counted(2, "entry", "entries") == "2 entries"


def test_the_fate_of_a_safe_finding_is_what_it_becomes() -> None:
    assert fate(IMPORT) == "get_nonce_manager"


def test_the_fate_of_a_manual_finding_is_reason_and_step() -> None:
    assert fate(PRIVATE) == "private state has no counterpart; read get_status() instead"
    assert fate(PRIVATE._replace(reason="")) == "read get_status() instead"


def test_the_fate_says_what_was_broken_before() -> None:
    assert "before the migration it always raised TypeError" in fate(BROKEN)

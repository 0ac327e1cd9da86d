"""A shim is known by its marker."""

from __future__ import annotations

import pytest

from nonce_migrate.shims.shim import MARKER, is_shim


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_the_marker_counts_in_the_first_five_lines_only(newline: str) -> None:
    for line in range(8):
        text = newline.join(["x = 1"] * line + [MARKER, "y = 1"])
        assert is_shim(text) is (line < 5)
        assert is_shim(text.encode()) is (line < 5)


def test_a_byte_order_mark_does_not_hide_it() -> None:
    assert is_shim(f"\ufeff{MARKER}\n")
    assert is_shim(f"\ufeff{MARKER}\r\n".encode())


@pytest.mark.parametrize("text", ["", "x = 1\n", f"x = '{MARKER}'\n", f"{MARKER}s\n"])
def test_other_files_are_none(text: str) -> None:
    assert not is_shim(text)
    assert not is_shim(text.encode() + b"\xff\xfe")

from __future__ import annotations

import re

import pytest
from rich.cells import cell_len

from nonce_migrate.reports.scan_table import render_scan_table
from nonce_migrate.reports.screen import Screen
from tests.reports.results import BROKEN, HOSTILE, IMPORT, PRIVATE, UNREADABLE, USE, scanned

_SGR = re.compile(r"\x1b\[[0-9;]*m")


def test_findings_stand_under_their_file() -> None:
    text = render_scan_table(scanned(BROKEN, IMPORT, PRIVATE), Screen(140))
    lines = [line.rstrip() for line in text.splitlines()]

    app, client = lines.index("src/app.py"), lines.index("src/auth/client.py")
    assert re.search(r"3 +5 +NM101 +import +get_unified_nonce_manager +safe", lines[app + 2])
    assert re.search(r"14 +5 +NM302 +member .* manual", lines[app + 3])
    assert lines[app + 1].split()[:5] == ["line", "col", "code", "kind", "symbol"]
    assert lines[app + 2].index("NM101") == lines[client + 1].index("NM301")
    assert re.search(r"7 +1 +NM301 +call", lines[client + 1])


def test_the_sums_and_unreadable_files_come_last() -> None:
    text = render_scan_table(scanned(IMPORT, USE, unreadable=(UNREADABLE,)), Screen(140))

    assert text.index("src/app.py") < text.index("2 findings in 1 of 10 files")
    assert "src/old.py:4: syntax error: invalid syntax" in text


@pytest.mark.parametrize("width", [30, 60, 99, 100, 200])
def test_no_line_is_wider_than_the_screen_and_no_word_is_lost(width: int) -> None:
    text = render_scan_table(scanned(IMPORT, PRIVATE, HOSTILE), Screen(width))

    assert max(cell_len(line) for line in text.splitlines()) <= width
    assert PRIVATE.symbol in re.sub(r"\s", "", text) or width >= 100
    for word in ("NM101", "NM302", "manual", "counterpart", "get_status()"):
        assert word in text


def test_without_colour_there_is_no_escape_sequence() -> None:
    assert "\x1b" not in render_scan_table(scanned(IMPORT, HOSTILE), Screen(120, color=False))


def test_with_colour_only_its_own_escape_sequences_are_there() -> None:
    text = render_scan_table(scanned(IMPORT, HOSTILE), Screen(120, color=True))

    assert _SGR.search(text)
    assert "\x1b" not in _SGR.sub("", text)


def test_markup_in_names_is_shown_and_not_obeyed() -> None:
    text = render_scan_table(scanned(HOSTILE), Screen(200))

    assert "`[red]x[/red]`\\n\\x1b[31m\\xff.py" in text

from __future__ import annotations

from nonce_migrate.reports.scan_lines import render_scan
from tests.reports.results import (
    BROKEN,
    HOSTILE,
    IMPORT,
    PRIVATE,
    UNREADABLE,
    USE,
    scanned,
)


def test_a_finding_is_one_line_with_everything_in_it() -> None:
    lines = render_scan(scanned(PRIVATE, IMPORT)).splitlines()

    assert lines[0].startswith("src/app.py:3:5: NM101 safe import get_unified_nonce_manager (unif")
    assert lines[0].endswith("): get_nonce_manager")
    assert lines[1].startswith("src/app.py:14:5: NM302 manual member UnifiedKrakenNonceManager._l")
    assert lines[1].endswith("; read get_status() instead")


def test_lines_are_never_wrapped() -> None:
    long = PRIVATE._replace(reason="word " * 500)

    assert "word " * 499 in render_scan(scanned(long)).splitlines()[0]


def test_the_sums_are_by_system_kind_and_level() -> None:
    text = render_scan(scanned(IMPORT, USE, PRIVATE, BROKEN))

    assert "4 findings in 2 of 10 files" in text
    assert "unified_kraken_nonce_manager 3, nonce_manager 1" in text
    assert "import 1, use 1, call 1, member 1" in text
    assert "safe 3, manual 1" in text


def test_nothing_found_is_said_in_one_line() -> None:
    assert render_scan(scanned()) == "0 findings in 0 of 10 files\n"


def test_unreadable_files_are_listed_with_line_and_reason() -> None:
    text = render_scan(scanned(unreadable=(UNREADABLE, UNREADABLE._replace(line=0))))

    assert "2 files could not be looked into" in text
    assert "  src/old.py:4: syntax error: invalid syntax\n" in text
    assert "  src/old.py: syntax error: invalid syntax\n" in text


def test_hostile_names_stay_on_their_line() -> None:
    lines = render_scan(scanned(HOSTILE)).splitlines()

    assert len(lines) == 6
    assert lines[0].startswith("src/we|ird `[red]x[/red]`\\n\\x1b[31m\\xff.py:14:5: NM302 manual")

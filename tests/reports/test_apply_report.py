from __future__ import annotations

import re
from dataclasses import replace

from rich.cells import cell_len

from nonce_migrate.reports.apply_report import render_apply
from nonce_migrate.reports.screen import PLAIN, Screen
from tests.reports.results import HOSTILE, PRIVATE, applied, dry_run, empty_plan, full_plan


def test_counts_come_first_then_what_is_left() -> None:
    text = render_apply(applied(full_plan()), PLAIN)
    lines = text.splitlines()

    assert lines[0] == "Wrote 3 files; target src.utils.consolidated_nonce_manager"
    assert "  rewritten  1 file, 3 edits" in lines
    assert "  manager    version 1.2.3" in lines
    assert "  left       1 place in 1 file for a person" in lines
    assert text.index("left  ") < text.index("Left for a person")


def test_a_step_has_its_place_reason_and_what_to_do() -> None:
    text = render_apply(applied(full_plan()), PLAIN)

    assert (
        "  src/app.py\n"
        "    14:5     NM302 UnifiedKrakenNonceManager._last_nonce\n"
        "      why: private state has no counterpart\n"
        "      do:  read get_status() instead\n"
    ) in text


def test_places_with_the_same_step_share_it() -> None:
    other = PRIVATE._replace(line=30, symbol="UnifiedKrakenNonceManager._lock")
    before = PRIVATE._replace(line=2, step="something else")
    plan = replace(full_plan(), remaining=(PRIVATE, before, other))

    text = render_apply(applied(plan), PLAIN)

    assert text.count("do:  read get_status() instead") == 1
    assert text.index("    2:5") < text.index("    14:5") < text.index("    30:5")


def test_everything_else_is_named() -> None:
    text = render_apply(applied(full_plan()), PLAIN)

    assert "  src/odd.py: a second pass would change it again" in text
    assert "  src/auth/nonce_manager.py: line 40: atexit.register" in text
    assert (
        "  initialize_enhanced_nonce_manager always raised TypeError (src/auth/client.py:7)" in text
    )
    assert "  src/old.py:4: syntax error: invalid syntax" in text
    assert "  git status is not clean" in text


def test_nothing_to_do_is_two_lines() -> None:
    text = render_apply(applied(empty_plan()), PLAIN)

    assert text == "Nothing to change.\n  left       nothing for a person\n"


def test_a_dry_run_speaks_of_what_would_be() -> None:
    assert render_apply(dry_run(full_plan()), PLAIN).startswith("Would write 3 files")


def test_hostile_names_cannot_break_lines_or_paint() -> None:
    plan = replace(full_plan(), remaining=(HOSTILE,))
    text = render_apply(applied(plan), Screen(100, color=True))

    assert "\x1b" not in re.sub(r"\x1b\[[0-9;]*m", "", text)
    assert "\x1b[31m" not in text
    assert "\\x1b[31m\\xff.py" in text


def test_prose_is_wrapped_under_itself_on_a_narrow_screen() -> None:
    plan = replace(full_plan(), remaining=(PRIVATE._replace(reason="some words " * 20),))
    text = render_apply(applied(plan), Screen(60))

    wrapped = [line for line in text.splitlines() if "some words" in line]
    assert len(wrapped) > 2
    assert all(cell_len(line) <= 60 for line in wrapped)
    assert all(line.startswith(" " * 11) for line in wrapped[1:])

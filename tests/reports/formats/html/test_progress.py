from __future__ import annotations

from nonce_migrate.model import Code, Safety
from nonce_migrate.reports.formats.html.progress import State, progress_of
from nonce_migrate.reports.record import record_of_check, record_of_plan
from tests.reports.results import (
    AUTH,
    IMPORT,
    PRIVATE,
    UNIFIED,
    USE,
    applied,
    dry_run,
    full_plan,
    scan_of,
    scanned,
)


def test_an_apply_has_applied_and_left_and_a_dry_run_pending() -> None:
    assert progress_of(applied(full_plan())).states == (State.APPLIED, State.LEFT)
    assert progress_of(dry_run(full_plan())).states == (State.PENDING, State.LEFT)


def test_what_is_still_legacy_is_told_by_what_apply_would_do() -> None:
    guess = USE._replace(safety=Safety.UNSAFE)

    whole = progress_of(scanned(IMPORT, USE, guess, PRIVATE)).whole

    assert whole.counts == (2, 1, 1)
    assert whole.spoken == (
        "2 still legacy, safe edit, 1 still legacy, unsafe edit, 1 still legacy, for a person"
    )


def test_every_system_has_a_bar_and_one_without_findings_says_so() -> None:
    bars = {bar.name: bar for bar in progress_of(scanned(IMPORT)).systems}

    assert list(bars) == [UNIFIED, AUTH]
    assert bars[AUTH].total == 0
    assert bars[AUTH].spoken == "no references"


def test_a_system_that_the_profile_does_not_have_is_not_lost() -> None:
    rogue = USE._replace(system="rogue")

    assert [bar.name for bar in progress_of(scanned(rogue)).systems][-1] == "rogue"


def test_shares_fill_the_bar() -> None:
    shares = progress_of(record_of_plan(full_plan(), dry_run=False)).whole.shares

    assert [(share.start, share.width) for share in shares] == [(0, 75), (75, 25)]


def test_what_tells_of_the_upkeep_is_no_reference() -> None:
    edited = USE._replace(code=Code.MANAGER_EDITED)

    assert progress_of(record_of_check(scan_of(edited))).whole.total == 0

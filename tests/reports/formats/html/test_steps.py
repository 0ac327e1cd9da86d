from __future__ import annotations

from dataclasses import replace

from nonce_migrate.model import Safety
from nonce_migrate.plans import Refusal
from nonce_migrate.reports.formats.html.steps import checklist_of
from tests.reports.results import IMPORT, PRIVATE, applied, dry_run, full_plan, scanned


def test_places_with_the_same_step_share_it() -> None:
    second, other = PRIVATE._replace(line=30), PRIVATE._replace(line=2, step="something else")

    files = checklist_of(scanned(other, PRIVATE, second), {}).files

    assert [(s.do, len(s.places)) for s in files[0].steps] == [(other.step, 1), (PRIVATE.step, 2)]


def test_what_an_apply_edits_is_no_step() -> None:
    guess = IMPORT._replace(line=4, safety=Safety.UNSAFE, step="look first")

    assert checklist_of(scanned(IMPORT, guess), {}).count == 1
    assert checklist_of(applied(full_plan()), {}).count == 1


def test_a_sure_edit_in_a_refused_file_is_a_step_with_the_refusal() -> None:
    plan = replace(
        full_plan(), applied=(), remaining=(IMPORT,), refusals=(Refusal(IMPORT.path, "odd"),)
    )

    step = checklist_of(applied(plan), {}).files[0].steps[0]

    assert (step.do, step.reason) == (f"make it {IMPORT.becomes}", "the file was refused: odd")


def test_ticks_belong_to_the_same_steps_alone() -> None:
    """A line that moved may be another place: no tick may ever land on a step nobody took."""
    plan = full_plan()
    moved = replace(plan, remaining=(PRIVATE._replace(line=15),))

    assert checklist_of(applied(plan), {}) == checklist_of(dry_run(plan), {})
    assert checklist_of(applied(plan), {}).key != checklist_of(applied(moved), {}).key


def test_places_that_look_the_same_have_keys_of_their_own() -> None:
    places = checklist_of(scanned(PRIVATE, PRIVATE), {}).files[0].steps[0].places

    assert len({place.key for place in places}) == 2

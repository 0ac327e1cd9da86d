from __future__ import annotations

from pathlib import PurePath

import pytest

from nonce_migrate.reports.record import Record
from nonce_migrate.reports.relocated import relocated
from tests.reports.results import PRIVATE, UNREADABLE, applied, full_plan, scanned


def _paths(record: Record) -> set[str]:
    edits = [finding for change in record.changes for finding in change.findings]
    findings = [*record.findings(), *record.broken_before, *edits]
    return {
        *(finding.path for finding in findings),
        *(item.path for item in record.unreadable),
        *(refusal.path for refusal in record.refusals),
        *(change.path for change in record.changes),
        *(shim.path for shim in record.shims),
    }


def test_every_path_is_told_from_the_folder_around() -> None:
    record = applied(full_plan())  # of /project
    moved = relocated(record, PurePath("/"))

    assert moved.root == "/"
    assert _paths(moved) == {f"project/{path}" for path in _paths(record)}
    assert relocated(moved, PurePath("/")) is moved


@pytest.mark.parametrize("folder", ["/project", "/elsewhere", "/proj"])
def test_a_folder_that_is_not_around_it_changes_nothing(folder: str) -> None:
    record = scanned(PRIVATE, unreadable=(UNREADABLE,))

    assert relocated(record, PurePath(folder)) is record

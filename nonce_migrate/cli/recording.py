"""What a run told as a record, with the identity of every finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nonce_migrate.reports.record import Record, record_of_check, record_of_plan, record_of_scan

if TYPE_CHECKING:
    from collections.abc import Collection

    from nonce_migrate.model import Finding, Plan, ScanResult


def recorded_scan(result: ScanResult) -> Record:
    """The record of a scan."""
    return _identified(record_of_scan(result))


def recorded_check(result: ScanResult, warnings: Collection[Finding]) -> Record:
    """The record of a check. warnings: the findings that do not fail it."""
    return _identified(record_of_check(result, warnings))


def recorded_plan(plan: Plan, *, dry_run: bool) -> Record:
    """The record of an apply. To be made before the plan is written."""
    return _identified(record_of_plan(plan, dry_run=dry_run))


def _identified(record: Record) -> Record:
    from nonce_migrate.discover import read_file

    return record.identified(lambda path: read_file(record.root, path))

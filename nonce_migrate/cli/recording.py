"""What a run told as a record, with the identity of every finding."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nonce_migrate.documents.kinds import EVERY_KIND
from nonce_migrate.errors import NonceMigrateError
from nonce_migrate.model import Code
from nonce_migrate.plans import ChangeKind
from nonce_migrate.reports.formats.registry import Format
from nonce_migrate.reports.record import Record, record_of_check, record_of_plan, record_of_scan

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from nonce_migrate.cli.outputs import Outputs
    from nonce_migrate.engine import Options
    from nonce_migrate.model import Finding, ScanResult
    from nonce_migrate.plans import FileChange, Plan


def recorded_scan(result: ScanResult, projects: Sequence[Options], outputs: Outputs) -> Record:
    """The record of a scan of those projects, with what the outputs have to know."""
    return _with_plan(_identified(record_of_scan(result)), projects, outputs)


def recorded_check(
    result: ScanResult, warnings: Collection[Finding], projects: Sequence[Options], outputs: Outputs
) -> Record:
    """The same of a check. warnings: the findings that do not fail it."""
    return _with_plan(_identified(record_of_check(result, warnings)), projects, outputs)


def recorded_plan(plan: Plan, *, dry_run: bool) -> Record:
    """The record of an apply. To be made before the plan is written."""
    return _identified(record_of_plan(plan, dry_run=dry_run))


def _identified(record: Record) -> Record:
    from nonce_migrate.discover import read_file

    return record.identified(lambda path: read_file(record.root, path))


def _with_plan(record: Record, projects: Sequence[Options], outputs: Outputs) -> Record:
    """The same with what an apply would change, where a format tells of it."""
    if Format.SARIF not in outputs.formats or not record.entries:
        return record
    from nonce_migrate.cli.output import complain
    from nonce_migrate.engine.joining import join_changes

    try:
        changes = [_planned(options) for options in projects]
    except NonceMigrateError as error:
        complain(f"{error}; so the findings are told without fixes")
        return record
    return replace(record, planned=join_changes([str(o.root) for o in projects], changes))


def _planned(options: Options) -> Sequence[FileChange]:
    """The changes that apply would make of the files with findings, whatever a check looks at."""
    from nonce_migrate import engine
    from nonce_migrate.cli.progress import progress_bar
    from nonce_migrate.cli.steadily import steadily

    whole = replace(options, kinds=EVERY_KIND, codes=frozenset(Code), only=None, shard=(1, 1))
    with progress_bar("planning") as progress:
        plan = steadily(engine.plan, whole, progress)
    return [change for change in plan.changes if change.kind is not ChangeKind.MANAGER]

"""Carries a migration out: plan, ask, look at the gates, write all or nothing, put to the proof."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from nonce_migrate.cli.last_result import keep
from nonce_migrate.cli.output import complain
from nonce_migrate.cli.recording import recorded_plan
from nonce_migrate.errors import ProjectError
from nonce_migrate.reports.formats.registry import Format, renderer

if TYPE_CHECKING:
    from nonce_migrate.cli.care import Care
    from nonce_migrate.cli.outputs import Outputs
    from nonce_migrate.engine import Options
    from nonce_migrate.plans import Plan
    from nonce_migrate.reports.record import Record
    from nonce_migrate.transaction.journal import Write
    from nonce_migrate.transaction.store import Store

REPORT_FILES = {
    "report.json": Format.JSON,
    "report.md": Format.MARKDOWN,
    "report.html": Format.HTML,
}
_COMPLETE = "the migration itself is complete"


def plan_only(options: Options, care: Care) -> Record:
    """The record of --dry-run, which may not even settle what an earlier run left behind.

    Raises ProjectError where one did, since its files are neither old nor new.
    """
    from nonce_migrate.transaction.disk import Disk
    from nonce_migrate.transaction.store import Phase, Store

    if care.verify or care.interactive:
        complain("--dry-run writes nothing, so --verify and --interactive are left out")
    if any(run.phase is not Phase.DONE for run in Store(options.root, Disk()).runs()):
        raise ProjectError(
            f"{options.root}: another run is at work here, or one was cut short: --dry-run writes "
            "nothing, so run `nonce-migrate check` first, which settles it"
        )
    return recorded_plan(_plan(options), dry_run=True)


def carry_out(options: Options, care: Care, report: Path | None, outputs: Outputs) -> Record | None:
    """Does what apply does, and hands its record out; None where the user quit.

    report: the folder for the report. Raises ProjectError with nothing changed.
    """
    from nonce_migrate.cli.deliver import print_record, rendered
    from nonce_migrate.cli.files import UnplacedError, staged
    from nonce_migrate.transaction.steady import steady

    if care.interactive:
        from nonce_migrate.cli.interactive import choose, require_terminal

        require_terminal()
    verify_commands(options, care)
    plan = steady(options.root, lambda: _plan(options), complain)
    if care.interactive:
        chosen = choose(plan, lambda kept: _plan(options.keeping(kept)))
        if chosen is None:
            return None
        plan, kept = chosen
        options = options.keeping(kept)
    record = recorded_plan(plan, dry_run=False)
    files = rendered(record, outputs)
    try:
        with staged(files):
            _write(options, care, plan, _report_files(record, report))
    except UnplacedError as error:
        complain(f"{error}; {_COMPLETE}")
    keep(record)
    try:
        print_record(record, outputs)
    except ProjectError as error:  # what is done is done, and only told of
        complain(f"{error}; {_COMPLETE}")
    return record


def _plan(options: Options) -> Plan:
    from nonce_migrate import engine
    from nonce_migrate.cli.progress import progress_bar

    with progress_bar("planning") as progress:
        return engine.plan(options, progress)


def _write(options: Options, care: Care, plan: Plan, reports: Mapping[Path, bytes]) -> None:
    """Writes the plan and its reports, all or nothing. Raises ProjectError."""
    if not plan.changes:
        from nonce_migrate.cli.files import staged

        with staged(reports):
            return
    from nonce_migrate.engine.writing import writes_of
    from nonce_migrate.transaction.disk import Disk
    from nonce_migrate.transaction.gates import check_writable, settle_places
    from nonce_migrate.transaction.lock import locked
    from nonce_migrate.transaction.recovery import recover
    from nonce_migrate.transaction.store import Store

    store = Store(options.root, Disk())
    writes = (*writes_of(plan), *_report_writes(reports))
    with locked(store):
        for recovered in recover(store):
            complain("\n".join(recovered.lines))
        check_writable(store.root, settle_places(store.root, writes))
        if not care.allow_dirty:
            require_committed(store, writes)
        _try_out(options, care, plan, store, writes)


def _try_out(
    options: Options, care: Care, plan: Plan, store: Store, writes: tuple[Write, ...]
) -> None:
    """Writes, and keeps it where the checks that were asked for are no worse than before."""
    from nonce_migrate.transaction.apply import put_in_place

    commands = verify_commands(options, care)
    if not commands:
        put_in_place(store, writes)
        return
    from nonce_migrate.cli.verifying import Verification
    from nonce_migrate.engine.writing import writes_of
    from nonce_migrate.verify.trial import WorseError

    verification = Verification(
        options, care, commands, lambda kept: writes_of(_plan(options.keeping(kept)))
    )
    verification.before()
    try:
        put_in_place(store, writes, verification.after)
    except WorseError as error:
        verification.explain(error, plan, store)
        raise
    except KeyboardInterrupt:
        complain("stopped: everything was put back")
        raise


def verify_commands(options: Options, care: Care) -> tuple[str, ...]:
    """Those of the command line, else those of the project. Raises ProjectError."""
    from nonce_migrate.settings import read_settings

    commands = read_settings(options.root).verify if care.verify is None else care.verify
    if care.bisect and not commands:
        raise ProjectError("--bisect: there is no --verify command to find the culprit with")
    return commands


def require_committed(store: Store, writes: tuple[Write, ...]) -> None:
    """Raises GateError. What an earlier apply wrote there, and can undo, is no change of theirs."""
    from nonce_migrate.transaction.gates import check_committed
    from nonce_migrate.transaction.git import uncommitted
    from nonce_migrate.transaction.journal import Role, digest
    from nonce_migrate.transaction.undo import newest_writes

    ours = newest_writes(store)
    theirs = [
        write.path
        for write in writes
        if write.role is Role.SOURCE
        and write.before is not None
        and ours.get(write.path) != digest(write.before)
    ]
    check_committed(uncommitted(store.root, theirs))


def _report_writes(files: Mapping[Path, bytes]) -> list[Write]:
    from nonce_migrate.transaction.journal import Role, Write

    writes = []
    for path, data in files.items():
        place = path.absolute()
        try:
            before = place.read_bytes() if place.exists() else None
        except OSError as error:
            raise ProjectError(f"{path}: cannot be read: {error.strerror}") from None
        if before != data:
            writes.append(Write(str(place), before, data, Role.REPORT))
    return writes


def _report_files(record: Record, folder: Path | None) -> dict[Path, bytes]:
    if folder is None:
        return {}
    return {
        folder / name: renderer(format_)(record).encode() for name, format_ in REPORT_FILES.items()
    }

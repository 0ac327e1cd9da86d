"""`nonce-migrate apply`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nonce_migrate.cli.care import Care, careful
from nonce_migrate.cli.examples import examples
from nonce_migrate.cli.options import Format, jobs_option, result_outputs, selection
from nonce_migrate.cli.status import FOUND, OK
from nonce_migrate.model import Safety

if TYPE_CHECKING:
    from nonce_migrate.cli.outputs import Outputs
    from nonce_migrate.reports.record import Record


@click.command(
    short_help="Rewrite the references, install the target, insert the shims.",
    epilog=examples("apply"),
)
@selection
@click.option("--dry-run", is_flag=True, help="Write nothing at all; show the changes as a diff.")
@click.option("--unsafe", is_flag=True, help="Also make the edits that rest on a guess.")
@click.option("--no-vendor", is_flag=True, help="Do not install the packaged manager.")
@click.option("--no-shims", is_flag=True, help="Leave the legacy modules as they are.")
@click.option("--force", is_flag=True, help="Overwrite a file of yours, or an edited manager.")
@click.option("--upgrade-manager", is_flag=True, help="Renew a manager that is out of date.")
@click.option(
    "--remove-in",
    metavar="DAY|VERSION",
    help="Say in the shims when they are to go: 2027-03-01, the bot's version 2.0, or never.",
)
@click.option("--report", metavar="DIR", help="Also write report.json, .md and .html to a folder.")
@result_outputs
@jobs_option
@careful
def apply(
    *,
    care: Care,
    paths: tuple[str, ...],
    profile: str | None,
    exclude: tuple[str, ...],
    dry_run: bool,
    unsafe: bool,
    no_vendor: bool,
    no_shims: bool,
    force: bool,
    upgrade_manager: bool,
    remove_in: str | None,
    report: str | None,
    format_: str | None,
    outputs: tuple[str, ...],
    jobs: int,
) -> int:
    """Migrates PATHS (default: the current folder).

    What is not proven to keep its meaning is left as it is and listed with the step to take;
    with --unsafe, what is very likely right is changed too, and the guess it rests on is told.

    Exit status: 0 nothing is left; 1 something is left for a person, or with --dry-run changes
    are pending; 2 on an error, and nothing was written.
    """
    from nonce_migrate.cli.carry_out import carry_out, plan_only
    from nonce_migrate.cli.formats import chosen_format
    from nonce_migrate.cli.last_result import keep
    from nonce_migrate.cli.output import complain
    from nonce_migrate.cli.outputs import read_outputs
    from nonce_migrate.cli.request import Request, build_options
    from nonce_migrate.errors import ProjectError

    if upgrade_manager and no_vendor:
        raise ProjectError("--upgrade-manager and --no-vendor exclude each other")
    folder = _report_folder(report, dry_run=dry_run)
    request = Request(paths, profile, exclude, remove_in=remove_in)
    options = build_options(
        request,
        vendor=not no_vendor,
        shims=not no_shims,
        force=force,
        upgrade=upgrade_manager,
        accept=Safety.UNSAFE if unsafe else Safety.SAFE,
        jobs=jobs,
    )
    places = read_outputs(chosen_format(format_, options.root), outputs)
    if dry_run:
        record = plan_only(options, care)
        keep(record)
        _show_plan(record, places)
        return FOUND if record.changes or record.left or record.refusals else OK
    done = carry_out(options, care, folder, places)
    if done is None:
        complain("nothing was written")
        return FOUND
    return FOUND if done.left or done.refusals else OK


def _report_folder(report: str | None, *, dry_run: bool) -> Path | None:
    """Where the report goes. Raises ProjectError where it is plain that it cannot."""
    from nonce_migrate.cli.carry_out import REPORT_FILES
    from nonce_migrate.cli.files import require_writable
    from nonce_migrate.cli.output import complain
    from nonce_migrate.errors import ProjectError

    if report is None:
        return None
    if not report:
        raise ProjectError("--report: the name of the folder is empty")
    if dry_run:
        complain("--dry-run writes nothing, so --report is left out")
        return None
    folder = Path(report)
    for name in REPORT_FILES:
        require_writable(folder / name)
    return folder


def _show_plan(record: Record, places: Outputs) -> None:
    """As text, the diff goes to standard output, and the report beside it."""
    from nonce_migrate.cli.deliver import print_record, rendered
    from nonce_migrate.cli.files import staged
    from nonce_migrate.cli.output import print_bytes, print_text, screen_of, tell
    from nonce_migrate.reports.apply_report import render_apply
    from nonce_migrate.reports.diff import diff_screen, patch

    with staged(rendered(record, places)):
        if places.printed is not Format.TEXT:
            print_record(record, places)
            return
        screen = screen_of(sys.stdout)
        if screen.width is None:
            print_bytes(patch(record.changes))
        else:
            print_text(diff_screen(record.changes, screen))
        tell(render_apply(record, screen_of(sys.stderr)).rstrip("\n"))

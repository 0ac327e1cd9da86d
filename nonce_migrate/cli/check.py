"""`nonce-migrate check`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from nonce_migrate.cli.options import (
    Format,
    jobs_option,
    output_file,
    output_format,
    selection,
    shard_option,
)
from nonce_migrate.cli.status import FOUND, OK

if TYPE_CHECKING:
    from nonce_migrate.model import CheckResult, Finding, ScanResult


@click.command(short_help="Fail while a legacy import is left: the gate for CI.")
@selection
@output_format
@output_file
@jobs_option
@shard_option
@click.option(
    "--diff",
    "since",
    metavar="REF",
    help="Look only at files that differ from a git revision, and at new ones: for hooks.",
)
def check(
    paths: tuple[str, ...],
    profile: str | None,
    exclude: tuple[str, ...],
    format_: str,
    output: str | None,
    jobs: int,
    shard: str | None,
    since: str | None,
) -> int:
    """Fails while a legacy import is left under PATHS (default: the current folder).

    One line for each: path:line:column: CODE message. Imports in modules, stubs and notebooks
    count; the shims that apply made do not, and neither do Markdown pages, which nothing runs.
    `scan` tells what will become of each; --format json does too, and costs as much.

    Exit status: 0 none left, 1 some left, 2 on an error.
    """
    from nonce_migrate import engine
    from nonce_migrate.cli.deliver import deliver, output_path
    from nonce_migrate.cli.progress import progress_bar
    from nonce_migrate.cli.request import Request, build_each
    from nonce_migrate.documents.kinds import CODE
    from nonce_migrate.engine.joining import join_checks, join_scans

    file = output_path(output)
    request = Request(paths, profile, exclude, since, shard)
    projects = build_each(request, jobs=jobs, kinds=CODE)
    with progress_bar("checking") as progress:
        if Format(format_) is Format.JSON:
            scanned = join_scans([engine.scan(options, progress) for options in projects])
            result, text = gate(scanned), _as_json(scanned)
        else:
            roots = [str(options.root) for options in projects]
            checked = [engine.check(options, progress) for options in projects]
            result = join_checks(roots, checked)
            text = _as_lines(result)
    deliver(text, file)
    _tell(result)
    return FOUND if result.imports else OK


def gate(scanned: ScanResult) -> CheckResult:
    """What of a scan fails the check: imports of a legacy module or of its names."""
    from nonce_migrate.model import CheckResult

    imports = tuple(finding.as_import for finding in _failing(scanned))
    return CheckResult(scanned.target, imports, scanned.unreadable, scanned.files_seen)


def _failing(scanned: ScanResult) -> tuple[Finding, ...]:
    return tuple(finding for finding in scanned.findings if finding.code.is_import)


def _as_json(scanned: ScanResult) -> str:
    from nonce_migrate.reports.as_json import check_json

    return check_json(scanned, _failing(scanned))


def _as_lines(result: CheckResult) -> str:
    from nonce_migrate.reports.check_lines import render_check

    return render_check(result)


def _tell(result: CheckResult) -> None:
    """Names unreadable files and sums up, on standard error."""
    from nonce_migrate.cli.output import complain, tell
    from nonce_migrate.reports.wording import counted, unreadable_place

    for item in result.unreadable:
        complain(f"{unreadable_place(item)}: not looked into: {item.reason}")
    seen = counted(result.files_seen, "Python file")
    if not result.imports:
        tell(f"No legacy imports in {seen}.")
        return
    files = len({found.path for found in result.imports})
    imports = counted(len(result.imports), "legacy import")
    tell(f"{imports} in {files} of {seen}; `nonce-migrate scan` tells what becomes of each.")

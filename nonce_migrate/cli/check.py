"""`nonce-migrate check`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from nonce_migrate.cli.examples import examples
from nonce_migrate.cli.options import (
    Format,
    finding_codes,
    jobs_option,
    output_file,
    output_format,
    selection,
    shard_option,
)
from nonce_migrate.cli.status import FOUND, OK
from nonce_migrate.model import Code

if TYPE_CHECKING:
    from nonce_migrate.engine import Options
    from nonce_migrate.model import CheckResult, ScanResult

IMPORTS = frozenset(code for code in Code if code.is_import)


@click.command(
    short_help="Fail while a legacy import is left: the gate for CI.", epilog=examples("check")
)
@selection
@finding_codes
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
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    format_: str | None,
    output: str | None,
    jobs: int,
    shard: str | None,
    since: str | None,
) -> int:
    """Fails while a legacy import is left under PATHS (default: the current folder).

    One line for each: path:line:column: CODE message. Imports in modules, stubs and notebooks
    count; the shims that apply made do not, and neither do Markdown pages, which nothing runs.
    `scan` tells what will become of each; --format json does too, and costs as much.

    With --select it fails on the findings named there instead: NM1,NM5 are the imports and the
    nonces that no manager makes.

    Exit status: 0 none left, 1 some left, 2 on an error.
    """
    from nonce_migrate import engine
    from nonce_migrate.cli.deliver import deliver, output_path
    from nonce_migrate.cli.formats import chosen_format
    from nonce_migrate.cli.progress import progress_bar
    from nonce_migrate.cli.request import Request, build_each
    from nonce_migrate.cli.steadily import steadily
    from nonce_migrate.engine.joining import join_checks, join_scans

    file = output_path(output)
    request = Request(paths, profile, exclude, since, shard, select, ignore)
    projects = [_of_kinds(each) for each in build_each(request, jobs=jobs, codes=IMPORTS)]
    codes = frozenset[Code]().union(*(options.codes for options in projects))
    format_ = chosen_format(format_, projects[0].root)
    with progress_bar("checking") as progress:
        if format_ is Format.JSON or not codes <= IMPORTS:
            scanned = join_scans([steadily(engine.scan, each, progress) for each in projects])
            result, text = gate(scanned), _as_scanned(scanned, format_)
        else:
            roots = [str(options.root) for options in projects]
            checked = [steadily(engine.check, each, progress) for each in projects]
            result = join_checks(roots, checked)
            text = _as_lines(result)
    deliver(text, file)
    _tell(result, "legacy import" if codes <= IMPORTS else "finding")
    return FOUND if result.imports else OK


def _of_kinds(options: Options) -> Options:
    """The same run over code alone, unless what stands elsewhere is asked for."""
    from nonce_migrate.documents.kinds import CODE

    if options.codes & {Code.CONFIGURATION, Code.UNDOING}:
        return options
    return replace(options, kinds=CODE)


def gate(scanned: ScanResult) -> CheckResult:
    """What of a scan fails the check: all that it was asked for."""
    from nonce_migrate.model import CheckResult

    failing = tuple(finding.as_import for finding in scanned.findings)
    return CheckResult(scanned.target, failing, scanned.unreadable, scanned.files_seen)


def _as_scanned(scanned: ScanResult, format_: Format) -> str:
    if format_ is Format.JSON:
        from nonce_migrate.reports.as_json import check_json

        return check_json(scanned, scanned.findings)
    from nonce_migrate.reports.scan_lines import render_findings

    return render_findings(scanned.findings)


def _as_lines(result: CheckResult) -> str:
    from nonce_migrate.reports.check_lines import render_check

    return render_check(result)


def _tell(result: CheckResult, noun: str) -> None:
    """Names unreadable files and sums up, on standard error."""
    from nonce_migrate.cli.output import complain, tell
    from nonce_migrate.reports.wording import counted, unreadable_place

    for item in result.unreadable:
        complain(f"{unreadable_place(item)}: not looked into: {item.reason}")
    seen = counted(result.files_seen, "Python file")
    if not result.imports:
        tell(f"No {noun}s in {seen}.")
        return
    files = len({found.path for found in result.imports})
    imports = counted(len(result.imports), noun)
    tell(f"{imports} in {files} of {seen}; `nonce-migrate scan` tells what becomes of each.")

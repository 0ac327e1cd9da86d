"""`nonce-migrate check`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from nonce_migrate.cli.options import Format, output_file, output_format, selection
from nonce_migrate.cli.status import FOUND, OK

if TYPE_CHECKING:
    from nonce_migrate.model import Finding, ScanResult


@click.command(short_help="Fail while a legacy import is left: the gate for CI.")
@selection
@output_format
@output_file
def check(
    paths: tuple[str, ...],
    profile: str | None,
    exclude: tuple[str, ...],
    format_: str,
    output: str | None,
) -> int:
    """Fails while a legacy import is left under PATHS (default: the current folder).

    One line for each: path:line:column: CODE message. The shims that apply made do not count.

    Exit status: 0 none left, 1 some left, 2 on an error.
    """
    from nonce_migrate import engine
    from nonce_migrate.cli.deliver import deliver, output_path
    from nonce_migrate.cli.progress import progress_bar
    from nonce_migrate.cli.request import Request, build_options

    file = output_path(output)
    options = build_options(Request(paths, profile, exclude))
    with progress_bar("checking") as progress:
        result = engine.scan(options, progress)
    failing = gate(result)
    deliver(_rendered(result, failing, Format(format_)), file)
    _tell(result, failing)
    return FOUND if failing else OK


def gate(result: ScanResult) -> tuple[Finding, ...]:
    """The findings that fail the check: imports of a legacy module or of its names."""
    return tuple(finding for finding in result.findings if finding.code.is_import)


def _rendered(result: ScanResult, failing: tuple[Finding, ...], format_: Format) -> str:
    if format_ is Format.JSON:
        from nonce_migrate.reports.as_json import check_json

        return check_json(result, failing)
    from nonce_migrate.reports.scan_lines import render_check

    return render_check(failing, result.target)


def _tell(result: ScanResult, failing: tuple[Finding, ...]) -> None:
    """Names unreadable files and sums up, on standard error."""
    from nonce_migrate.cli.output import complain, tell
    from nonce_migrate.model import Safety
    from nonce_migrate.reports.wording import counted, unreadable_place

    for item in sorted(result.unreadable):
        complain(f"{unreadable_place(item)}: not looked into: {item.reason}")
    seen = counted(result.files_seen, "Python file")
    if not failing:
        tell(f"No legacy imports in {seen}.")
        return
    files = len({finding.path for finding in failing})
    imports = counted(len(failing), "legacy import")
    safe = sum(finding.safety is Safety.SAFE for finding in failing)
    advice = f"; `nonce-migrate apply` rewrites {safe} of them" if safe else ""
    tell(f"{imports} in {files} of {seen}{advice}.")

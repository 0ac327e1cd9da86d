"""`nonce-migrate check`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from nonce_migrate.cli.examples import examples
from nonce_migrate.cli.options import (
    Format,
    finding_codes,
    jobs_option,
    result_outputs,
    selection,
    shard_option,
)
from nonce_migrate.cli.status import FOUND, OK
from nonce_migrate.model import Code

if TYPE_CHECKING:
    from nonce_migrate.baseline.compare import Baseline
    from nonce_migrate.cli.outputs import Outputs
    from nonce_migrate.engine import Options
    from nonce_migrate.model import CheckResult, ScanResult

# What fails the gate unless --select says otherwise, and what is only told of.
GATE = frozenset(
    {Code.MANAGER_EDITED, Code.SHIM_EXPIRED, *(code for code in Code if code.is_import)}
)
WARNED = frozenset({Code.MANAGER_OUTDATED, Code.SHIM_DUE})
# What the quick way, which looks at imports alone, can tell.
_CHEAP = frozenset(code for code in Code if code.is_import or code.is_upkeep)


@click.command(
    short_help="Fail while a legacy import is left: the gate for CI.", epilog=examples("check")
)
@selection
@finding_codes
@result_outputs
@jobs_option
@shard_option
@click.option(
    "--diff",
    "since",
    metavar="REF",
    help="Look only at files that differ from a git revision, and at new ones: for hooks.",
)
@click.option(
    "--baseline",
    metavar="FILE",
    help="Accept what the file lists; fail on what is new, and on entries that are gone.",
)
@click.option(
    "--base-ref",
    metavar="REF",
    help="Of the baseline, only what it has in that git revision, too: for pull requests.",
)
def check(
    paths: tuple[str, ...],
    profile: str | None,
    exclude: tuple[str, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    format_: str | None,
    outputs: tuple[str, ...],
    jobs: int,
    shard: str | None,
    since: str | None,
    baseline: str | None,
    base_ref: str | None,
) -> int:
    """Fails while a legacy import is left under PATHS (default: the current folder).

    One line for each: path:line:column: CODE message. Imports in modules, stubs and notebooks
    count; the shims that apply made do not, and neither do Markdown pages, which nothing runs.
    `scan` tells what will become of each; the formats other than text do too, and cost as much.

    It also fails where a copy of the manager was edited or a shim was to be gone by now, and warns
    where a copy is out of date or a shim is to go within 30 days.

    With --baseline, or the key `baseline` in the settings, what that file lists does not fail it;
    an entry whose finding is gone does, so that the file shrinks with what is mended.

    With --select it fails on the findings named there instead: NM1,NM5 are the imports and the
    nonces that no manager makes.

    Exit status: 0 none left, 1 some left, 2 on an error.
    """
    from nonce_migrate.cli.baselines import baselines
    from nonce_migrate.cli.formats import chosen_format
    from nonce_migrate.cli.outputs import read_outputs
    from nonce_migrate.cli.request import Request, build_each

    request = Request(paths, profile, exclude, since, shard, select, ignore)
    built = build_each(request, jobs=jobs, codes=GATE, warn=WARNED)
    projects = [of_kinds(each) for each in built]
    held = baselines(projects, baseline, base_ref)
    codes = frozenset[Code]().union(*(options.codes for options in projects))
    places = read_outputs(chosen_format(format_, projects[0].root), outputs)
    if is_cheap(codes) and places.formats <= {Format.TEXT}:
        result = _check_imports(projects, held, places)
    else:
        result = _check_findings(projects, held, places)
    _tell(result, "legacy import" if is_cheap(codes) else "finding")
    _tell_raised(held, base_ref)
    return FOUND if result.imports or result.upkeep else OK


def is_cheap(codes: frozenset[Code]) -> bool:
    """Whether a look at imports alone, and at what is put in place, finds all of those codes."""
    return codes <= _CHEAP


def of_kinds(options: Options) -> Options:
    """The same run over code alone, unless what stands elsewhere is asked for."""
    from nonce_migrate.documents.kinds import CODE

    if options.codes & {Code.CONFIGURATION, Code.UNDOING}:
        return options
    return replace(options, kinds=CODE)


def _check_imports(
    projects: Sequence[Options], held: Sequence[Baseline | None], places: Outputs
) -> CheckResult:
    """The quick way: it looks at imports alone, and tells no more of them than a line."""
    from nonce_migrate import engine
    from nonce_migrate.cli.baselines import hold_check
    from nonce_migrate.cli.deliver import deliver_text
    from nonce_migrate.cli.progress import progress_bar
    from nonce_migrate.cli.steadily import steadily
    from nonce_migrate.engine.joining import join_checks
    from nonce_migrate.reports.check_lines import render_check
    from nonce_migrate.reports.scan_lines import render_findings

    with progress_bar("checking") as progress:
        checked = [
            hold_check(steadily(engine.check, each, progress), each, baseline)
            for each, baseline in zip(projects, held, strict=True)
        ]
    result = join_checks([str(options.root) for options in projects], checked)
    deliver_text(render_check(result) + render_findings(result.upkeep), places)
    return result


def _check_findings(
    projects: Sequence[Options], held: Sequence[Baseline | None], places: Outputs
) -> CheckResult:
    """The whole way: a scan, whose findings fail the check but for those that only warn."""
    from nonce_migrate import engine
    from nonce_migrate.cli.baselines import hold_scan
    from nonce_migrate.cli.deliver import deliver_record
    from nonce_migrate.cli.progress import progress_bar
    from nonce_migrate.cli.recording import recorded_check
    from nonce_migrate.cli.steadily import steadily
    from nonce_migrate.engine.joining import join_checks, join_scans

    with progress_bar("checking") as progress:
        scans = [
            hold_scan(steadily(engine.scan, each, progress), each, baseline)
            for each, baseline in zip(projects, held, strict=True)
        ]
    gates = [gate(scan, each.warn) for scan, each in zip(scans, projects, strict=True)]
    result = join_checks([str(options.root) for options in projects], gates)
    record = recorded_check(join_scans(scans), result.warnings, projects, places)
    deliver_record(record, places)
    return result


def gate(scanned: ScanResult, warn: frozenset[Code] = frozenset()) -> CheckResult:
    """What of a scan fails the check: all that it was asked for, but for what only warns."""
    from nonce_migrate.model import Accepted, CheckResult

    upkeep = [finding for finding in scanned.findings if finding.code.is_upkeep]
    return CheckResult(
        scanned.target,
        tuple(f.as_import for f in scanned.findings if not f.code.is_upkeep),
        scanned.unreadable,
        scanned.files_seen,
        tuple(finding for finding in upkeep if finding.code not in warn),
        tuple(finding for finding in upkeep if finding.code in warn),
        tuple(Accepted(a.finding.as_import, a.by, a.reason) for a in scanned.accepted),
        scanned.notes,
    )


def _tell(result: CheckResult, noun: str) -> None:
    """Names unreadable files and what only warns, and sums up, on standard error."""
    from nonce_migrate.cli.output import complain, tell
    from nonce_migrate.reports.scan_lines import finding_line
    from nonce_migrate.reports.tally import accepted_by, spell
    from nonce_migrate.reports.wording import counted, unreadable_place

    for item in result.unreadable:
        complain(f"{unreadable_place(item)}: not looked into: {item.reason}")
    for note in result.notes:
        complain(f"warning: {note}")
    for finding in result.warnings:
        complain(f"warning: {finding_line(finding)}")
    seen = counted(result.files_seen, "Python file")
    if result.accepted:
        by = spell(accepted_by(result.accepted))
        tell(f"{counted(len(result.accepted), 'finding')} accepted: {by}.")
    if result.upkeep:
        count = counted(len(result.upkeep), "finding")
        tell(f"{count} on what goes along with a migration; see `nonce-migrate explain`.")
    if not result.imports:
        tell(f"No {noun}s in {seen}.")
        return
    files = len({found.path for found in result.imports})
    imports = counted(len(result.imports), noun)
    tell(f"{imports} in {files} of {seen}; `nonce-migrate scan` tells what becomes of each.")


def _tell_raised(held: Sequence[Baseline | None], base_ref: str | None) -> None:
    """Says where entries do not count since the base revision has them not."""
    from nonce_migrate.cli.output import tell
    from nonce_migrate.reports.wording import counted, visible

    for baseline in held:
        if baseline is not None and baseline.raised:
            entries = counted(baseline.raised, "entry", "entries")
            tell(visible(f"{entries} of {baseline.name} not counted: not in that of {base_ref}."))

"""`nonce-migrate scan`."""

from __future__ import annotations

import sys
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
from nonce_migrate.cli.status import OK
from nonce_migrate.reports.screen import PLAIN, Screen

if TYPE_CHECKING:
    from nonce_migrate.model import ScanResult


@click.command(short_help="List every reference to a legacy module.", epilog=examples("scan"))
@selection
@finding_codes
@output_format
@output_file
@jobs_option
@shard_option
@click.option(
    "--why",
    metavar="FILE:LINE[:COL]",
    help="Explain what stands at one place: each finding with its chain of reasons.",
)
def scan(
    paths: tuple[str, ...],
    profile: str | None,
    exclude: tuple[str, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    format_: str | None,
    output: str | None,
    jobs: int,
    shard: str | None,
    why: str | None,
) -> int:
    """Lists every reference to a legacy module under PATHS (default: the current folder).

    For each: where it stands, what it refers to, and what will become of it. With --why, all that
    is known of one place instead: what is found there and on what grounds, or why nothing is.

    Exit status: 0, or 2 on an error.
    """
    from nonce_migrate import engine
    from nonce_migrate.cli.deliver import deliver, output_path
    from nonce_migrate.cli.formats import chosen_format
    from nonce_migrate.cli.output import screen_of
    from nonce_migrate.cli.progress import progress_bar
    from nonce_migrate.cli.request import Request, build_each
    from nonce_migrate.cli.steadily import steadily
    from nonce_migrate.engine.joining import join_scans

    file = output_path(output)
    if why is not None:
        deliver(_explained(why, paths, profile, exclude, format_), file)
        return OK
    request = Request(paths, profile, exclude, None, shard, select, ignore)
    projects = build_each(request, jobs=jobs)
    with progress_bar("scanning") as progress:
        result = join_scans([steadily(engine.scan, each, progress) for each in projects])
    screen = PLAIN if file else screen_of(sys.stdout)
    deliver(_rendered(result, chosen_format(format_, projects[0].root), screen), file)
    return OK


def _rendered(result: ScanResult, format_: Format, screen: Screen) -> str:
    if format_ is Format.JSON:
        from nonce_migrate.reports.as_json import scan_json

        return scan_json(result)
    if screen.width is None:
        from nonce_migrate.reports.scan_lines import render_scan

        return render_scan(result)
    from nonce_migrate.reports.scan_table import render_scan_table

    return render_scan_table(result, screen)


def _explained(
    why: str,
    paths: tuple[str, ...],
    profile: str | None,
    exclude: tuple[str, ...],
    format_: str | None,
) -> str:
    """What --why tells of a place. Raises ProjectError."""
    from nonce_migrate import engine
    from nonce_migrate.cli.formats import chosen_format
    from nonce_migrate.cli.progress import progress_bar
    from nonce_migrate.cli.request import Request, build_options
    from nonce_migrate.cli.spot import read_spot
    from nonce_migrate.errors import ProjectError

    spot = read_spot(why)
    if paths:
        raise ProjectError("--why names its file itself; leave PATHS out")
    options = build_options(Request((spot.file,), profile, exclude))
    path = options.paths[0].relative_to(options.root).as_posix()
    options = replace(options, paths=(options.root,))
    with progress_bar("scanning") as progress:
        told = engine.explain_line(options, path, spot.line, spot.column, progress)
    if chosen_format(format_, options.root) is Format.JSON:
        from nonce_migrate.reports.as_json import explained_json

        return explained_json(told)
    from nonce_migrate.reports.explained import render_explained

    return render_explained(told)

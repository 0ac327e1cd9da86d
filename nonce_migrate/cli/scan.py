"""`nonce-migrate scan`."""

from __future__ import annotations

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
from nonce_migrate.cli.status import OK

if TYPE_CHECKING:
    from nonce_migrate.model import Explained


@click.command(short_help="List every reference to a legacy module.", epilog=examples("scan"))
@selection
@finding_codes
@result_outputs
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
    outputs: tuple[str, ...],
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
    from nonce_migrate.cli.deliver import deliver_record
    from nonce_migrate.cli.formats import chosen_format
    from nonce_migrate.cli.outputs import read_outputs
    from nonce_migrate.cli.progress import progress_bar
    from nonce_migrate.cli.recording import recorded_scan
    from nonce_migrate.cli.request import Request, build_each
    from nonce_migrate.cli.steadily import steadily
    from nonce_migrate.engine.joining import join_scans

    if why is not None:
        _explain(why, paths, profile, exclude, format_, outputs)
        return OK
    request = Request(paths, profile, exclude, None, shard, select, ignore)
    projects = build_each(request, jobs=jobs)
    places = read_outputs(chosen_format(format_, projects[0].root), outputs)
    with progress_bar("scanning") as progress:
        result = join_scans([steadily(engine.scan, each, progress) for each in projects])
    deliver_record(recorded_scan(result, projects, places), places)
    return OK


def _explain(
    why: str,
    paths: tuple[str, ...],
    profile: str | None,
    exclude: tuple[str, ...],
    format_: str | None,
    outputs: tuple[str, ...],
) -> None:
    """Tells what is known of a place. Raises ProjectError."""
    from nonce_migrate import engine
    from nonce_migrate.cli.deliver import deliver_text
    from nonce_migrate.cli.formats import chosen_format
    from nonce_migrate.cli.outputs import read_outputs
    from nonce_migrate.cli.progress import progress_bar
    from nonce_migrate.cli.request import Request, build_options
    from nonce_migrate.cli.spot import read_spot
    from nonce_migrate.errors import ProjectError

    spot = read_spot(why)
    if paths:
        raise ProjectError("--why names its file itself; leave PATHS out")
    options = build_options(Request((spot.file,), profile, exclude))
    places = read_outputs(chosen_format(format_, options.root), outputs)
    if places.formats not in ({Format.TEXT}, {Format.JSON}):
        raise ProjectError("--why tells its answer in one format: text or json")
    path = options.paths[0].relative_to(options.root).as_posix()
    options = replace(options, paths=(options.root,))
    with progress_bar("scanning") as progress:
        told = engine.explain_line(options, path, spot.line, spot.column, progress)
    deliver_text(_explained(told, is_json=Format.JSON in places.formats), places)


def _explained(told: Explained, *, is_json: bool) -> str:
    if is_json:
        from nonce_migrate.reports.formats.as_json import explained_json

        return explained_json(told)
    from nonce_migrate.reports.explained import render_explained

    return render_explained(told)

"""`nonce-migrate report`."""

from __future__ import annotations

from pathlib import Path

import click

from nonce_migrate.cli.examples import examples
from nonce_migrate.cli.options import output_file
from nonce_migrate.cli.status import ERROR, OK


@click.group(
    invoke_without_command=True,
    short_help="Put the results of several runs together.",
    epilog=examples("report"),
)
@click.pass_context
def report(context: click.Context) -> int:
    """Works on results that earlier runs wrote with --format json."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help(), err=True)
        context.exit(ERROR)
    return OK


@report.command(
    short_help="One result of those of several shards or projects.", epilog=examples("report merge")
)
@click.argument("files", nargs=-1, metavar="FILE...")
@output_file
def merge(files: tuple[str, ...], output: str | None) -> int:
    """Puts results of `scan` or `check` with --format json together to one of the same form.

    They may be the shards of one tree (--shard), or of several projects: then paths are told from
    the folder that all of them lie in.

    Exit status: 0, or 2 on an error.
    """
    from nonce_migrate.cli.deliver import deliver, output_path
    from nonce_migrate.reports.merge import merge as merge_documents
    from nonce_migrate.reports.merge import read_document

    file = output_path(output)
    deliver(merge_documents({Path(name): read_document(Path(name)) for name in files}), file)
    return OK

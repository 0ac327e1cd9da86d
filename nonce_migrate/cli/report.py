"""`nonce-migrate report`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from nonce_migrate.cli.completing import complete_path
from nonce_migrate.cli.examples import examples
from nonce_migrate.cli.options import Format, output_file, result_outputs
from nonce_migrate.cli.status import OK

if TYPE_CHECKING:
    from nonce_migrate.cli.last_result import Kept

_RENDER = "render"


class _Report(click.Group):
    """A group in which what is no command belongs to the first one, so that it needs no name."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Names the command where the user did not."""
        is_named = bool(args) and (args[0] in self.commands or args[0] in ctx.help_option_names)
        return super().parse_args(ctx, args if is_named else [_RENDER, *args])


@click.group(
    cls=_Report,
    short_help="Show the last result again, in any format.",
    epilog=examples("report"),
)
def report() -> int:
    """Works on results of scan, check and apply that are there already.

    Without a command it is `report render`.
    """
    return OK


@report.command(
    _RENDER, short_help="The last result, or one in a file.", epilog=examples("report render")
)
@click.argument(
    "result", required=False, metavar="[RESULT.json]", shell_complete=complete_path, default=None
)
@click.option(
    "--project",
    default=".",
    metavar="PATH",
    shell_complete=complete_path,
    help="Whose last result; the current folder's without it.",
)
@result_outputs
def render(result: str | None, project: str, format_: str | None, outputs: tuple[str, ...]) -> int:
    """Shows the last result of scan, check or apply again, in another format or to a file.

    With RESULT.json it is the one in that file, as --format json wrote it. That of a check in text
    alone is not kept, since it looks at too little.

    Exit status: 0, or 2 on an error.
    """
    from nonce_migrate.cli.deliver import hand_out
    from nonce_migrate.cli.outputs import read_outputs

    if result is not None:
        from nonce_migrate.reports.document import read_record

        places = read_outputs(Format(format_ or Format.TEXT), outputs)
        record = read_record(Path(result))
    else:
        from nonce_migrate.cli.formats import chosen_format
        from nonce_migrate.cli.last_result import last_result
        from nonce_migrate.cli.request import project_root

        places = read_outputs(chosen_format(format_, project_root(project)), outputs)
        kept = last_result(Path(project))
        record = kept.record
        _tell_which(kept)
    hand_out(record, places)
    return OK


def _tell_which(kept: Kept) -> None:
    from datetime import datetime

    from nonce_migrate.cli.output import tell
    from nonce_migrate.reports.wording import visible

    command = f"{kept.record.command}{' --dry-run' if kept.record.dry_run else ''}"
    when = datetime.fromtimestamp(kept.made_at).astimezone().strftime("%Y-%m-%d %H:%M:%S %z")
    tell(f"{command} of {visible(kept.record.root)}, {when}")


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
    from nonce_migrate.reports.document import read_document
    from nonce_migrate.reports.merge import MERGEABLE
    from nonce_migrate.reports.merge import merge as merge_documents

    file = output_path(output)
    documents = {Path(name): read_document(Path(name), MERGEABLE) for name in files}
    deliver(merge_documents(documents), file)
    return OK

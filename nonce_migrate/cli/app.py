"""The command group, and what becomes of every error: one clear line and an exit status."""

from __future__ import annotations

import os
from collections.abc import Sequence

import click

from nonce_migrate import __version__
from nonce_migrate.cli.commands import Commands
from nonce_migrate.cli.output import complain
from nonce_migrate.cli.status import ERROR, INTERRUPTED, OK
from nonce_migrate.errors import NonceMigrateError

_NAME = "nonce-migrate"
_DEBUG = "NONCE_MIGRATE_DEBUG"


@click.group(
    cls=Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Settings are read from the project's nonce-migrate.toml, or [tool.nonce-migrate] of "
    "its pyproject.toml; `nonce-migrate config` shows them.",
)
@click.version_option(__version__, prog_name=_NAME, message="%(prog)s %(version)s")
@click.pass_context
def app(context: click.Context) -> int:
    """Moves a Python project from several legacy modules to one.

    The built-in profile moves Kraken trading bots from five nonce managers to one.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help(), err=True)
        context.exit(ERROR)
    return OK


def run(arguments: Sequence[str]) -> int:
    """Runs one command line and gives its exit status; errors are told on standard error."""
    try:
        status = app.main(args=list(arguments), prog_name=_NAME, standalone_mode=False)
    except (click.Abort, KeyboardInterrupt):
        complain("interrupted")
        return INTERRUPTED
    except click.UsageError as error:
        complain(_usage(error))
    except click.ClickException as error:
        complain(error.format_message())
    except NonceMigrateError as error:
        complain(str(error))
    except OSError as error:
        complain(f"{error.filename}: {error.strerror}" if error.filename else str(error))
    except Exception as error:
        if os.environ.get(_DEBUG):
            import traceback

            traceback.print_exc()
        complain(f"internal error, please report it: {error!r} (set {_DEBUG}=1 for the details)")
    else:
        return status if isinstance(status, int) else OK
    return ERROR


def _usage(error: click.UsageError) -> str:
    """The problem and where to look, as one line."""
    path = error.ctx.command_path if error.ctx else _NAME
    return f"{error.format_message().rstrip('.')}; see `{path} -h`"

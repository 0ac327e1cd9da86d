"""`nonce-migrate completion`."""

from __future__ import annotations

import click

from nonce_migrate.cli.examples import examples
from nonce_migrate.cli.status import OK

_VARIABLE = "_NONCE_MIGRATE_COMPLETE"
_SHELLS = ("bash", "zsh", "fish")


@click.command(
    short_help="Print what makes a shell complete this command.", epilog=examples("completion")
)
@click.argument("shell", type=click.Choice(_SHELLS))
@click.pass_context
def completion(context: click.Context, shell: str) -> int:
    """Prints the script for SHELL (bash 4.4 or newer, zsh, fish) to be read when it starts.

    Exit status: 0, or 2 on an error.
    """
    from click.shell_completion import get_completion_class

    from nonce_migrate.cli.output import print_text

    root = context.find_root()
    kind = get_completion_class(shell)
    assert kind is not None and root.info_name is not None
    print_text(kind(root.command, {}, root.info_name, _VARIABLE).source())
    return OK

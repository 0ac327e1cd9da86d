"""`nonce-migrate init`."""

from __future__ import annotations

import click

from nonce_migrate.cli.examples import examples
from nonce_migrate.cli.status import FOUND, OK


@click.command(short_help="Write the configuration and the CI files.", epilog=examples("init"))
@click.argument("path", default=".", metavar="[PATH]")
@click.option(
    "--profile",
    metavar="NAME|FILE",
    help="What to migrate: a built-in profile (kraken, the default) or a TOML file.",
)
@click.option(
    "--ci",
    "services",
    multiple=True,
    type=click.Choice(("github", "gitlab", "pre-commit", "none")),
    help="What is to run `check`. May be given again. Default: none.",
)
@click.option(
    "--source",
    metavar="SOURCE",
    help="Where CI installs nonce-migrate from: NAME==VERSION, git+URL@REVISION, the https address "
    "of a wheel, or the path of one in the repository. Default: where it was installed from here.",
)
@click.option(
    "--baseline/--no-baseline",
    default=None,
    help="Accept the legacy imports of today, by a file that can only shrink. Default: not.",
)
@click.option(
    "--gitignore/--no-gitignore",
    "ignores_state",
    default=None,
    help="Add the manager's state files to .gitignore. Default: not.",
)
@click.option("-y", "--yes", is_flag=True, help="Ask nothing, on a terminal neither.")
def init(
    path: str,
    profile: str | None,
    services: tuple[str, ...],
    source: str | None,
    baseline: bool | None,
    ignores_state: bool | None,
    yes: bool,
) -> int:
    """Sets up the project that PATH lies in (default: the current folder).

    Writes the configuration ([tool.nonce-migrate] at the end of pyproject.toml, or
    nonce-migrate.toml where there is none) and, for each --ci, the file that runs `check`. On a
    terminal it asks for what no option says.

    Files that are there are not changed, but for lines that are added to the configuration and
    .gitignore: for others it says what to add by hand.

    Exit status: 0; 1 where something is left to be added by hand; 2 on an error, and nothing was
    written.
    """
    from nonce_migrate.cli.asking import Wishes, ask, ask_to_write, can_ask, services_of
    from nonce_migrate.cli.files import staged
    from nonce_migrate.cli.output import print_text
    from nonce_migrate.cli.request import project_root
    from nonce_migrate.cli.setting_up import read, repository_of, request_for
    from nonce_migrate.reports.set_up import render_pieces
    from nonce_migrate.scaffold import Addition, ByHand, installed_source, is_configured, plan_files

    asks = can_ask() and not yes
    root = project_root(path)
    installed = installed_source()
    named = services_of(services) if services else None
    wishes = Wishes(profile, named, source, baseline, ignores_state)
    if asks:
        lacking = repository_of(root) if installed is None else None
        wishes = ask(wishes, not is_configured(root, read), lacking)
    pieces = plan_files(request_for(root, wishes, installed), read)
    additions = {piece.path: piece.data for piece in pieces if isinstance(piece, Addition)}
    if asks and additions and not ask_to_write(tuple(additions)):
        print_text("Nothing was written.\n")
        return OK
    with staged(additions):
        pass
    print_text(render_pieces(pieces, root))
    return FOUND if any(isinstance(piece, ByHand) for piece in pieces) else OK

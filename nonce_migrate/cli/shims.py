"""`nonce-migrate shims`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nonce_migrate.cli.care import TIME_LIMIT_S, Care
from nonce_migrate.cli.completing import complete_path
from nonce_migrate.cli.examples import examples
from nonce_migrate.cli.options import F, Format, output_format
from nonce_migrate.cli.status import ERROR, FOUND, OK
from nonce_migrate.errors import ProjectError

if TYPE_CHECKING:
    from nonce_migrate.engine import Options
    from nonce_migrate.plans import ShimUse


def _project(command: F) -> F:
    """--project, --profile and --seen: whose shims, and what a run has shown."""
    command = click.option(
        "--seen",
        multiple=True,
        metavar="FILE",
        shell_complete=complete_path,
        help="Count those, too, whom the log of a run with -W always::DeprecationWarning or "
        "-W error names: what Python or pytest printed. May be given again.",
    )(command)
    command = click.option("--profile", metavar="NAME|FILE", help="As for scan, check and apply.")(
        command
    )
    return click.option(
        "--project",
        default=".",
        metavar="DIR",
        shell_complete=complete_path,
        help="The project, where it is not that of the current folder.",
    )(command)


@click.group(
    invoke_without_command=True,
    short_help="Show who still uses the shims, and take them away.",
    epilog=examples("shims"),
)
@click.pass_context
def shims(context: click.Context) -> int:
    """Shows who still uses the deprecation shims, and takes away those that nobody uses."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help(), err=True)
        context.exit(ERROR)
    return OK


@shims.command("list", short_help="Show each shim and who uses it.", epilog=examples("shims list"))
@_project
@output_format
def list_(project: str, profile: str | None, seen: tuple[str, ...], format_: str) -> int:
    """Shows each shim, when it is to go, and every place that names it or was seen to call it.

    Places are looked for in the whole project, also where settings exclude or ignore some.

    Exit status: 0, or 2 on an error.
    """
    from nonce_migrate.cli.output import print_text, screen_of
    from nonce_migrate.reports.shims import shims_json, shims_text

    options = _options(project, profile)
    uses = _uses(options, seen)
    if Format(format_) is Format.JSON:
        print_text(shims_json(str(options.root), uses))
    else:
        print_text(shims_text(uses, screen_of(sys.stdout)))
    return OK


@shims.command(short_help="Take away shims that nobody uses.", epilog=examples("shims remove"))
@click.argument("names", nargs=-1, metavar="[NAME]...")
@_project
@click.option("--dry-run", is_flag=True, help="Only say what would go and what would stay.")
@click.option("--allow-dirty", is_flag=True, help="Also remove shims with uncommitted changes.")
@click.option(
    "--verify",
    multiple=True,
    metavar="CMD",
    help="As for apply: run a command before and after, and put all back where it goes worse.",
)
@click.option("--no-verify", is_flag=True, help="Run none of the commands in the configuration.")
def remove(
    names: tuple[str, ...],
    project: str,
    profile: str | None,
    seen: tuple[str, ...],
    dry_run: bool,
    allow_dirty: bool,
    verify: tuple[str, ...],
    no_verify: bool,
) -> int:
    """Takes away the shims NAME (a module, its last part, or its file), or all that nobody uses.

    One that is used stays, whatever is asked for, and its users are listed. The stub beside a shim
    goes with it. `nonce-migrate undo` brings everything back.

    Exit status: 0; 1 where a shim stays because it is used; 2 on an error, and nothing was removed.
    """
    from nonce_migrate.cli.output import print_text
    from nonce_migrate.cli.take_away import take_away
    from nonce_migrate.engine.shim_uses import removable
    from nonce_migrate.reports.shims import refused_text
    from nonce_migrate.reports.wording import visible

    options = _options(project, profile)
    asked = _named(_uses(options, seen), names)
    going = removable(asked)
    files = [path for use in going for path in (use.path, use.stub) if path]
    if files and not dry_run:
        commands = () if no_verify else verify or None
        care = Care(allow_dirty, False, commands, False, TIME_LIMIT_S)
        take_away(options, care, files)
    word = "Would remove" if dry_run else "Removed"
    print_text("".join(f"{word} {visible(path)}\n" for path in files))
    staying = [use for use in asked if use not in going]
    print_text(refused_text(staying))
    if not asked:
        print_text("There is no shim here.\n")
    return FOUND if staying else OK


def _options(project: str, profile: str | None) -> Options:
    from nonce_migrate.cli.request import Request, build_options

    return build_options(Request((project,), profile, ()))


def _uses(options: Options, logs: Sequence[str]) -> tuple[ShimUse, ...]:
    from nonce_migrate.cli.output import complain
    from nonce_migrate.cli.progress import progress_bar
    from nonce_migrate.engine.shim_uses import shim_uses
    from nonce_migrate.shims.seen import seen_calls
    from nonce_migrate.transaction.steady import steady

    seen = [call for log in logs for call in seen_calls(_text(Path(log)))]
    with progress_bar("scanning") as progress:
        return steady(options.root, lambda: shim_uses(options, seen, progress), complain)


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8", errors="replace")
    except OSError as error:
        raise ProjectError(f"--seen: {path}: {error.strerror}") from None


def _named(uses: tuple[ShimUse, ...], names: Iterable[str]) -> tuple[ShimUse, ...]:
    """The shims of those names, all where none is given. Raises ProjectError for unknown ones."""
    from nonce_migrate.visible import visible

    if not names:
        return uses
    found: dict[ShimUse, None] = {}
    problems = []
    for name in names:
        hits = [use for use in uses if name.removeprefix("./") in _names_of(use)]
        if not hits:
            known = ", ".join(use.module for use in uses) or "there is none"
            problems.append(f"{visible(name)}: no shim of that name; possible: {known}")
        found.update(dict.fromkeys(hits))
    if problems:
        raise ProjectError("\n".join(problems))
    return tuple(use for use in uses if use in found)


def _names_of(use: ShimUse) -> set[str]:
    return {use.path, use.module, use.module.rpartition(".")[2], use.system}

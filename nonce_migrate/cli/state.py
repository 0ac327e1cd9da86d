"""`nonce-migrate state show`, `import` and `floor`."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import click

from nonce_migrate.cli.examples import examples
from nonce_migrate.cli.options import Format, output_format
from nonce_migrate.cli.place import place_of, state_directory
from nonce_migrate.cli.status import ERROR, FOUND, OK

if TYPE_CHECKING:
    from nonce_migrate.monitor.locate import Place
    from nonce_migrate.monitor.sequence import Reading

# So that a number below zero gets an answer that fits, and is not taken for an option.
_NUMBERS = {"ignore_unknown_options": True}
_yes = click.option("--yes", is_flag=True, help="Do not ask; needed where there is no terminal.")


@click.group(
    invoke_without_command=True,
    short_help="Look at the state files of a bot, and raise its nonces by hand.",
    epilog=examples("state"),
)
@click.pass_context
def state(context: click.Context) -> int:
    """Looks at the state files of a bot, and raises its nonces by hand."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help(), err=True)
        context.exit(ERROR)
    return OK


@state.command(
    short_help="Say what every state file says, and what becomes of it.",
    epilog=examples("state show"),
)
@state_directory
@click.option("--reveal", is_flag=True, help="Show nonces in full.")
@output_format
def show(state_dir: str | None, reveal: bool, format_: str) -> int:
    """Says of every state file what it holds, and what a start of the bot now does with it.

    Exit status: 0, or 1 where there is no state file at all, or 2 on an error.
    """
    from nonce_migrate.cli.output import complain, print_text, screen_of
    from nonce_migrate.monitor.reading import Unusable
    from nonce_migrate.monitor.scale import mask
    from nonce_migrate.monitor.sequence import read_sequence_files
    from nonce_migrate.monitor.survey import survey
    from nonce_migrate.reports.status_files import render_survey
    from nonce_migrate.reports.status_json import survey_json

    place = place_of(state_dir)
    reading = read_sequence_files(place.state_directory)
    rows = survey(place, reading)
    spell = str if reveal else mask
    if Format(format_) is Format.JSON:
        print_text(survey_json(place.state_directory, rows, spell))
    elif rows:
        print_text(render_survey(place.state_directory, rows, spell, screen_of(sys.stdout)))
    if not rows:
        complain(f"{place.state_directory}: no state file here; name another with --state-dir")
    unreadable = [f for f in (reading.state, reading.backup) if isinstance(f, Unusable)]
    return OK if rows and not unreadable else FOUND


@state.command(
    "import",
    context_settings=_NUMBERS,
    short_help="Raise the nonces above one that a file holds.",
    epilog=examples("state import"),
)
@click.argument("source", metavar="FILE|VALUE")
@click.option(
    "--field",
    default="last_nonce",
    show_default=True,
    metavar="NAME",
    help="Where a JSON file has the nonce.",
)
@state_directory
@_yes
def import_(source: str, field: str, state_dir: str | None, yes: bool) -> int:
    """Raises the nonces above that of a state file of another manager, or above a number.

    It cannot be undone: nonces of a key never go back.

    Exit status: 0, or 2 on an error, and nothing was changed.
    """
    from nonce_migrate.cli.number import nonce_of

    return _raise(place_of(state_dir), nonce_of(source, field), is_sure=yes)


@state.command(
    context_settings=_NUMBERS,
    short_help="Raise the nonces above a number.",
    epilog=examples("state floor"),
)
@click.argument("value", metavar="VALUE")
@state_directory
@_yes
def floor(value: str, state_dir: str | None, yes: bool) -> int:
    """Raises the nonces above a number. It cannot be undone: nonces of a key never go back.

    Exit status: 0, or 2 on an error, and nothing was changed.
    """
    from nonce_migrate.cli.number import parse_nonce

    return _raise(place_of(state_dir), parse_nonce(value), is_sure=yes)


def _raise(place: Place, nonce: int, *, is_sure: bool) -> int:
    """Shows the sequence, asks, raises it above the nonce, and shows it again."""
    from nonce_migrate.cli.output import complain, print_text
    from nonce_migrate.cli.raising import raise_above, require_owner
    from nonce_migrate.errors import ProjectError
    from nonce_migrate.monitor.sequence import read_sequence

    before = read_sequence(place.state_directory)
    print_text(f"before: {_told(before)}\n")
    if nonce <= max(_last(before), time.time_ns() // 1000):
        print_text("nothing to do: the next nonce is above it already\n")
        return OK
    _require_first_start_to_be_known(place, before)
    require_owner(place)
    _confirm(nonce, is_sure=is_sure)
    for line in raise_above(place, nonce):
        complain(line)
    after = read_sequence(place.state_directory)
    if _last(after) <= nonce:
        raise ProjectError(
            f"{place.state_directory}: the sequence is not above it; look with `status`"
        )
    print_text(f"after:  {_told(after)}\n")
    return OK


def _require_first_start_to_be_known(place: Place, before: Reading) -> None:
    """A first start carries legacy state over, once; so it has to be made from the right folder."""
    from nonce_migrate.errors import ProjectError

    if before.is_untouched and not place.has_manager:
        raise ProjectError(
            f"{place.state_directory}: the first start is still to come, and there is no "
            "consolidated_nonce_manager.py here to tell where legacy state lies; run this in the "
            "folder of the bot, or start the bot once with NONCE_FLOOR set"
        )


def _confirm(nonce: int, *, is_sure: bool) -> None:
    """Says what it means and asks. Raises ProjectError where nobody can answer, click.Abort."""
    from nonce_migrate.cli.output import complain
    from nonce_migrate.errors import ProjectError
    from nonce_migrate.monitor.scale import Scale, lead_seconds, mask, scale_of

    now = time.time_ns()
    scale = scale_of(nonce, now)
    if scale is None:
        complain(f"{mask(nonce)} is near the clock at no known scale")
    elif scale is not Scale.US:
        complain(f"{mask(nonce)} is in {scale.label}: from now on each nonce is the last one + 1")
    else:
        complain(f"{mask(nonce)} is {lead_seconds(nonce, scale, now):,.1f} s ahead of the clock")
    if is_sure:
        return
    if sys.stdin is None or not sys.stdin.isatty():
        raise ProjectError("nobody to ask on this input; add --yes to do it")
    click.confirm("This cannot be undone. Raise the nonces above it?", abort=True, err=True)


def _last(reading: Reading) -> int:
    return reading.top.last if reading.top else 0


def _told(reading: Reading) -> str:
    from nonce_migrate.monitor.scale import lead_seconds, mask, scale_of

    if reading.top is None:
        return "no nonce drawn yet" if reading.is_untouched else "no last nonce can be read"
    last = reading.top.last
    scale = scale_of(last, reading.read_ns)
    if scale is None:
        return f"last nonce {mask(last)}"
    seconds = lead_seconds(last, scale, reading.read_ns)
    where = "behind" if seconds < 0 else "ahead of"
    return f"last nonce {mask(last)} ({scale.label}), {abs(seconds):,.1f} s {where} the clock"

"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click

from nonce_migrate.cli.completing import complete_codes, complete_path
from nonce_migrate.reports.formats.registry import Format as Format

F = TypeVar("F", bound=Callable[..., object])


def selection(command: F) -> F:
    """PATHS, --profile and --exclude: what is looked at."""
    command = click.option(
        "--exclude",
        multiple=True,
        metavar="PATTERN",
        help="Leave out files and folders, by a gitignore pattern. May be given again.",
    )(command)
    command = click.option(
        "--profile",
        metavar="NAME|FILE",
        help="What to migrate: a built-in profile (kraken) or a TOML file.",
    )(command)
    return click.argument("paths", nargs=-1, metavar="[PATHS]...", shell_complete=complete_path)(
        command
    )


def jobs_option(command: F) -> F:
    """--jobs."""
    return click.option(
        "-j",
        "--jobs",
        type=click.IntRange(min=0),
        default=0,
        metavar="N",
        help="Work with N processes; 0, the default, is one for each core.",
    )(command)


def shard_option(command: F) -> F:
    """--shard."""
    return click.option(
        "--shard",
        metavar="I/N",
        help="Tell of the I-th of N parts of the files only; `report merge` puts them together.",
    )(command)


def output_format(command: F) -> F:
    """--format, for what is told in text or JSON alone."""
    return click.option(
        "--format",
        "format_",
        type=click.Choice([Format.TEXT.value, Format.JSON.value]),
        default=Format.TEXT.value,
        show_default=True,
        help="For people or for machines.",
    )(command)


def output_file(command: F) -> F:
    """--output, for what goes to one place."""
    return click.option(
        "--output",
        metavar="FILE",
        shell_complete=complete_path,
        help="Write the result to a file instead of standard output.",
    )(command)


def result_outputs(command: F) -> F:
    """--format and --output of the commands whose result every format can tell."""
    command = click.option(
        "--output",
        "outputs",
        multiple=True,
        metavar="[FORMAT:]FILE",
        shell_complete=complete_path,
        help="Write the result to a file, too, in the format that its name says (.json, .md, ...) "
        "or else in that of --format, which then leaves standard output alone. May be given again.",
    )(command)
    return click.option(
        "--format",
        "format_",
        type=click.Choice([item.value for item in Format]),
        help="The format on standard output; text unless the project's settings name another.",
    )(command)


def finding_codes(command: F) -> F:
    """--select and --ignore."""
    command = click.option(
        "--ignore",
        multiple=True,
        metavar="CODE[,CODE]",
        shell_complete=complete_codes,
        help="Leave out findings whose code starts with one of these.",
    )(command)
    return click.option(
        "--select",
        multiple=True,
        metavar="CODE[,CODE]",
        shell_complete=complete_codes,
        help="Only findings whose code starts with one of these, such as NM1,NM5.",
    )(command)

"""The options of `apply` that say how carefully to write."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import click

TIME_LIMIT_S = 900.0


@dataclass(frozen=True, slots=True)
class Care:
    """What was asked for. verify: commands, None where the project's settings count.

    time_limit_s: for one run of one command.
    """

    allow_dirty: bool
    interactive: bool
    verify: tuple[str, ...] | None
    bisect: bool
    time_limit_s: float


def careful(command: Callable[..., int]) -> Callable[..., int]:
    """Adds the options, and hands them to the command as one argument, `care`."""

    @functools.wraps(command)
    def with_care(
        *,
        allow_dirty: bool,
        interactive: bool,
        verify: tuple[str, ...],
        no_verify: bool,
        bisect: bool,
        time_limit: float,
        **others: Any,
    ) -> int:
        commands = () if no_verify else verify or None
        care = Care(allow_dirty, interactive, commands, bisect, time_limit)
        return command(care=care, **others)

    for option in reversed(_OPTIONS):
        option(with_care)
    return with_care


_OPTIONS = (
    click.option(
        "--interactive", "-i", is_flag=True, help="Show each file's diff and ask; in a terminal."
    ),
    click.option(
        "--allow-dirty", is_flag=True, help="Also rewrite files with uncommitted changes."
    ),
    click.option(
        "--verify",
        multiple=True,
        metavar="CMD",
        help="Run a shell command (such as pytest) in the project before and after, and put "
        "everything back where it goes worse. The word imports stands for importing every module. "
        "May be given again.",
    ),
    click.option("--no-verify", is_flag=True, help="Run none of the project's own commands."),
    click.option("--bisect", is_flag=True, help="Find the fewest files that make --verify fail."),
    click.option(
        "--time-limit",
        type=click.FloatRange(min=0, min_open=True),
        default=TIME_LIMIT_S,
        show_default=True,
        metavar="SECONDS",
        help="For each run of a --verify command.",
    ),
)

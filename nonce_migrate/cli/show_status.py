"""`nonce-migrate status`."""

from __future__ import annotations

import os
import sys
import time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nonce_migrate.cli.options import output_file
from nonce_migrate.cli.place import place_of, state_directory
from nonce_migrate.cli.status import FOUND, OK

if TYPE_CHECKING:
    from nonce_migrate.monitor.sequence import Reading
    from nonce_migrate.monitor.status import Status

# How far apart the two readings of a single run are.
_MOMENT_S = 0.5
_CLEAR = "\x1b[H\x1b[2J"


class StatusFormat(StrEnum):
    """How the state is written."""

    TEXT = "text"
    JSON = "json"
    PROMETHEUS = "prometheus"


@click.command(short_help="Show the state of a running bot, without touching it.")
@state_directory
@click.option("--watch", is_flag=True, help="Show it again and again, until interrupted.")
@click.option(
    "--interval",
    type=click.FloatRange(0.1, 3600),
    default=1.0,
    show_default=True,
    metavar="SECONDS",
    help="With --watch: how long to wait in between.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice([item.value for item in StatusFormat]),
    default=StatusFormat.TEXT.value,
    show_default=True,
    help="For people, for machines, or for node_exporter's textfile collector.",
)
@output_file
def status(
    state_dir: str | None, watch: bool, interval: float, format_: str, output: str | None
) -> int:
    """Shows what the state files of a bot tell, running or not: read only, and without its lock.

    Exit status: 0 all is well; 1 no state was found or it is unhealthy; 2 on an error. With --watch
    it is that of the last view.
    """
    from nonce_migrate.cli.deliver import output_path
    from nonce_migrate.monitor.sequence import read_sequence
    from nonce_migrate.monitor.status import Condition, status_of

    file = output_path(output)
    directory = place_of(state_dir).state_directory
    show = _Show(StatusFormat(format_), file, is_watch=watch)
    earlier = read_sequence(directory)
    condition = Condition.NONE
    try:
        while True:
            time.sleep(interval if watch and show.views else _MOMENT_S)
            later = read_sequence(directory)
            seen = status_of(earlier, later)
            condition, earlier = seen.condition, later
            show(seen, later)
            if not watch or show.reader_left():
                break
    except KeyboardInterrupt:
        if not watch:
            raise
    return OK if condition is Condition.OK else FOUND


class _Show:
    """Hands view after view to standard output or to a file. views: how many so far."""

    def __init__(self, format_: StatusFormat, file: Path | None, *, is_watch: bool) -> None:
        self._format = format_
        self._file = file
        self._is_watch = is_watch
        self._stdout = _stdout_identity()
        self.views = 0

    def __call__(self, status: Status, reading: Reading) -> None:
        """Shows a view; what is wrong goes to standard error where the view does not say it."""
        from nonce_migrate.cli.deliver import deliver
        from nonce_migrate.cli.output import print_text, tell

        is_text = self._format is StatusFormat.TEXT
        is_screen = self._is_watch and is_text and self._file is None and _is_terminal()
        if is_screen:
            print_text(_CLEAR)
        elif is_text and self.views and self._file is None:
            print_text("\n")
        text = "" if is_text and not reading.has_record else self._rendered(status)
        if text or self._file is not None:
            deliver(text, self._file)
        self.views += 1
        if not (is_text and text) or self._file is not None:
            for line in _complaints(status):
                tell(f"nonce-migrate: {line}")

    def reader_left(self) -> bool:
        """Whether standard output went away; print_text then sends everything nowhere."""
        return self._file is None and _stdout_identity() != self._stdout

    def _rendered(self, status: Status) -> str:
        if self._format is StatusFormat.JSON:
            from nonce_migrate.reports.status_json import status_json

            return status_json(status, is_line=self._is_watch and self._file is None)
        if self._format is StatusFormat.PROMETHEUS:
            from nonce_migrate.reports.status_prometheus import render_prometheus

            return render_prometheus(status)
        from nonce_migrate.cli.output import screen_of
        from nonce_migrate.reports.screen import PLAIN
        from nonce_migrate.reports.status_text import render_status

        return render_status(status, PLAIN if self._file else screen_of(sys.stdout))


def _complaints(status: Status) -> list[str]:
    from nonce_migrate.monitor.status import Condition
    from nonce_migrate.reports.wording import visible

    directory = visible(str(status.directory))
    if status.condition is Condition.NONE:
        return [
            f"{directory}: no nonce has been drawn here; if the bot keeps its state elsewhere, "
            "name it with --state-dir"
        ]
    return [f"{directory}: {visible(problem)}" for problem in status.problems]


def _is_terminal() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()


def _stdout_identity() -> tuple[int, int] | None:
    try:
        info = os.fstat(sys.stdout.fileno())
    except (AttributeError, OSError, ValueError):
        return None
    return info.st_dev, info.st_ino

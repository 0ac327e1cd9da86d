"""`nonce-migrate status`."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nonce_migrate.cli.examples import examples
from nonce_migrate.cli.options import output_file
from nonce_migrate.cli.place import place_of, redis_url, state_directory
from nonce_migrate.cli.status import FOUND, OK

if TYPE_CHECKING:
    from nonce_migrate.monitor.status import Status

# How far apart the two readings of a single run are.
_MOMENT_S = 0.5
_CLEAR = "\x1b[H\x1b[2J"


class StatusFormat(StrEnum):
    """How the state is written."""

    TEXT = "text"
    JSON = "json"
    PROMETHEUS = "prometheus"


@click.command(
    short_help="Show the state of a running bot, without touching it.", epilog=examples("status")
)
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
    With NONCE_REDIS_URL set, and no --state-dir, what Redis tells.

    Exit status: 0 all is well; 1 no state was found or it is unhealthy; 2 on an error. With --watch
    it is that of the last view.
    """
    from nonce_migrate.cli.deliver import output_path
    from nonce_migrate.monitor.status import Condition

    if watch:
        gc.enable()  # The other commands end before garbage counts; this one may run for days.
    show = _Show(StatusFormat(format_), output_path(output), is_watch=watch)
    look = _looker(state_dir)
    condition = Condition.NONE
    try:
        while True:
            time.sleep(interval if watch and show.views else _MOMENT_S)
            seen = look()
            condition = seen.condition
            show(seen)
            if not watch or show.reader_left():
                break
    except KeyboardInterrupt:
        if not watch:
            raise
    return OK if condition is Condition.OK else FOUND


def _looker(state_dir: str | None) -> Callable[[], Status]:
    """What gives the status now; of files, by what has changed since it was made or called last.

    Raises ProjectError where there is nothing to look at.
    """
    from nonce_migrate.monitor.redis_state import redis_status
    from nonce_migrate.monitor.sequence import read_sequence
    from nonce_migrate.monitor.status import status_of

    url = redis_url(state_dir)
    if url:
        return lambda: redis_status(url)
    directory = place_of(state_dir).state_directory
    earlier = read_sequence(directory)

    def look() -> Status:
        nonlocal earlier
        later = read_sequence(directory)
        seen = status_of(earlier, later)
        earlier = later
        return seen

    return look


class _Show:
    """Hands view after view to standard output or to a file. views: how many so far."""

    def __init__(self, format_: StatusFormat, file: Path | None, *, is_watch: bool) -> None:
        self._format = format_
        self._file = file
        self._is_watch = is_watch
        self._stdout = _stdout_identity()
        self._told: list[str] = []
        self.views = 0

    def __call__(self, status: Status) -> None:
        """Shows a view. What is wrong goes to standard error, once, where no view there says it."""
        from nonce_migrate.cli.deliver import deliver
        from nonce_migrate.cli.output import tell

        for_people = self._format is StatusFormat.TEXT and self._file is None
        is_shown = not for_people or _has_facts(status)
        if is_shown:
            deliver(self._lead(for_people=for_people) + self._rendered(status), self._file)
            self.views += 1
        complaints = [] if for_people and is_shown else _complaints(status)
        if complaints != self._told:
            for line in complaints:
                tell(f"nonce-migrate: {line}")
        self._told = complaints

    def reader_left(self) -> bool:
        """Whether standard output went away; print_text then sends everything nowhere."""
        return self._file is None and _stdout_identity() != self._stdout

    def _lead(self, *, for_people: bool) -> str:
        """What sets a view apart from the one before it."""
        if not (for_people and self._is_watch):
            return ""
        if sys.stdout is not None and sys.stdout.isatty():
            return _CLEAR
        return "\n" if self.views else ""

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


def _has_facts(status: Status) -> bool:
    """Whether there is more to show than that there is nothing."""
    return status.last is not None or status.ceiling_saved_at_ns is not None


def _complaints(status: Status) -> list[str]:
    from nonce_migrate.monitor.status import Condition
    from nonce_migrate.reports.wording import visible

    where = visible(status.where)
    if status.condition is Condition.NONE:
        return [
            f"{where}: no nonce has been drawn here; if the bot keeps its state elsewhere, "
            "name it with --state-dir"
        ]
    return [f"{where}: {visible(problem)}" for problem in status.problems]


def _stdout_identity() -> tuple[int, int] | None:
    try:
        info = os.fstat(sys.stdout.fileno())
    except (AttributeError, OSError, ValueError):
        return None
    return info.st_dev, info.st_ino

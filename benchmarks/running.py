"""Runs commands in turn, round after round, and compares what they took."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Contender:
    """A command to measure. statuses: the exit statuses of a run that did its work. folder: where
    it runs, None for the folder of all.
    """

    name: str
    command: Sequence[str]
    statuses: Sequence[int] = (0, 1)
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None


@dataclass(slots=True)
class Measured:
    """What a contender's rounds took: wall seconds, and the peak of a single process in MB."""

    seconds: list[float] = field(default_factory=list)
    peak: float = 0.0

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)


def interleaved(
    contenders: Sequence[Contender],
    folder: Path,
    rounds: int,
    prepare: Callable[[], None] | None = None,
    warm_up: int = 1,
) -> dict[str, Measured]:
    """Each round runs every contender once, so that what else the machine does falls on all.

    prepare: called before each run. warm_up: rounds before the others that do not count.
    """
    results = {contender.name: Measured() for contender in contenders}
    for number in range(warm_up + rounds):
        for contender in contenders:
            if prepare is not None:
                prepare()
            seconds, peak = _run(contender, contender.folder or folder)
            if number >= warm_up:
                results[contender.name].seconds.append(seconds)
                results[contender.name].peak = max(results[contender.name].peak, peak)
    return results


# An installed program has its bytecode; where this is set, ours would be compiled at each start.
_LEFT_OUT = "PYTHONDONTWRITEBYTECODE"


def _run(contender: Contender, folder: Path) -> tuple[float, float]:
    environment = {name: value for name, value in os.environ.items() if name != _LEFT_OUT}
    started = time.perf_counter()
    process = subprocess.Popen(
        contender.command,
        cwd=folder,
        env={**environment, **contender.environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - started
    if process.returncode not in contender.statuses:
        raise SystemExit(f"{contender.name}: ended with status {process.returncode}")
    return seconds, usage.ru_maxrss / 1024


def table(results: Mapping[str, Measured], base: str) -> str:
    """The medians as Markdown, each with its ratio to `base`."""
    lines = ["| command | median s | of " + base + " | peak MB |", "|---|---:|---:|---:|"]
    for name, measured in results.items():
        ratio = measured.median / results[base].median
        lines.append(f"| {name} | {measured.median:.2f} | {ratio:.2f} | {measured.peak:.0f} |")
    return "\n".join(lines)

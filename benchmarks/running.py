"""Runs commands in turn, round after round, and compares what they took."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True, eq=False)
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
    """What a contender's rounds took: wall and CPU seconds, and a single process's peak in MB."""

    seconds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
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
            measured = results[contender.name] if number >= warm_up else Measured()
            _run(contender, contender.folder or folder, measured)
    return results


def interleaved_up_to(
    limits: Mapping[Contender, int], folder: Path, prepare: Callable[[], None]
) -> dict[str, Measured]:
    """The same, where each contender has a number of rounds of its own; one with none is left out.

    Nothing is warmed up: `prepare` has read the files just before each run. What each run took is
    told on standard error at once, since all together take an hour and more.
    """
    results = {contender.name: Measured() for contender, rounds in limits.items() if rounds}
    for number in range(max(limits.values())):
        for contender, rounds in limits.items():
            if number < rounds:
                prepare()
                measured = results[contender.name]
                _run(contender, folder, measured)
                print(f"{contender.name}: {measured.seconds[-1]:.2f} s", file=sys.stderr)
    return results


# An installed program has its bytecode; where this is set, ours would be compiled at each start.
_LEFT_OUT = "PYTHONDONTWRITEBYTECODE"


def _run(contender: Contender, folder: Path, measured: Measured) -> None:
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
    measured.seconds.append(seconds)
    measured.cpu.append(usage.ru_utime + usage.ru_stime)
    measured.peak = max(measured.peak, usage.ru_maxrss / 1024)


def table(results: Mapping[str, Measured], base: str) -> str:
    """The medians as Markdown, each with its ratio to `base`."""
    lines = [
        f"| command | rounds | median s | of {base} | CPU s | peak MB |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for name, measured in results.items():
        ratio, cpu = measured.median / results[base].median, statistics.median(measured.cpu)
        lines.append(
            f"| {name} | {len(measured.seconds)} | {measured.median:.2f} | {ratio:.2f} | "
            f"{cpu:.2f} | {measured.peak:.0f} |"
        )
    return "\n".join(lines)

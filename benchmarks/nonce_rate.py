"""How fast nonces are drawn, ours and others', in one run.

    python benchmarks/nonce_rate.py [--quick]

Every contender draws in a process of its own, round after round, each round through all of them, so
that what else the machine does falls on all alike. A round draws twice: once for the rate, without
a clock around each draw, and once for the percentiles, with one. The rate is that of the median
round; the percentiles are over the draws of all rounds. ccxt and python-kraken-sdk are measured
where they can be imported (`pip install ccxt python-kraken-sdk`), Redis where redis-server and the
package redis are there. Neither ccxt's nor python-kraken-sdk's generator keeps anything or is safe
between threads; they show what a nonce costs without that.

With threads and tasks a draw's time includes what others do before it is its turn again: a thread
waits for the interpreter (5 ms a switch), a task for the loop to come round.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import json
import os
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nonce_contenders import CONTENDERS, TASKS, Contender, joined

_SERVE = Path(__file__).with_name("nonce_contenders.py")
_PACKAGES = {"kraken": "python-kraken-sdk"}
_OF_THE_MANAGER = ("NONCE_STATE_DIR", "NONCE_FLOOR", "NONCE_VOLATILE", "NONCE_REDIS_URL")
_HEAD = "| Contender | Nonces/s | Of the floor | p50 us | p99 us | p99.9 us |"
_RULE = "|---|---:|---:|---:|---:|---:|"


@dataclass(frozen=True, slots=True)
class Sample:
    """One round: nonces a second, and the ns of each draw."""

    rate: float
    latencies: array[int]


def sample(contender: Contender, count: int, folder: Path, redis_url: str | None) -> Sample:
    """One round of a contender, in a fresh state directory."""
    count = max(TASKS, int(count * contender.share) // contender.processes)
    with tempfile.TemporaryDirectory(dir=folder) as state:
        environment = {k: v for k, v in os.environ.items() if k not in _OF_THE_MANAGER}
        environment["NONCE_STATE_DIR"] = state
        if contender.name == "redis" and redis_url:
            environment["NONCE_REDIS_URL"] = redis_url
        command = [sys.executable, str(_SERVE), contender.name, str(count)]
        with contextlib.ExitStack() as stack:
            children = [
                stack.enter_context(_child(command, environment))
                for _ in range(contender.processes)
            ]
            for child in children:
                _answer(child)
            # Of several processes the slowest counts: all of their nonces had been drawn then.
            seconds = max(said["seconds"] for said in _together(children))
            latencies = joined([array("q", said["latencies"]) for said in _together(children)])
    return Sample(count * contender.processes / seconds, latencies)


def _child(command: list[str], environment: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def _together(children: Sequence[subprocess.Popen[str]]) -> list[dict[str, Any]]:
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    return [json.loads(_answer(child)) for child in children]


def _answer(child: subprocess.Popen[str]) -> str:
    assert child.stdout is not None
    line = child.stdout.readline()
    if not line:
        sys.exit("a contender failed; its error stands above")
    return line


@contextlib.contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """A Redis on loopback that keeps nothing on disk; gives its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--port", str(port), "--bind", "127.0.0.1", "--appendonly", "no", "--save", ""]
    server = subprocess.Popen(
        ["redis-server", *options, "--dir", str(folder)], stdout=subprocess.DEVNULL
    )
    try:
        _wait_for(port)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int) -> None:
    for _ in range(500):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.01)
    sys.exit("redis-server does not answer")


def missing(contender: Contender) -> list[str]:
    """What a contender needs and does not find here, by the names to install."""
    return [
        _PACKAGES.get(need, need)
        for need in contender.needs
        if not (shutil.which(need) if "-" in need else importlib.util.find_spec(need))
    ]


def table(samples: dict[str, list[Sample]]) -> str:
    """The Markdown table, and below it what was left out and why."""
    floor = _rate(samples["floor"])
    lines, left_out = [_HEAD, _RULE], []
    for contender in CONTENDERS:
        rounds = samples.get(contender.name)
        if not rounds:
            left_out.append(f"Not measured: {contender.title}: {', '.join(missing(contender))}")
            continue
        rate = _rate(rounds)
        times = sorted(joined([item.latencies for item in rounds]))
        parts = [f"{times[int(len(times) * q)] / 1000:.1f}" for q in (0.5, 0.99, 0.999)]
        lines.append(
            f"| {contender.title} | {rate:,.0f} | {rate / floor:.3f} | {' | '.join(parts)} |"
        )
    return "\n".join(lines + [f"\n{line} is not installed" for line in left_out])


def _rate(rounds: Sequence[Sample]) -> float:
    return statistics.median(item.rate for item in rounds)


def main() -> None:
    parser = argparse.ArgumentParser(description="How fast nonces are drawn, ours and others'.")
    parser.add_argument("--quick", action="store_true", help="few draws, for a first look")
    quick = parser.parse_args().quick
    rounds, count = (2, 10_000) if quick else (5, 100_000)
    load = f", load {os.getloadavg()[0]:.1f} before" if hasattr(os, "getloadavg") else ""
    present = [contender for contender in CONTENDERS if not missing(contender)]
    samples: dict[str, list[Sample]] = {contender.name: [] for contender in present}
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        url = stack.enter_context(redis_server(folder)) if "redis" in samples else None
        for number in range(rounds):
            print(f"round {number + 1} of {rounds}", file=sys.stderr)
            for contender in present:
                samples[contender.name].append(sample(contender, count, folder, url))
    python = f"{platform.python_implementation()} {platform.python_version()}"
    print(f"{python}, {platform.system()}, {os.cpu_count()} cores{load}; {rounds} rounds\n")
    print(table(samples))


if __name__ == "__main__":
    main()

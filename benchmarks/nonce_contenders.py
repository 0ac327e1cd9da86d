"""What draws nonces in the benchmark: one contender in this process, at words on its input."""

from __future__ import annotations

import argparse
import asyncio
import importlib
import importlib.util
import itertools
import json
import os
import sqlite3
import sys
import threading
import time
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

_MANAGER = (
    Path(__file__).parents[1] / "nonce_migrate" / "vendored" / "consolidated_nonce_manager.py"
)
TASKS = 1000
_THREADS = 5
_PROCESSES = 4

Draw = Callable[[], object]
# Draws so many nonces; gives the seconds it took and, where it is told to, the ns of each draw.
Run = Callable[[int, bool], tuple[float, "array[int]"]]


@dataclass(frozen=True, slots=True)
class Contender:
    """needs: what has to be there besides, a package or `redis-server`. share: of the draws of a
    round, for what is slow."""

    name: str
    title: str
    run: Callable[[], Run]
    needs: tuple[str, ...] = ()
    share: float = 1.0
    processes: int = 1


def _timed(draw: Draw, count: int) -> array[int]:
    clock, latencies = time.perf_counter_ns, array("q", bytes(8 * count))
    for i in range(count):
        start = clock()
        draw()
        latencies[i] = clock() - start
    return latencies


def _in_a_row(draw: Draw) -> Run:
    def run(count: int, with_latencies: bool) -> tuple[float, array[int]]:
        start = time.perf_counter()
        if with_latencies:
            latencies = _timed(draw, count)
        else:
            latencies = array("q")
            for _ in itertools.repeat(None, count):
                draw()
        return time.perf_counter() - start, latencies

    return run


def _in_threads(draw: Draw) -> Run:
    def run(count: int, with_latencies: bool) -> tuple[float, array[int]]:
        results: list[array[int]] = []
        gate = threading.Barrier(_THREADS + 1)

        def work() -> None:
            gate.wait()
            results.append(_in_a_row(draw)(count // _THREADS, with_latencies)[1])

        threads = [threading.Thread(target=work) for _ in range(_THREADS)]
        for thread in threads:
            thread.start()
        gate.wait()
        start = time.perf_counter()
        for thread in threads:
            thread.join()
        return time.perf_counter() - start, joined(results)

    return run


def _in_tasks(module: ModuleType) -> Run:
    def run(count: int, with_latencies: bool) -> tuple[float, array[int]]:
        latencies = array("q")
        draw, clock = module.get_nonce_manager().get_nonce_async, time.perf_counter_ns

        async def task() -> None:
            for _ in range(count // TASKS):
                start = clock() if with_latencies else 0
                await draw("bench")
                if with_latencies:
                    latencies.append(clock() - start)

        async def all_tasks() -> float:
            start = time.perf_counter()
            await asyncio.gather(*(task() for _ in range(TASKS)))
            return time.perf_counter() - start

        return asyncio.run(all_tasks()), latencies

    return run


def joined(parts: Sequence[array[int]]) -> array[int]:
    """The arrays, one after the other."""
    whole = array("q")
    for part in parts:
        whole.extend(part)
    return whole


# What draws.


def _manager() -> ModuleType:
    """The manager, loaded from its file as a bot would."""
    spec = importlib.util.spec_from_file_location("consolidated_nonce_manager", _MANAGER)
    assert spec is not None and spec.loader is not None
    module = sys.modules["consolidated_nonce_manager"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _ours() -> Draw:
    draw: Draw = _manager().get_nonce_manager().get_nonce
    return draw


def _floor() -> Draw:
    lock, last = threading.Lock(), 0

    def draw() -> str:
        nonlocal last
        with lock:
            last = max(last + 1, time.time_ns() // 1000)
            return str(last)

    return draw


def _ccxt() -> Draw:
    exchange = importlib.import_module("ccxt").kraken()
    return lambda: str(exchange.nonce())


def _sdk() -> Draw:
    draw: Draw = importlib.import_module("kraken.spot").User().get_nonce
    return draw


def _sqlite() -> Draw:
    path = Path(os.environ["NONCE_STATE_DIR"]) / "nonce.sqlite"
    base = sqlite3.connect(path, isolation_level=None)
    base.execute("PRAGMA journal_mode=WAL")
    base.execute("PRAGMA synchronous=NORMAL")
    base.execute("CREATE TABLE IF NOT EXISTS nonce (id INTEGER PRIMARY KEY, last INTEGER)")
    base.execute("INSERT OR IGNORE INTO nonce VALUES (1, 0)")
    sql = "UPDATE nonce SET last = max(last + 1, ?) WHERE id = 1 RETURNING last"

    def draw() -> str:
        return str(base.execute(sql, (time.time_ns() // 1000,)).fetchall()[0][0])

    return draw


CONTENDERS = (
    Contender("floor", "bare Lock + max + str (the floor)", lambda: _in_a_row(_floor())),
    Contender("ours", "ours, 1 thread", lambda: _in_a_row(_ours())),
    Contender("threads", f"ours, {_THREADS} threads", lambda: _in_threads(_ours())),
    Contender("asyncio", f"ours, asyncio, {TASKS:,} tasks", lambda: _in_tasks(_manager())),
    Contender(
        "processes",
        f"ours, {_PROCESSES} processes",
        lambda: _in_a_row(_ours()),
        processes=_PROCESSES,
    ),
    Contender(
        "redis",
        "ours, Redis on loopback",
        lambda: _in_a_row(_ours()),
        needs=("redis-server", "redis"),
        share=0.1,
    ),
    Contender("ccxt", "ccxt, kraken().nonce()", lambda: _in_a_row(_ccxt()), needs=("ccxt",)),
    Contender(
        "sdk", "python-kraken-sdk, get_nonce()", lambda: _in_a_row(_sdk()), needs=("kraken",)
    ),
    Contender("sqlite", "SQLite, WAL, a commit a nonce", lambda: _in_a_row(_sqlite()), share=0.5),
)


def serve(name: str, count: int) -> None:
    """Warms up, says so, and draws at a line of input, first for the rate, then for the times.

    The answers go to standard output, as JSON.
    """
    contender = next(item for item in CONTENDERS if item.name == name)
    run = contender.run()
    run(max(TASKS, count // 20), False)
    print("ready", flush=True)
    sys.stdin.readline()
    seconds = run(count, False)[0]
    print(json.dumps({"seconds": seconds}), flush=True)
    sys.stdin.readline()
    print(json.dumps({"latencies": run(count, True)[1].tolist()}), flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("name")
    parser.add_argument("count", type=int)
    chosen = parser.parse_args()
    serve(chosen.name, chosen.count)

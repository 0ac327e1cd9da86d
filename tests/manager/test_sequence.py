"""One sequence: over threads, tasks, event loops, processes, forks and steps of the clock."""

from __future__ import annotations

import asyncio
import itertools
import json
import threading
import time
from pathlib import Path

import pytest

from nonce_migrate.vendored import consolidated_nonce_manager as cnm

from . import children

Manager = cnm.ConsolidatedNonceManager


def increasing(nonces: list[int]) -> bool:
    return all(before < after for before, after in itertools.pairwise(nonces))


def test_nonces_are_decimal_microseconds_not_behind_the_clock(manager: Manager) -> None:
    before = time.time_ns() // 1000
    nonce = manager.get_nonce()
    assert isinstance(nonce, str)
    assert nonce.isdigit()
    assert before <= int(nonce) <= before + 5_000_000


def test_every_way_to_draw_is_one_sequence(manager: Manager) -> None:
    drawn = [manager.get_nonce(), manager.get_next_nonce("a"), manager.get_enhanced_nonce()]
    drawn += [cnm.get_nonce("b"), cnm.get_next_nonce(), asyncio.run(cnm.get_nonce_async())]
    drawn += [asyncio.run(manager.get_nonce_async("c")), manager.recover_from_error("c")]
    drawn += [str(nonce) for nonce in manager.get_batch_nonces("d", 3)]
    drawn += [cnm.KrakenNonceFixer("k", "cw==").get_guaranteed_unique_nonce()]
    assert increasing([int(nonce) for nonce in drawn])


def test_threads_share_it(manager: Manager, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time_ns()
    monkeypatch.setattr(time, "time_ns", lambda: now)  # the clock cannot hide a race
    drawn: list[list[int]] = [[] for _ in range(8)]
    gate = threading.Barrier(8)

    def draw(mine: list[int]) -> None:
        gate.wait()
        mine.extend(int(manager.get_nonce("t")) for _ in range(300))

    threads = [threading.Thread(target=draw, args=(mine,)) for mine in drawn]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(increasing(mine) for mine in drawn)
    everything = sorted(itertools.chain(*drawn))
    assert everything == list(range(everything[0], everything[0] + 8 * 300))


def test_two_event_loops_share_it(manager: Manager) -> None:
    drawn: list[int] = []

    async def task() -> None:
        mine = [int(await manager.get_nonce_async("a")) for _ in range(20)]
        assert increasing(mine)
        drawn.extend(mine)

    async def tasks() -> None:
        await asyncio.gather(*(task() for _ in range(30)))

    loops = [threading.Thread(target=lambda: asyncio.run(tasks())) for _ in range(2)]
    for loop in loops:
        loop.start()
    for loop in loops:
        loop.join()
    asyncio.run(tasks())
    assert len(set(drawn)) == len(drawn) == 3 * 30 * 20


def test_a_tight_loop_of_one_task_lets_others_run(manager: Manager) -> None:
    async def main() -> int:
        ticks = 0

        async def tick() -> None:
            nonlocal ticks
            while True:
                await asyncio.sleep(0)
                ticks += 1

        ticking = asyncio.ensure_future(tick())
        for _ in range(1000):
            await manager.get_nonce_async()
        ticking.cancel()
        return ticks

    assert asyncio.run(main()) > 10


def test_the_event_loop_turns_while_another_process_has_the_lock(state: Path) -> None:
    holder = """
        import fcntl, select
        m.get_nonce()
        fd = os.open(m.get_status()["state_file"], os.O_RDWR)
        fcntl.flock(fd, fcntl.LOCK_EX)
        say("held")
        select.select([sys.stdin], [], [], 5)
    """
    other = children.start(state, holder)
    assert other.stdout is not None
    assert other.stdout.readline() == '"held"\n'
    waiter = """
        async def main():
            draws = asyncio.gather(*(m.get_nonce_async() for _ in range(20)))
            ticks = 0
            for _ in range(20):
                await asyncio.sleep(0.005)
                ticks += 1
                assert not draws.done()
            say(ticks)
            sys.stdin.readline()
            drawn = [int(nonce) for nonce in await draws]
            say(len(set(drawn)))
        asyncio.run(main())
    """
    child = children.start(state, waiter)
    assert child.stdout is not None
    assert child.stdout.readline() == "20\n"
    other.communicate("go\n", timeout=20)
    out, err = child.communicate("go\n", timeout=20)
    assert out == "20\n", err


def test_processes_share_it(state: Path, frozen: str) -> None:
    code = "say([int(m.get_nonce()) for _ in range(500)])"
    running = [children.start(state, code, FROZEN=frozen) for _ in range(3)]
    drawn = [json.loads(child.communicate(timeout=40)[0]) for child in running]
    assert all(increasing(mine) for mine in drawn)
    assert len(set(itertools.chain(*drawn))) == 1500


def test_a_forked_child_takes_part(state: Path, frozen: str) -> None:
    code = """
        drawn, stop = [], threading.Event()
        def hammer():
            while not stop.is_set():
                m.get_nonce("hammer")
        threading.Thread(target=hammer, daemon=True).start()
        reader, writer = os.pipe()
        for turn in range(4):
            m.get_nonce()
            pid = os.fork()
            if not pid:
                os.write(writer, b"".join(b"%d\\n" % int(m.get_nonce()) for _ in range(50)))
                os._exit(0)
            drawn += [int(m.get_nonce()) for _ in range(50)]
            os.waitpid(pid, 0)
        stop.set()
        drawn += map(int, os.read(reader, 1 << 20).split())
        say([len(drawn), len(set(drawn))])
    """
    assert children.run(state, code, FROZEN=frozen) == [400, 400]


def test_a_child_never_unlocks_what_its_parent_holds(state: Path) -> None:
    code = """
        import fcntl
        m.get_nonce()
        path = m.get_status()["state_file"]
        sequence = cnm._runtime.sequence
        sequence._enter(True)
        if not os.fork():
            os._exit(0)                                  # the fork hook has run in the child
        os.wait()
        other = os.open(path, os.O_RDWR)
        try:
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
            say("unlocked")
        except BlockingIOError:
            say("held")
    """
    assert children.run(state, code) == "held"


def test_the_module_s_coroutine_waits_beside_the_loop(manager: Manager) -> None:
    held, enough = threading.Event(), threading.Event()

    def hold() -> None:
        with cnm._runtime.lock:
            held.set()
            enough.wait(5)

    async def main() -> str:
        draw = asyncio.ensure_future(cnm.get_nonce_async())
        for _ in range(5):
            await asyncio.sleep(0.005)
            assert not draw.done()
        enough.set()
        return await draw

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait()
    started = time.monotonic()
    assert asyncio.run(main()).isdigit()
    assert time.monotonic() - started < 4
    holder.join()


def test_steps_of_the_clock(manager: Manager, monkeypatch: pytest.MonkeyPatch) -> None:
    real, drawn = time.time_ns, [int(manager.get_nonce())]
    for step in (-3600, 0, -7200, 60):
        monkeypatch.setattr(time, "time_ns", lambda step=step: real() + step * 10**9)
        drawn += [int(manager.get_nonce()) for _ in range(20)]
    monkeypatch.setattr(time, "time_ns", lambda: 10**9)
    drawn += [int(manager.get_nonce()) for _ in range(20)]
    assert increasing(drawn)


def test_the_end_of_the_number_space_is_an_error(
    manager: Manager, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager.get_nonce()
    cnm._runtime.sequence.raise_above((1 << 63) - 1)  # type: ignore[union-attr]
    with pytest.raises(cnm.NonceGenerationError, match="make a new key"):
        manager.get_nonce()

"""Any order of draws, threads, killed processes, clock steps and file faults: one sequence."""

from __future__ import annotations

import itertools
import os
import signal
import threading
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from nonce_migrate.vendored import consolidated_nonce_manager as cnm

Manager = cnm.ConsolidatedNonceManager
FILES = ("kraken_nonce_sequence.dat", "kraken_nonce_sequence.bak")


class Sequence(RuleBasedStateMachine):
    """`drawn`: what was issued, in the order of its return. Nothing ever goes back."""

    def __init__(self) -> None:
        super().__init__()
        self.manager = cnm.get_nonce_manager()
        self.offset = 0
        self.real = time.time_ns
        time.time_ns = lambda: self.real() + self.offset * 10**9
        self.drawn = [int(self.manager.get_nonce())]

    def teardown(self) -> None:
        time.time_ns = self.real

    @rule(name=st.sampled_from(["a", "b"]))
    def draw(self, name: str) -> None:
        self.drawn.append(int(self.manager.get_nonce(name)))
        assert self.drawn[-1] >= time.time_ns() // 1000 - 5_000_000

    @rule(count=st.integers(1, 50))
    def batch(self, count: int) -> None:
        self.drawn += self.manager.get_batch_nonces("batch", count)

    @rule(name=st.sampled_from(["a", "b", "new"]), back=st.none() | st.integers(0, 5))
    def recover(self, name: str, back: int | None) -> None:
        failed = None if back is None else self.drawn[-1 - min(back, len(self.drawn) - 1)]
        self.drawn.append(int(self.manager.recover_from_error(name, failed)))

    @rule(threads=st.integers(2, 4), each=st.integers(1, 20))
    def draw_in_threads(self, threads: int, each: int) -> None:
        drawn: list[list[int]] = [[] for _ in range(threads)]

        def work(mine: list[int]) -> None:
            mine.extend(int(self.manager.get_nonce("thread")) for _ in range(each))

        workers = [threading.Thread(target=work, args=(mine,)) for mine in drawn]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert all(mine == sorted(mine) and len(mine) == each for mine in drawn)
        self.drawn += sorted(itertools.chain(*drawn))

    @rule(nonces=st.integers(1, 30))
    def kill_a_process(self, nonces: int) -> None:
        """Reads so many nonces of a child, kills it wherever it is, and reads what it left."""
        reader, writer = os.pipe()
        child = os.fork()
        if not child:
            try:
                while True:
                    os.write(writer, b"%d\n" % int(self.manager.get_nonce("child")))
            finally:
                os._exit(1)
        os.close(writer)
        with os.fdopen(reader, "rb") as pipe:
            said = [pipe.readline() for _ in range(nonces)]
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            said += pipe.read().splitlines(keepends=True)
        self.drawn += [int(line) for line in said if line.endswith(b"\n")]

    @rule(seconds=st.integers(-(10**6), 1000))
    def step_the_clock(self, seconds: int) -> None:
        self.offset = seconds

    @rule()
    def restart(self) -> None:
        Manager.reset_instance()
        cnm._runtime._floors.clear()  # as in a new process: the files alone remember
        self.manager = cnm.get_nonce_manager()

    @rule(what=st.sampled_from(["fsync", "_pwrite"]), jump=st.booleans())
    def fail_to_write(self, what: str, jump: bool) -> None:
        """Draws while a sync or a write fails: an error or a nonce, and nothing lost after it."""

        def fail(*_: object) -> int:
            raise OSError(28, "No space left on device")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os if what == "fsync" else cnm, what, fail)
            try:
                if jump:
                    self.manager.reset_nonce_state(10)
                self.drawn.append(int(self.manager.get_nonce()))
            except cnm.NonceStateError as error:
                assert "No space left" in str(error)

    @precondition(lambda self: len(self.drawn) > 3)
    @rule(file=st.sampled_from(FILES), how=st.sampled_from(["delete", "zero", "flip", "cut"]))
    def lose_a_file(self, file: str, how: str) -> None:
        path = Path(self.manager.get_status()["state_file"]).with_name(file)
        if not path.is_file():
            return
        raw = bytearray(path.read_bytes())
        if how == "delete":
            path.unlink()
        elif how == "flip" and raw:
            raw[30] ^= 4
            path.write_bytes(raw)
        else:
            path.write_bytes(raw[: len(raw) // 2 if how == "cut" else 0])
        self.drawn.append(int(self.manager.get_nonce()))

    @invariant()
    def always_increasing(self) -> None:
        assert all(before < after for before, after in itertools.pairwise(self.drawn))


def test_any_order_of_operations(manager: Manager) -> None:
    Sequence.TestCase.settings = settings(
        max_examples=60,
        stateful_step_count=25,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    Sequence.TestCase().runTest()

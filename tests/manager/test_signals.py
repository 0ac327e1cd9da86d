"""Signal handlers: they may draw, save and raise between any two steps of a draw."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nonce_migrate.vendored import consolidated_nonce_manager as cnm

from . import children

Manager = cnm.ConsolidatedNonceManager

# `strikes(handler)` has the handler called again and again, each time after another short while.
_TIMER = """
import fcntl, itertools, random
dice = random.Random(5)
def strikes(handler):
    depth = 0
    def strike(*_):
        nonlocal depth
        depth += 1
        if depth < 4:  # a handler is interrupted, too
            signal.setitimer(signal.ITIMER_REAL, dice.uniform(2e-5, 6e-4))
            handler()
        depth -= 1
        signal.setitimer(signal.ITIMER_REAL, dice.uniform(2e-5, 6e-4))
    signal.signal(signal.SIGALRM, strike)
    signal.setitimer(signal.ITIMER_REAL, 1e-4)
def stop():
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    signal.setitimer(signal.ITIMER_REAL, 0)
"""


def test_handlers_that_draw(state: Path, frozen: str) -> None:
    # Beside another process, for the inner draw must not give back the lock of the outer one; and
    # with a clock that stands, which would hide it.
    code = """
inner, outer = [], []
def handler():
    inner.append(int(m.get_nonce("handler")))
    m.force_save() if len(inner) % 50 == 0 else None
m.get_nonce()
say("ready")
sys.stdin.readline()
strikes(handler)
end = time.monotonic() + 2
while time.monotonic() < end:
    outer.append(int(m.get_nonce("main")))
stop()
say([inner, outer, int(m.get_nonce())])
"""
    running = [children.start(state, _TIMER + code, FROZEN=frozen) for _ in range(2)]
    for child in running:
        assert child.stdout is not None
        assert child.stdout.readline() == '"ready"\n'
    for child in running:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    drawn = []
    for child in running:
        out, err = child.communicate(timeout=40)
        assert not err
        inner, outer, last = json.loads(out)
        assert outer == sorted(outer)
        assert len(inner) > 20
        assert last > max(inner + outer)
        drawn += [*inner, *outer, last]
    assert len(set(drawn)) == len(drawn)


def test_handlers_that_draw_while_files_are_opened_and_lost(state: Path) -> None:
    # In the window between opening a file and keeping its number, two of them came to be open,
    # one with the lock, and the process waited for itself.
    code = """
inner, outer = [], []
strikes(lambda: inner.append(int(m.get_nonce("handler"))))
end = time.monotonic() + 2
for turn in itertools.count():
    if time.monotonic() > end:
        break
    outer += [int(m.get_nonce("main")) for _ in range(3)]
    if turn % 3 == 0:
        m.close()
    elif turn % 3 == 1:
        for name in os.listdir(os.environ["NONCE_STATE_DIR"]):
            os.unlink(os.path.join(os.environ["NONCE_STATE_DIR"], name))
stop()
drawn = outer + inner
say([turn > 10, len(inner) > 10, len(drawn) - len(set(drawn)), outer == sorted(outer),
     len(os.listdir("/proc/self/fd")) < 20])
"""
    assert children.run(state, _TIMER + code) == [True, True, 0, True, True]


@pytest.mark.parametrize("busy", ["drawing", "opening"])
def test_handlers_that_raise(state: Path, busy: str) -> None:
    # After each: both locks are free, for a thread and for another process, and nothing is reused.
    code = f"""
class Interrupt(BaseException): ...
def handler():
    raise Interrupt
m.get_nonce()
path = m.get_status()["state_file"]
free, drawn, interrupts, probes = [], [], 0, 0
def probe():
    fd = os.open(path, os.O_RDWR)
    fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(fd)
    with cnm._runtime.lock:
        free.append(True)
end = time.monotonic() + 2
while time.monotonic() < end:
    try:
        signal.signal(signal.SIGALRM, lambda *_: handler())
        signal.setitimer(signal.ITIMER_REAL, dice.uniform(1e-5, 4e-4))
        while time.monotonic() < end:
            drawn.append(int(m.get_nonce("main")))
            m.close() if {busy!r} == "opening" else None
        stop()
    except Interrupt:
        interrupts += 1
    probes += 1
    thread = threading.Thread(target=probe, daemon=True)
    thread.start()
    thread.join(10)
say([interrupts > 20, len(free) == probes, drawn == sorted(set(drawn))])
"""
    assert children.run(state, _TIMER + code) == [True, True, True]


def test_a_handler_that_raises_in_the_async_draw(state: Path) -> None:
    code = """
class Interrupt(BaseException): ...
def handler(*_):
    raise Interrupt
async def draw():
    await m.get_nonce_async()
    drawn.append(int(m.get_nonce()))
free, drawn, interrupts, probes = [], [], 0, 0
def probe():
    with cnm._runtime.lock:
        free.append(True)
end = time.monotonic() + 1
while time.monotonic() < end:
    try:
        signal.signal(signal.SIGALRM, handler)
        signal.setitimer(signal.ITIMER_REAL, dice.uniform(1e-5, 2e-4))
        while time.monotonic() < end:
            coroutine = draw()
            try:
                coroutine.send(None)
            except (StopIteration, RuntimeError):
                pass
        stop()
    except Interrupt:
        interrupts += 1
    probes += 1
    thread = threading.Thread(target=probe, daemon=True)
    thread.start()
    thread.join(10)
say([interrupts > 20, len(free) == probes, drawn == sorted(set(drawn))])
"""
    assert children.run(state, _TIMER + code) == [True, True, True]


def test_draws_at_the_very_end_of_the_interpreter(state: Path) -> None:
    # No thread gets its turn any more when the module's objects are torn down.
    code = """
import atexit
class Last:
    def __del__(self, m=m, write=os.write):
        m.force_save()
        write(1, b"true\\n" if int(m.get_nonce()) > self.drawn else b"false\\n")
last = Last()
last.drawn = drawn = int(m.get_nonce())
def at_exit():
    m.close()
    say(int(m.get_nonce()) > drawn)
atexit.register(at_exit)
"""
    assert children.run(state, code) == [True, True]


def test_a_fork_that_cannot_open_the_files_says_so(state: Path) -> None:
    code = """
m.get_nonce()
reader, writer = os.pipe()
if not os.fork():
    path = m.get_status()["state_file"]
    os.unlink(path)
    os.mkdir(path)
    try:
        m.get_nonce()
    except cnm.NonceStateError as error:
        os.write(writer, str(error).encode())
    os._exit(0)
os.wait()
say(os.read(reader, 9999).decode())
"""
    assert "kraken_nonce_sequence.dat: Is a directory" in children.run(state, code)


def test_an_interrupted_draw_is_done_again_above_the_inner_one(manager: Manager) -> None:
    manager.get_nonce()
    sequence: Any = cnm._runtime.sequence
    enter: Callable[[bool], None] = sequence._enter
    inner: list[int] = []

    def interrupted(wait: bool) -> None:
        enter(wait)
        if not inner:
            inner.append(0)
            inner[0] = int(manager.get_nonce("handler"))

    sequence._enter = interrupted
    outer = int(manager.get_nonce("main"))
    del sequence._enter
    assert outer > inner[0]
    assert int(manager.get_nonce()) > outer


def test_a_draw_while_the_lock_is_given_back_leaves_it_free(manager: Manager) -> None:
    manager.get_nonce()
    sequence: Any = cnm._runtime.sequence
    release: Callable[[], object] = sequence._unlock
    inner: list[int] = []

    def interrupted() -> None:
        if not inner:
            inner.append(0)
            inner[0] = int(manager.get_nonce("handler"))
        release()

    sequence._unlock = interrupted
    outer = int(manager.get_nonce("main"))
    sequence._unlock = release
    assert inner[0] > outer
    seen = []
    enter: Callable[[bool], None] = sequence._enter
    with Path(manager.get_status()["state_file"]).open("rb+") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        fcntl.flock(file, fcntl.LOCK_UN)

        def watched(wait: bool) -> None:
            enter(wait)
            with pytest.raises(BlockingIOError):
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            seen.append(True)

        sequence._enter = watched
        assert int(manager.get_nonce()) > inner[0]
    del sequence._enter
    assert seen == [True]

"""Processes that are killed at random moments, and many that draw at once."""

from __future__ import annotations

import json
from array import array
from pathlib import Path

from . import children


def test_two_hundred_kills_and_nothing_is_reused(state: Path, frozen: str) -> None:
    # The clock stands, so nothing but the state can keep a new process above the dead ones; and
    # each is killed wherever it happens to be, its first start and the making of files included.
    code = """
        import random
        dice, drawn, lives, started = random.Random(11), [], 0, 0
        def live():
            reader, writer = os.pipe()
            pid = os.fork()
            if not pid:
                while True:
                    os.write(writer, b"%d\\n" % int(m.get_nonce("life")))
            os.close(writer)
            return pid, reader
        def end(pid, reader):
            head = os.read(reader, 1) if dice.random() < 0.5 else b""
            time.sleep(dice.uniform(0, 0.01))
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            with os.fdopen(reader, "rb") as pipe:
                return [int(line) for line in (head + pipe.read()).split(b"\\n")[:-1]]
        back = 0
        while lives < 200:
            highest = max(drawn, default=0)
            running = [live() for _ in range(dice.choice((1, 1, 2)))]
            for pid, reader in running:
                mine = end(pid, reader)
                back += mine != sorted(mine) or any(nonce <= highest for nonce in mine[:1])
                started += bool(mine)
                drawn += mine
                lives += 1
        say([len(drawn) - len(set(drawn)), back, started > 50, len(drawn) > 500])
    """
    assert children.run(state, code, FROZEN=frozen) == [0, 0, True, True]


def test_four_processes_draw_twenty_thousand_each_in_order(state: Path) -> None:
    # By one clock for all: whatever was returned before another draw began is below it.
    code = """
        from array import array
        times, clock, draw = array("q"), time.monotonic_ns, m.get_nonce
        draw()
        say("ready")
        sys.stdin.readline()
        for _ in range(20_000):
            begun = clock()
            nonce = int(draw("p"))
            times.extend((nonce, begun, clock()))
        with open(f"times-{os.getpid()}", "wb") as file:
            times.tofile(file)
    """
    running = [children.start(state, code) for _ in range(4)]
    for child in running:
        assert child.stdout is not None
        assert json.loads(child.stdout.readline()) == "ready"
    for child in running:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    for child in running:
        _, err = child.communicate(timeout=120)
        assert not err
    draws = []
    for path in state.parent.glob("times-*"):
        numbers = array("q", path.read_bytes())
        draws += list(zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True))
    assert len({nonce for nonce, _, _ in draws}) == len(draws) == 80_000
    latest_begin = out_of_order = 0
    for _, begun, ended in sorted(draws):
        out_of_order += ended < latest_begin
        latest_begin = max(latest_begin, begun)
    assert out_of_order == 0

"""The condition of a sequence, its rate, and what is wrong with it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from nonce_migrate.monitor.sequence import read_sequence
from nonce_migrate.monitor.status import Condition, Status, status_of
from tests.manager import children
from tests.monitor.bots import BAK, DAT, HOLDING, bot, killed, wait_until_stopped


def _status(state: Path, pause: float = 0.0) -> Status:
    earlier = read_sequence(state)
    time.sleep(pause)
    return status_of(earlier, read_sequence(state))


def test_the_rate_is_that_of_the_bot(state: Path) -> None:
    code = """
        say(int(m.get_nonce()))
        sys.stdin.readline()
        for _ in range(123):
            m.get_nonce()
        say("drawn")
        sys.stdin.readline()
    """
    with bot(state, code) as child:
        assert child.stdin is not None and child.stdout is not None
        earlier = read_sequence(state)
        child.stdin.write("\n")
        child.stdin.flush()
        child.stdout.readline()
        rate = status_of(earlier, read_sequence(state)).rate

    assert rate is not None
    assert rate.draws == 123
    assert rate.per_second == pytest.approx(123 / rate.seconds)


def test_a_healthy_bot(state: Path) -> None:
    with bot(state) as child:
        seen = _status(state, 0.2)

        assert seen.condition is Condition.OK
        assert seen.persistence_ok
        assert seen.rate is not None and seen.rate.draws > 0
        assert seen.lead_seconds is not None and -5 < seen.lead_seconds < 5
        assert seen.ceiling_above_last is not None and seen.ceiling_above_last >= 0
        assert seen.sharing is None or [p.pid for p in seen.sharing.processes] == [child.pid]


def test_a_recovery_is_seen(state: Path) -> None:
    code = "m.get_nonce()\nsay(int(m.recover_from_error()))\nsys.stdin.readline()"
    with bot(state, code):
        seen = _status(state)

    assert seen.recovered is not None
    assert seen.moved_since_recovery == 0
    assert seen.lead_seconds is not None and 50 < seen.lead_seconds <= 60


def test_nanoseconds_lead_at_their_own_scale(state: Path) -> None:
    code = "say(int(m.get_nonce()))\nsys.stdin.readline()"
    with bot(state, code, NONCE_FLOOR=str(time.time_ns())):
        seen = _status(state)

    assert seen.scale is not None and seen.scale.label == "ns"
    assert seen.lead_seconds is not None and -30 < seen.lead_seconds < 1
    assert any("in ns" in note for note in seen.notes)


def test_nothing_drawn_yet(state: Path) -> None:
    assert _status(state).condition is Condition.NONE


WRONGS: dict[str, tuple[Callable[[Path], object], str]] = {
    "state missing": (lambda state: (state / DAT).unlink(), "dat is missing"),
    "state damaged": (lambda state: (state / DAT).write_bytes(b"\xff" * 5000), "dat is damaged"),
    "state emptied": (lambda state: (state / DAT).write_bytes(b""), "dat is damaged"),
    "backup missing": (lambda state: (state / BAK).unlink(), "bak is missing"),
    "backup damaged": (lambda state: (state / BAK).write_bytes(b"\xff" * 5000), "bak is damaged"),
    "both": (
        lambda state: [(state / name).write_bytes(b"\xff" * 5000) for name in (DAT, BAK)],
        "no state file has a valid record",
    ),
}


@pytest.mark.parametrize("wrong", WRONGS)
def test_what_is_wrong_is_said(state: Path, wrong: str) -> None:
    killed(state)
    damage, said = WRONGS[wrong]
    damage(state)

    seen = _status(state)

    assert seen.condition is Condition.UNHEALTHY
    assert [problem for problem in seen.problems if said in problem]


def test_an_old_ceiling_is_noticed(state: Path) -> None:
    children.run(state, "m.get_nonce()\nsay(1)")
    old = (state / BAK).read_bytes()
    children.run(state, "m.get_nonce()\nm.recover_from_error()\nsay(1)")
    (state / BAK).write_bytes(old)

    seen = _status(state)

    assert seen.persistence_ok is False
    assert any("below the last nonce" in problem for problem in seen.problems)


def test_a_stopped_holder_of_the_lock_is_named(state: Path) -> None:
    with bot(state, HOLDING) as child:
        wait_until_stopped(child.pid)
        seen = _status(state)

    assert seen.condition is Condition.UNHEALTHY
    assert any(f"process {child.pid} is stopped" in problem for problem in seen.problems)

"""Recovery: one failure moves the sequence once, and nothing moves it back."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from nonce_migrate.vendored import consolidated_nonce_manager as cnm

from . import children

Manager = cnm.ConsolidatedNonceManager
JUMP = cnm.RECOVERY_BUFFER_US


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time_ns()
    monkeypatch.setattr(time, "time_ns", lambda: now)


def test_a_failure_jumps_beyond_the_sequence(manager: Manager) -> None:
    drawn = int(manager.get_nonce("a"))
    assert int(manager.recover_from_error("a")) == drawn + JUMP
    assert int(manager.get_nonce("a")) == drawn + JUMP + 1


def test_a_second_report_of_it_gets_the_next_nonce(manager: Manager) -> None:
    manager.get_nonce("a")
    manager.get_nonce("b")
    first = int(manager.recover_from_error("a"))
    reports = [manager.recover_from_error(name) for name in ("a", "b", "never drew", "a")]
    assert [int(report) - first for report in reports] == [1, 2, 3, 4]


def test_a_new_failure_jumps_however_soon_it_comes(manager: Manager) -> None:
    manager.get_nonce("a")
    first = int(manager.recover_from_error("a"))
    drawn = int(manager.get_nonce("a"))
    assert drawn == first + 1
    assert int(manager.recover_from_error("a")) == drawn + JUMP


def test_the_failed_nonce_decides_where_it_is_told(manager: Manager) -> None:
    old = manager.get_nonce("a")
    first = manager.recover_from_error("a", old)
    assert int(manager.recover_from_error("b", old)) == int(first) + 1
    # The nonce of the recovery itself was refused: the jump was not enough.
    second = int(manager.recover_from_error("b", failed_nonce=int(first)))
    assert second == int(first) + 1 + JUMP
    manager.get_nonce("a")
    assert int(manager.recover_from_error("a", old)) == second + 2


@pytest.mark.parametrize("failed", ["soon", "", "²", -1, 0, 1 << 62, True, 1.5, None])
def test_a_failed_nonce_that_was_never_issued_tells_nothing(
    manager: Manager, failed: object
) -> None:
    manager.get_nonce("a")
    first = int(manager.recover_from_error("a"))
    assert int(manager.recover_from_error("a", failed)) == first + 1  # type: ignore[arg-type]


def test_a_nonce_marked_as_refused_is_the_failed_one(manager: Manager) -> None:
    manager.get_nonce("a")
    first = manager.recover_from_error("a")
    manager.mark_nonce_failed("a", first, "EAPI:Invalid nonce")
    assert int(manager.recover_from_error("a")) == int(first) + JUMP


def test_a_mark_of_an_older_failure_does_not_hide_a_new_one(manager: Manager) -> None:
    manager.mark_nonce_failed("a", manager.get_nonce("a"), "EAPI:Invalid nonce")
    manager.recover_from_error("a")
    drawn = int(manager.get_nonce("a"))
    assert int(manager.recover_from_error("a")) == drawn + JUMP


def test_a_hundred_threads_move_it_once(manager: Manager) -> None:
    base = int(manager.get_nonce("c0"))
    gate, reports = threading.Barrier(100), []

    def report(number: int) -> None:
        gate.wait()
        reports.append(int(manager.recover_from_error(f"c{number % 7}")))

    threads = [threading.Thread(target=report, args=(number,)) for number in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(reports) == list(range(base + JUMP, base + JUMP + 100))
    assert manager.get_status()["error_recoveries"] == 100
    assert manager.get_status()["recovery_jumps"] == 1


def test_several_processes_move_it_once(state: Path, frozen: str) -> None:
    code = """
        m.get_nonce("a")
        say("ready")
        sys.stdin.readline()
        say(int(m.recover_from_error("a")))
    """
    running = [children.start(state, code, FROZEN=frozen) for _ in range(4)]
    for child in running:
        assert child.stdout is not None
        assert child.stdout.readline() == '"ready"\n'
    reports = sorted(int(child.communicate("go\n", timeout=40)[0]) for child in running)
    base = int(frozen) // 1000 + 3
    assert reports == list(range(base + JUMP, base + JUMP + 4))


def test_a_process_that_never_drew_reports_for_the_others(state: Path, frozen: str) -> None:
    drawn = children.run(state, 'say(int(m.get_nonce("a")))', FROZEN=frozen)
    report = 'say(int(m.recover_from_error("a")))'
    assert children.run(state, report, FROZEN=frozen) == drawn + JUMP
    assert children.run(state, report, FROZEN=frozen) == drawn + JUMP + 1


def test_it_stops_ten_minutes_ahead_and_says_why(
    manager: Manager, caplog: pytest.LogCaptureFixture
) -> None:
    moves = []
    for _ in range(12):
        before = int(manager.get_nonce("a"))
        moves.append(int(manager.recover_from_error("a")) - before)
    assert moves == [JUMP] * 10 + [1, 1]
    error = manager.get_status()["last_error"]
    assert "another program uses this API key" in error
    assert error in caplog.text


def test_it_never_goes_back_where_the_sequence_is_far_ahead(manager: Manager) -> None:
    manager.reset_nonce_state(86_400)
    before = int(manager.get_nonce("a"))
    assert int(manager.recover_from_error("a")) == before + 1


def test_other_names_of_it(manager: Manager) -> None:
    for recover in (manager.handle_invalid_nonce_error, manager.reset_nonce):
        drawn = int(manager.get_nonce("a"))
        assert int(recover("a")) == drawn + JUMP


def test_a_nonce_in_the_place_of_the_connection(manager: Manager) -> None:
    drawn = manager.get_nonce("a")
    with pytest.warns(DeprecationWarning, match="failed_nonce="):
        assert int(manager.handle_invalid_nonce_error(drawn)) == int(drawn) + JUMP
    assert drawn not in manager.get_status()["connection_stats"]

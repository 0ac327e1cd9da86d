"""Connections, status, and what the legacy systems had besides, with their old results."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import re
import time
from pathlib import Path

import pytest

from nonce_migrate.vendored import consolidated_nonce_manager as cnm

Manager = cnm.ConsolidatedNonceManager
KEY = "TESTKEYq9ZkPublic1234567890abcdefghijklmnopq"
SECRET = "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg=="


def test_status_counts_exactly_and_is_json(manager: Manager, state: Path) -> None:
    drawn = [manager.get_nonce("a") for _ in range(7)]
    manager.get_batch_nonces("b", 5)
    for nonce in drawn[:3]:
        manager.mark_nonce_success("a", nonce)
    manager.mark_nonce_failed("a", drawn[3], "EAPI:Invalid nonce")
    manager.recover_from_error("a")
    status = json.loads(json.dumps(manager.get_status()))
    assert status["total_generated"] == 13
    assert status["error_recoveries"] == 1
    assert status["active_connections"] == 2
    a = status["connection_stats"]["a"]
    assert (a["total_nonces"], a["successful"], a["failed"]) == (8, 3, 1)
    assert a["success_rate"] == 3 / 8
    assert status["time_until_current"] > 50
    assert status["state_file"] == str(state / "kraken_nonce_sequence.dat")
    assert status["version"] == "4.0.0"
    assert (status["backend"], status["persistence_ok"], status["last_error"]) == (
        "file",
        True,
        None,
    )
    assert status["uptime_seconds"] >= 0
    assert status["last_save"]
    assert not re.search(r"\d{16}", json.dumps(status).replace(str(state), ""))


def test_status_before_the_first_nonce_makes_nothing(manager: Manager, state: Path) -> None:
    status = manager.get_status()
    assert (status["current_nonce"], status["total_generated"]) == (None, 0)
    assert not state.exists()


def test_connections_are_an_lru_whose_totals_stay(manager: Manager) -> None:
    for number in range(1500):
        name = f"c{number}"
        nonce = manager.get_nonce(name)
        manager.mark_nonce_success(name, nonce)
        manager.mark_nonce_failed(name, nonce, "timeout")
        manager.get_nonce("kept")
    status = manager.get_status()
    assert status["active_connections"] == len(status["connection_stats"]) == 1024
    assert status["connection_stats"]["kept"]["total_nonces"] == 1500
    assert "c0" not in status["connection_stats"]
    assert status["total_generated"] == 3000
    assert (status["total_successful"], status["total_failed"]) == (1500, 1500)
    manager.cleanup_connection("c1499")
    assert manager.get_status()["total_successful"] == 1500


def test_stale_connections_go_by_themselves(
    manager: Manager, monkeypatch: pytest.MonkeyPatch
) -> None:
    cnm.get_nonce_manager(stale_after_seconds=7200)
    assert manager.get_status()["stale_after_seconds"] == 7200
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now)
    manager.get_nonce("old")
    now += 7100
    manager.get_nonce("new")
    assert manager.get_status()["active_connections"] == 2
    now += 200
    manager.get_nonce("new")
    assert list(manager.get_status()["connection_stats"]) == ["new"]
    assert manager.get_statistics()["auto_cleaned"] == 1


def test_registering_and_cleaning_up(manager: Manager) -> None:
    manager.register_connection("ws", error_handler=print)
    assert manager.get_connection_stats("ws")["total_nonces"] == 0
    assert manager.get_status()["active_connections"] == 1
    manager.cleanup_connection("ws")
    manager.remove_connection("never there")
    assert manager.get_status()["active_connections"] == 0


def test_connection_stats(manager: Manager) -> None:
    nonce = manager.get_nonce("ws")
    stats = manager.get_connection_stats("ws")
    assert stats["last_nonce"] == nonce
    assert stats["last_timestamp"][:2] == "20"
    assert list(stats) == [
        "connection_id",
        "total_nonces",
        "successful",
        "failed",
        "success_rate",
        "last_nonce",
        "last_timestamp",
    ]
    unknown = manager.get_connection_stats("nobody")
    assert (unknown["total_nonces"], unknown["success_rate"], unknown["last_nonce"]) == (0, 0, None)


def test_batches(manager: Manager) -> None:
    batch = manager.get_batch_nonces("new", 4)
    assert batch == list(range(batch[0], batch[0] + 4))
    assert manager.validate_nonce_sequence("new", batch)
    assert int(manager.get_nonce()) > batch[-1]
    assert manager.get_batch_nonces("new", 0) == []
    for count in (-1, 100_001, 1.5, "3", True):
        with pytest.raises(ValueError, match="count"):
            manager.get_batch_nonces("new", count)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("nonces", "valid"),
    [([], True), ([5], True), ([5, 6, 7], True), ([5, 7], False), ([5, 5], False), ([6, 5], False)],
)
def test_validating_a_sequence(manager: Manager, nonces: list[int], valid: bool) -> None:
    assert manager.validate_nonce_sequence("a", nonces) is valid


def test_validating_a_nonce(manager: Manager) -> None:
    now = time.time_ns() // 1000
    hour = 3_600_000_000
    assert manager.validate_nonce(manager.get_nonce())
    assert manager.validate_nonce(str(now - 23 * hour))
    for nonce in (now - 25 * hour, now + 2 * hour, now // 1000, "soon", ""):
        assert not manager.validate_nonce(str(nonce))


def test_resets_move_forward(manager: Manager, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time_ns()
    monkeypatch.setattr(time, "time_ns", lambda: now)
    drawn = int(manager.get_nonce())
    manager.reset_connection("a")
    assert int(manager.get_nonce()) == drawn + 10_001
    manager.reset_nonce_state()
    assert int(manager.get_nonce()) == drawn + 60_010_002
    manager.reset_nonce_state(buffer_seconds=0.5)
    assert int(manager.get_nonce()) == drawn + 60_510_003
    for seconds in (-1, 86_401, float("nan"), True):
        with pytest.raises(ValueError, match="buffer_seconds"):
            manager.reset_nonce_state(seconds)


def test_statistics_of_system_1(manager: Manager) -> None:
    before = time.time()
    nonce = manager.get_nonce("a")
    manager.get_batch_nonces("b", 2)
    manager.remove_connection("b")
    manager.reset_connection("a")
    statistics = manager.get_statistics()
    assert statistics["total_nonces"] == 4
    assert statistics["active_connections"] == 1
    assert statistics["connections"]["a"]["count"] == statistics["connection_a"] == 2
    assert statistics["connections"]["a"]["current_nonce"] >= int(nonce) + 10_000
    assert before - 1 <= statistics["connections"]["a"]["last_access"] <= time.time() + 1
    assert (statistics["resets"], statistics["batch_operations"]) == (1, 1)
    assert (statistics["removed_connections"], statistics["auto_cleaned"]) == (1, 0)
    assert {"base_nonce", "time_jumps"} < statistics.keys()


def test_auth_status_of_system_3(manager: Manager, state: Path) -> None:
    cnm.get_nonce_manager(KEY)
    nonce = int(manager.get_nonce())
    status = manager.get_auth_status()
    assert status["last_nonce"] == nonce
    assert re.fullmatch("[0-9a-f]{16}", status["api_key_hash"])
    assert status["counter"] == 1
    assert status["time_diff_us"] == nonce - status["current_time_us"]
    assert status["nonce_file"] == str(state / "kraken_nonce_sequence.dat")
    assert status["file_exists"] is True
    assert status["version"] == "4.0.0"
    assert abs(status["last_saved"] - time.time()) < 60


def test_the_coordinator_of_system_4(manager: Manager) -> None:
    nonce = manager.get_auth_nonce("ws")
    assert isinstance(nonce, str)
    message = manager.create_auth_message("ws", "token")
    assert int(message.pop("reqid")) > int(nonce)
    assert message == {
        "event": "subscribe",
        "subscription": {"name": "ownTrades", "token": "token"},
    }
    everything = manager.get_all_stats()
    assert everything["active_connections"] == 1
    assert everything["connections"]["ws"]["total_nonces"] == 2
    assert everything["nonce_manager_stats"]["total_nonces"] == 2


@pytest.mark.parametrize("code", ["EOrder:Invalid nonce", "EAPI:Invalid nonce"])
def test_an_invalid_nonce_is_retried_with_a_jump(manager: Manager, code: str) -> None:
    nonce = manager.get_nonce("ws")
    answer = manager.handle_nonce_error("ws", nonce, code)
    assert (answer["action"], answer["reset"]) == ("retry", True)
    assert int(answer["new_nonce"]) >= int(nonce) + cnm.RECOVERY_BUFFER_US
    assert manager.get_connection_stats("ws")["failed"] == 1


def test_other_nonce_errors(manager: Manager) -> None:
    nonce = manager.get_nonce("ws")
    answer = manager.handle_nonce_error("ws", nonce, "Already seen nonce")
    assert (answer["action"], answer["reset"]) == ("retry", False)
    assert int(nonce) < int(answer["new_nonce"]) < int(nonce) + cnm.RECOVERY_BUFFER_US
    answer = manager.handle_nonce_error("never seen", 5, "EGeneral:Internal error")
    assert answer == {"action": "escalate", "error": "EGeneral:Internal error"}


def test_the_health_monitor(manager: Manager, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(11):
        manager.get_nonce("poor")
        nonce = manager.get_nonce("good")
        manager.mark_nonce_success("good", nonce)

    async def watch() -> None:
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(manager.monitor_nonce_health(interval=0.01), 0.1)

    asyncio.run(watch())
    assert "poor" in caplog.text
    assert "good" not in caplog.text


def test_the_with_statement_saves(manager: Manager) -> None:
    with manager as same:
        assert same is manager
        before = int(manager.get_nonce())
    manager.cleanup()
    cnm.NonceManager.cleanup_all_instances()
    manager.close()
    assert int(manager.get_nonce()) > before


def test_the_self_tests(manager: Manager) -> None:
    results = manager.test_enhanced_nonce_system()
    assert results["unified_manager_test"]["sequence_valid"] is True
    assert results["integration_test"]["enhanced_nonces_generated"] == 3
    assert results["nonce_fixer_test"]["success"] is False
    cnm.get_nonce_manager(KEY, SECRET)
    assert manager.test_enhanced_nonce_system()["nonce_fixer_test"]["sequence_increasing"] is True
    assert cnm.KrakenNonceFixer(KEY, SECRET).test_nonce_fix()["nonces_generated"] == 10


class Socket:
    def __init__(self) -> None:
        self.sent: list[str] = []
        self.closed = False

    async def send(self, text: str) -> None:
        self.sent.append(text)

    async def close(self) -> None:
        self.closed = True


def test_the_websocket_wrapper(manager: Manager) -> None:
    socket = Socket()
    wrapper = cnm.NonceWebSocketWrapper(socket, manager)

    async def use() -> None:
        await wrapper.send_authenticated({"event": "subscribe"})
        await wrapper.send_authenticated({"event": "subscribe", "reqid": 5})
        await wrapper.send_authenticated({"event": "ping"})
        await wrapper.close()

    asyncio.run(use())
    first, second, third = (json.loads(text) for text in socket.sent)
    assert int(first["reqid"]) > 10**15
    assert second["reqid"] == 5
    assert third == {"event": "ping"}
    assert socket.closed
    assert manager.get_status()["active_connections"] == 0


class Coordinator:
    """Not the manager: a test double, or a coordinator of the bot's own."""

    def __init__(self, *, coroutine: bool) -> None:
        self.coroutine = coroutine
        self.known: list[str] = []

    def register_connection(self, connection_id: str) -> None:
        self.known.append(connection_id)

    def cleanup_connection(self, connection_id: str) -> None:
        self.known.remove(connection_id)

    def get_auth_nonce(self, connection_id: str) -> object:
        async def later() -> int:
            return 7

        return later() if self.coroutine else 7


@pytest.mark.parametrize("coroutine", [True, False])
def test_the_websocket_wrapper_over_another_coordinator(coroutine: bool) -> None:
    socket, coordinator = Socket(), Coordinator(coroutine=coroutine)
    wrapper = cnm.NonceWebSocketWrapper(socket, coordinator)

    async def use() -> None:
        await wrapper.send_authenticated({"event": "subscribe"})
        assert coordinator.known == [wrapper.connection_id]
        await wrapper.close()

    asyncio.run(use())
    assert json.loads(socket.sent[0]) == {"event": "subscribe", "reqid": 7}
    assert coordinator.known == []


def test_logs_and_repr_hold_no_nonce_and_no_secret(
    manager: Manager, caplog: pytest.LogCaptureFixture, state: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    cnm.get_nonce_manager(KEY, SECRET)
    for _ in range(300):
        manager.get_nonce("a")
    manager.recover_from_error("a")
    manager.handle_nonce_error("a", manager.get_nonce("a"), "EAPI:Invalid nonce")
    manager.force_save()
    (state / "kraken_nonce_sequence.dat").unlink()
    manager.get_nonce("a")
    Manager.reset_instance()
    cnm.get_nonce()
    assert "jumped" in caplog.text
    shown = caplog.text + repr(manager) + str(manager)
    assert not re.search(r"(?<!\d)\d{15,20}(?!\d)", shown.replace(str(state), ""))
    assert KEY not in shown
    assert SECRET[:16] not in shown

"""The counter in Redis, against a real server."""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import itertools
import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from nonce_migrate.vendored import consolidated_nonce_manager as cnm

from . import children

Manager = cnm.ConsolidatedNonceManager
_MISSING = [
    what
    for what, found in {
        "the binary redis-server": shutil.which("redis-server"),
        "the package redis": importlib.util.find_spec("redis"),
    }.items()
    if not found
]


class Server:
    """A Redis on a port of its own; without options it keeps nothing on disk."""

    def __init__(self, folder: Path, *options: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.folder, self.options = folder, options
        self.start()

    def start(self) -> None:
        options = f"--port {self.port} --bind 127.0.0.1 --dir {self.folder}"
        self.process = subprocess.Popen(
            ["redis-server", *options.split(), "--save", "", *self.options],
            stdout=subprocess.DEVNULL,
        )
        for _ in range(500):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.01)
        raise AssertionError("redis-server does not answer")

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


Serve = Callable[..., Server]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Starts servers with those options."""
    if _MISSING:
        if os.environ.get("NONCE_MIGRATE_REQUIRE_SERVERS") == "1":
            pytest.fail(f"missing: {', '.join(_MISSING)}")
        pytest.skip(f"missing: {', '.join(_MISSING)}")
    running = []

    def start(*options: str) -> Server:
        running.append(Server(tmp_path, *options))
        return running[-1]

    yield start
    for server in running:
        server.stop()


@pytest.fixture
def server(serve: Serve) -> Server:
    return serve()


def client(server: Server) -> Any:
    return importlib.import_module("redis").Redis.from_url(server.url)


@pytest.fixture
def shared(server: Server, manager: Manager, monkeypatch: pytest.MonkeyPatch) -> Manager:
    monkeypatch.setenv("NONCE_REDIS_URL", server.url)
    return manager


def test_it_counts_from_the_server_s_clock(shared: Manager, state: Path) -> None:
    before = time.time_ns() // 1000
    drawn = [int(shared.get_nonce()), int(shared.get_next_nonce())]
    drawn += shared.get_batch_nonces("b", 3)
    drawn += [int(asyncio.run(shared.get_nonce_async())), int(shared.recover_from_error())]
    assert before <= drawn[0] < before + 5_000_000
    assert all(a < b for a, b in itertools.pairwise(drawn))
    assert drawn[3:5] == [drawn[2] + 1, drawn[2] + 2]
    status = shared.get_status()
    assert (status["backend"], status["persistence_ok"]) == ("redis", True)
    assert not state.exists()


def test_recovery_moves_it_once(shared: Manager) -> None:
    drawn = int(shared.get_nonce("a"))
    first = int(shared.recover_from_error("a"))
    assert first >= drawn + cnm.RECOVERY_BUFFER_US
    assert int(shared.recover_from_error("b", drawn)) == first + 1
    assert int(shared.recover_from_error("a")) == first + 2
    assert int(shared.recover_from_error("a", first)) == first + 2 + cnm.RECOVERY_BUFFER_US
    for _ in range(12):
        shared.get_nonce("a")
        shared.recover_from_error("a")
    assert "larger scale" in shared.get_status()["last_error"]
    shared.reset_nonce_state(60)
    assert int(shared.get_nonce()) < time.time_ns() // 1000 + 800_000_000


@pytest.mark.parametrize("digits", [17, 18, 19])
def test_numbers_beyond_a_double_are_exact(
    shared: Manager, monkeypatch: pytest.MonkeyPatch, digits: int
) -> None:
    floor = min(int("1" + "7" * (digits - 1)), time.time_ns())
    monkeypatch.setenv("NONCE_FLOOR", str(floor))
    assert [int(shared.get_nonce()) for _ in range(3)] == [floor + 1, floor + 2, floor + 3]
    assert shared.get_batch_nonces("b", 2) == [floor + 4, floor + 5]


def test_processes_and_forks_share_it(server: Server, state: Path) -> None:
    code = """
        m.get_nonce()
        reader, writer = os.pipe()
        pid = os.fork()
        drawn = [int(m.get_nonce()) for _ in range(200)]
        if not pid:
            os.write(writer, json.dumps(drawn).encode())
            os._exit(0)
        os.close(writer)
        say([drawn, json.loads(os.fdopen(reader).read())])
    """
    running = [children.start(state, code, NONCE_REDIS_URL=server.url) for _ in range(2)]
    drawn = [json.loads(child.communicate(timeout=40)[0]) for child in running]
    each = [mine for pair in drawn for mine in pair]
    assert all(mine == sorted(mine) for mine in each)
    assert len(set(itertools.chain(*each))) == 800


def test_a_server_that_lost_its_data_cannot_take_it_back(server: Server, shared: Manager) -> None:
    shared.reset_nonce_state(3600)
    before = int(shared.get_nonce())
    server.stop()
    with pytest.raises(cnm.NonceStateError, match="Redis at redis://127"):
        shared.get_nonce()
    assert shared.get_status()["persistence_ok"] is False
    server.start()
    assert int(shared.get_nonce()) == before + 1
    assert shared.get_status()["persistence_ok"] is True


def test_a_flush_cannot_take_it_back(server: Server, shared: Manager) -> None:
    shared.reset_nonce_state(3600)
    before = int(shared.get_nonce())
    assert client(server).flushall()
    assert int(shared.get_nonce()) == before + 1


def test_a_failover_to_an_older_copy_cannot_take_it_back(server: Server, shared: Manager) -> None:
    shared.reset_nonce_state(3600)
    copy = client(server).hgetall("kraken-nonce-sequence")
    drawn = [int(shared.get_nonce()) for _ in range(5)]
    client(server).hset("kraken-nonce-sequence", mapping=copy)
    assert int(shared.get_nonce()) == drawn[-1] + 1


def test_a_server_that_keeps_its_data_is_enough_for_a_new_process(
    serve: Serve, state: Path
) -> None:
    server = serve("--appendonly", "yes", "--appendfsync", "always")
    code = "m.reset_nonce_state(3600); say(int(m.get_nonce()))"
    before = children.run(state, code, NONCE_REDIS_URL=server.url)
    server.stop()
    server.start()
    draw = "say(int(m.get_nonce()))"
    assert children.run(state, draw, NONCE_REDIS_URL=server.url) == before + 1


def test_a_wrong_password_is_an_error_that_does_not_show_it(
    serve: Serve, manager: Manager, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve("--requirepass", "right")
    monkeypatch.setenv("NONCE_REDIS_URL", server.url.replace("//", "//:mistaken@"))
    with pytest.raises(cnm.NonceStateError, match="Redis at redis://127") as caught:
        manager.get_nonce()
    assert "mistaken" not in str(caught.value) + json.dumps(manager.get_status())
    Manager.reset_instance()
    monkeypatch.setenv("NONCE_REDIS_URL", server.url.replace("//", "//:right@"))
    assert int(cnm.get_nonce()) > 10**15


def test_it_starts_above_the_state_files_and_the_legacy_state(
    server: Server, manager: Manager, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager.reset_nonce_state(3600)
    before = int(manager.get_nonce())
    Manager.reset_instance()
    monkeypatch.setenv("NONCE_REDIS_URL", server.url)
    assert int(cnm.get_nonce()) > before


def test_unreachable_is_an_error_within_a_bounded_time(
    manager: Manager, monkeypatch: pytest.MonkeyPatch
) -> None:
    if importlib.util.find_spec("redis") is None:
        pytest.skip("missing: the package redis")
    monkeypatch.setenv("NONCE_VOLATILE", "1")  # which is no leave to guess
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(1)  # it accepts and never answers
        port = silent.getsockname()[1]
        monkeypatch.setenv("NONCE_REDIS_URL", f"redis://:secret@127.0.0.1:{port}/0")
        started = time.monotonic()
        with pytest.raises(cnm.NonceStateError, match="Redis at") as caught:
            manager.get_nonce()
        assert time.monotonic() - started < 5
    assert "secret" not in str(caught.value) + json.dumps(manager.get_status())


@pytest.mark.parametrize("url", ["http://x", "nonsense", "redis://host:port"])
def test_an_address_that_is_none(
    manager: Manager, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("NONCE_REDIS_URL", url)
    with pytest.raises(cnm.NonceStateError, match="redis"):
        manager.get_nonce()


def test_without_the_package_the_cure_is_named(state: Path) -> None:
    code = """
        sys.modules["redis"] = None
        try:
            m.get_nonce()
        except cnm.NonceStateError as error:
            say(str(error))
    """
    message = children.run(state, code, NONCE_REDIS_URL="redis://127.0.0.1:1/0")
    assert "install the package" in message

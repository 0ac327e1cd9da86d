"""One key, many senders, some of them killed: the fixture bot's Kraken may refuse nothing.

    NONCE_MIGRATE_STRESS_SECONDS=60 python -m pytest -n 0 -s tests/manager/test_one_key.py

A process can die when its request is in the network. Its lock is free at once, and a later nonce
could arrive before the dead one's; so the network here takes its time, as a real one does.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import random
import socket
import socketserver
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest

from . import children

BOT = Path(__file__).parents[2] / "fixtures" / "legacy_bot"
SECONDS = float(os.environ.get("NONCE_MIGRATE_STRESS_SECONDS", "8"))

_SENDERS = """
m = cnm.get_nonce_manager(os.environ["KEY"], os.environ["SECRET"])
cnm._SETTLE_S = float(os.environ.get("SETTLE", cnm._SETTLE_S))
async def calls(name):
    while True:
        await m.make_authenticated_api_call("/0/private/Balance", connection_id=name)
async def several(name):
    await asyncio.gather(*(calls(f"{name}-{number}") for number in range(4)))
def run(what, name):
    threading.Thread(target=lambda: asyncio.run(what(name))).start()
"""
_CROWD = """
for number in range(8):
    run(calls, f"thread-{number}")
for number in range(2):
    run(several, f"loop-{number}")
signal.pause()
"""
_ONE = """
run(calls, "alone")
signal.pause()
"""


class Network(socketserver.ThreadingTCPServer):
    """Carries each request to the Kraken after a while of its own, whether its sender still lives
    or not."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", 0), Carrier)
        self.kraken = ("127.0.0.1", port)
        self.dice = random.Random(3)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A sender that has gone is no error here."""


class Carrier(socketserver.BaseRequestHandler):
    server: Network
    request: socket.socket
    longest: ClassVar[float] = 0.5

    def handle(self) -> None:
        time.sleep(min(self.server.dice.expovariate(1 / 0.04), self.longest))
        sent = b""
        while b"\r\n\r\n" not in sent:
            sent += self.request.recv(65536) or b"\r\n\r\n"
        with socket.create_connection(self.server.kraken) as kraken:
            kraken.sendall(sent)
            while part := kraken.recv(65536):
                self.request.sendall(part)


@contextlib.contextmanager
def exchange(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Any, str, dict[str, str]]]:
    """The ledger of the fixture bot's Kraken, the address of the network before it, and a key."""
    monkeypatch.syspath_prepend(str(BOT))
    mock = importlib.import_module("mock_exchange")
    with mock.MockKraken() as kraken, Network(int(kraken.url.rpartition(":")[2])) as network:
        threading.Thread(target=network.serve_forever, args=(0.02,), daemon=True).start()
        key = {"KEY": mock.DEMO_KEY, "SECRET": mock.DEMO_SECRET}
        yield kraken.ledger, f"http://127.0.0.1:{network.server_address[1]}", key
        network.shutdown()
    for name in [name for name in sys.modules if name.partition(".")[0] == "mock_exchange"]:
        del sys.modules[name]


def is_under_way(state: Path) -> bool:
    """Whether the file of the key says that a request's answer has not been seen."""
    return any(
        struct.unpack("<d", path.read_bytes()[:8].ljust(8, b"\0"))[0] > 0
        for path in state.glob("kraken_call_*.lock")
    )


def test_nothing_is_refused(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(7)
    kills = killed_under_way = 0
    with exchange(monkeypatch) as (ledger, url, key):

        def start(code: str) -> subprocess.Popen[str]:
            return children.start(state, _SENDERS + code, KRAKEN_API_URL=url, **key)

        codes = [_CROWD, _ONE, _ONE, _ONE]
        running = [start(code) for code in codes]
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            time.sleep(dice.uniform(0.05, 1.0))
            number = dice.randrange(len(running))
            running[number].kill()
            _, err = running[number].communicate()
            assert not err
            kills += 1
            killed_under_way += is_under_way(state)
            running[number] = start(codes[number])
        for child in running:
            child.kill()
            child.communicate()
        time.sleep(0.5)  # what is in the network still arrives
        stats = ledger.stats()
    print(f"{stats}, {kills} killed, {killed_under_way} with a request under way or settling")
    assert stats["rejected"] == {}
    assert stats["accepted"] > 2 * SECONDS
    assert kills >= SECONDS

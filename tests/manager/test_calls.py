"""The signed call, against a Kraken on loopback."""

from __future__ import annotations

import asyncio
import base64
import fcntl
import socket
import threading
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from nonce_migrate.vendored import consolidated_nonce_manager as cnm

from . import children
from .kraken import KEY, OK, SECRET, Kraken

Manager = cnm.ConsolidatedNonceManager
BALANCE, ORDER = "/0/private/Balance", "/0/private/AddOrder"
INVALID = {"error": ["EAPI:Invalid nonce"]}
LIMITED = {"error": ["EAPI:Rate limit exceeded"]}

Serve = Callable[..., Kraken]


@pytest.fixture
def serve(manager: Manager, monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Starts a Kraken and points the manager at it; pauses between tries are cut short."""
    servers = []
    real = asyncio.sleep

    async def short(delay: float, result: object = None) -> None:
        await real(min(delay, 0.001))

    def start(*script: Any, slow: float = 0.0) -> Kraken:
        servers.append(Kraken(script or (OK,), slow))
        cnm.get_nonce_manager(KEY, SECRET).api_url = servers[-1].url
        return servers[-1]

    monkeypatch.setattr(asyncio, "sleep", short)
    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def call(path: str = BALANCE, params: dict[str, Any] | None = None, **options: Any) -> Any:
    manager = cnm.get_nonce_manager()
    return asyncio.run(manager.make_authenticated_api_call(path, params, **options))


def test_the_vector_of_kraken_s_documentation() -> None:
    body = b"nonce=1616492376594&ordertype=limit&pair=XBTUSD&price=37500&type=buy&volume=1.25"
    signed = cnm._signature(base64.b64decode(SECRET), ORDER, 1616492376594, body)
    assert signed == (
        "4/dpxb3iT4tp/ZCVEwSnEsLxx0bqyhLpdfOpc6fn7OR8+UClSV5n9E6aSS8MPtnRfp32bAb0nmbRn6H8ndwLUQ=="
    )


def test_a_call_is_signed_and_its_answer_returned(serve: Serve) -> None:
    server = serve()
    assert call(ORDER, {"pair": "XBTUSD", "price": "37500"}, otp="123 456") == OK
    [request] = server.requests
    assert request["signed"]
    assert request["path"] == ORDER
    assert request["fields"]["otp"] == "123 456"
    assert request["body"].startswith(b"nonce=")
    assert request["headers"]["User-Agent"].startswith("consolidated-nonce-manager/")


def test_a_json_body_is_signed_as_it_is_sent(serve: Serve) -> None:
    server = serve()
    orders = [{"ordertype": "limit", "price": "1"}]
    path = "/0/private/AddOrderBatch"
    assert call(path, {"orders": orders, "pair": "XBTUSD"}, json_body=True, otp="1") == OK
    [request] = server.requests
    assert request["signed"]
    assert request["fields"]["orders"] == orders
    assert request["fields"]["otp"] == "1"


def test_values_reach_kraken_as_it_reads_them(serve: Serve) -> None:
    server = serve()
    values = {
        "volume": Decimal("1E-8"),
        "price": 0.00001,
        "validate": True,
        "userref": 7,
        "txid": ["A", "B"],
        "none": None,
        "nonce": "1",
        "text": "a&b=ü",
    }
    call(ORDER, values)
    fields = server.requests[0]["fields"]
    assert server.requests[0]["signed"]
    assert int(fields.pop("nonce")) > 10**15
    assert fields == {
        "volume": "0.00000001",
        "price": "0.00001",
        "validate": "true",
        "userref": "7",
        "txid": "A,B",
        "text": "a&b=ü",
    }
    assert values["nonce"] == "1"


@pytest.mark.parametrize("value", [{"a": 1}, [{"a": 1}], object()])
def test_a_value_that_fits_no_form_is_refused_before_anything_is_sent(
    serve: Serve, value: object
) -> None:
    server = serve()
    with pytest.raises(TypeError, match="json_body=True"):
        call(ORDER, {"orders": value})
    assert server.requests == []


@pytest.mark.parametrize(
    "path", ["Balance", "/0/public/Time", "/0/private/", "/0/private/A\r\nX: y", "/0/private/A?x=1"]
)
def test_a_path_that_is_no_private_endpoint_is_refused(serve: Serve, path: str) -> None:
    server = serve()
    with pytest.raises(ValueError, match="private endpoint"):
        call(path)
    assert server.requests == []


def test_a_warning_comes_with_its_result(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    answer = {"error": ["WGeneral:Danger"], "result": {"ok": "1"}}
    serve(answer)
    assert call() == answer
    assert "WGeneral:Danger" in caplog.text


def test_an_invalid_nonce_is_recovered_from(serve: Serve, manager: Manager) -> None:
    server = serve(INVALID, OK)
    assert call() == OK
    first, second = server.nonces
    assert second >= first + cnm.RECOVERY_BUFFER_US
    assert all(request["signed"] for request in server.requests)
    assert manager.get_status()["recovery_jumps"] == 1


def test_an_invalid_nonce_for_ever_is_given_up(serve: Serve) -> None:
    server = serve(INVALID)
    with pytest.raises(cnm.KrakenInvalidNonceError, match="nonce") as caught:
        call()
    assert caught.value.errors == ["EAPI:Invalid nonce"]
    assert len(server.requests) == 5
    assert server.rejected == 0


@pytest.mark.parametrize(
    ("answer", "error"),
    [(INVALID, cnm.KrakenInvalidNonceError), (LIMITED, cnm.KrakenRateLimitError)],
)
def test_an_order_is_sent_again_only_where_the_caller_allows_it(
    serve: Serve, answer: dict[str, Any], error: type[Exception]
) -> None:
    server = serve(answer, OK)
    with pytest.raises(error):
        call(ORDER)
    assert len(server.requests) == 1
    again = serve(answer, OK)
    assert call(ORDER, retry_order=True) == OK
    assert len(again.requests) == 2


def test_a_cancellation_refused_for_its_nonce_is_sent_again(serve: Serve) -> None:
    server = serve(INVALID, OK)
    assert call("/0/private/CancelAll") == OK
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "error",
    [
        "EGeneral:Temporary lockout",
        "EAPI:Invalid key",
        "EAPI:Invalid signature",
        "EOrder:Insufficient funds",
        "EGeneral:Invalid arguments",
        "EGeneral:Permission denied",
    ],
)
@pytest.mark.parametrize("path", [BALANCE, ORDER])
def test_a_final_error_is_sent_once(serve: Serve, error: str, path: str) -> None:
    server = serve({"error": [error]})
    with pytest.raises(cnm.KrakenAPIError, match=error) as caught:
        call(path, retry_order=True)
    assert caught.value.errors == [error]
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("error", "kind", "advice"),
    [
        ("EGeneral:Permission denied", cnm.KrakenPermissionError, "permissions"),
        ("EAPI:Invalid key", cnm.KrakenPermissionError, "permissions"),
        ("EAPI:Invalid signature", cnm.KrakenPermissionError, "permissions"),
        ("EGeneral:Temporary lockout", cnm.KrakenLockoutError, "15 minutes"),
        ("EAPI:Rate limit exceeded", cnm.KrakenRateLimitError, "fewer requests"),
        ("EAPI:Invalid nonce", cnm.KrakenInvalidNonceError, "another program"),
        ("EService:Unavailable", cnm.KrakenUnknownOutcomeError, "query first"),
        ("EOrder:Insufficient funds", cnm.KrakenAPIError, "API errors"),
    ],
)
def test_an_error_has_its_class_and_says_what_to_do_next(
    serve: Serve, error: str, kind: type[Exception], advice: str
) -> None:
    serve({"error": [error]})
    with pytest.raises(kind, match=f"{error}.*{advice}") as caught:
        call(ORDER)
    assert type(caught.value) is kind


def test_a_lockout_stops_all_calls_of_the_key_for_fifteen_minutes(
    serve: Serve, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve({"error": ["EGeneral:Temporary lockout"]}, OK)
    with pytest.raises(cnm.KrakenLockoutError):
        call()
    with pytest.raises(cnm.KrakenLockoutError, match=r"for (900|899) s more"):
        call()
    code = f"""
        m = cnm.get_nonce_manager({KEY!r}, {SECRET!r})
        try:
            asyncio.run(m.make_authenticated_api_call({BALANCE!r}))
        except cnm.KrakenLockoutError as error:
            say("stopped")
    """
    assert children.run(state, code, KRAKEN_API_URL=server.url) == "stopped"
    assert len(server.requests) == 1
    real = time.time
    with monkeypatch.context() as later:
        later.setattr(time, "time", lambda: real() + 901)
        assert call() == OK
    assert call() == OK  # an answer of Kraken's ends it


def test_a_call_told_to_ignore_a_lockout_is_sent(serve: Serve) -> None:
    server = serve({"error": ["EGeneral:Temporary lockout"]}, OK)
    with pytest.raises(cnm.KrakenLockoutError):
        call()
    assert call(ignore_lockout=True) == OK
    assert len(server.requests) == 2


def test_pauses_grow_and_are_not_all_alike(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    serve(LIMITED)
    pauses: list[float] = []

    async def note(delay: float, result: object = None) -> None:
        pauses.append(delay)

    monkeypatch.setattr(asyncio, "sleep", note)
    with pytest.raises(cnm.KrakenRateLimitError):
        call()
    assert all(1.5 * 2**n <= pause <= 2.5 * 2**n for n, pause in enumerate(pauses))
    assert len(pauses) == 4
    assert pauses[1] != 2 * pauses[0]


@pytest.mark.parametrize(
    "answer",
    [
        LIMITED,
        {"error": ["EService:Throttled: 1790000000"]},
        {"error": ["EService:Unavailable"]},
        {"error": ["EService:Busy"]},
        (502, "<html>Bad gateway</html>"),
        (429, "slow down"),
        (200, "not JSON"),
        (200, "[]"),
        "reset",
    ],
)
def test_a_read_is_tried_again(serve: Serve, answer: Any) -> None:
    server = serve(answer, answer, OK)
    assert call() == OK
    assert len(server.requests) == 3
    assert server.nonces == sorted(set(server.nonces))


@pytest.mark.parametrize(
    "answer",
    ["reset", "hang", (502, "<html>"), (200, "{"), {"error": ["EService:Unavailable"]}],
)
def test_an_order_whose_outcome_is_not_known_is_never_sent_again(serve: Serve, answer: Any) -> None:
    server = serve(answer, OK)
    with pytest.raises(cnm.KrakenUnknownOutcomeError, match="not known"):
        call(ORDER, {"pair": "XBTUSD"}, timeout=0.3, retry_order=True)
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [301, 403, 404])
def test_a_refusal_without_kraken_s_answer(serve: Serve, status: int) -> None:
    server = serve((status, "no"))
    with pytest.raises(cnm.KrakenAPIError, match=f"HTTP status {status}"):
        call()
    assert len(server.requests) == 1


def test_what_could_not_be_sent_is_tried_again_an_order_too(serve: Serve, manager: Manager) -> None:
    serve()
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        manager.api_url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        with pytest.raises(cnm.KrakenNetworkError, match="nothing was sent"):
            call(ORDER)
    assert manager.get_status()["total_generated"] == 0


@pytest.mark.parametrize("url", ["http://api.kraken.com", "ftp://x", "nonsense", "https://x/y"])
def test_a_bad_base_url_is_refused(serve: Serve, manager: Manager, url: str) -> None:
    serve()
    manager.api_url = url
    with pytest.raises(ValueError, match="KRAKEN_API_URL"):
        call()


def test_the_base_url_of_the_environment(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve()
    Manager.reset_instance()
    assert cnm.get_nonce_manager(KEY, SECRET).api_url == "https://api.kraken.com"
    monkeypatch.setenv("KRAKEN_API_URL", server.url)
    assert call() == OK


@pytest.mark.parametrize(
    ("key", "secret"), [(KEY, "not base64!"), (KEY, "abc"), ("k\r\ny", SECRET), ("clé", SECRET)]
)
def test_malformed_credentials_are_said_and_not_shown(
    serve: Serve, manager: Manager, key: str, secret: str
) -> None:
    server = serve()
    fixer = cnm.KrakenNonceFixer(key, secret)
    with pytest.raises(cnm.KrakenCredentialsError) as caught:
        asyncio.run(fixer.make_authenticated_api_call(BALANCE))
    assert secret not in str(caught.value)
    assert server.requests == []


def test_a_key_of_its_own(serve: Serve) -> None:
    server = serve()
    fixer = cnm.KrakenNonceFixer(KEY, SECRET)
    assert asyncio.run(fixer.make_authenticated_api_call(ORDER, {"a": 1}, otp="5")) == OK
    assert server.requests[0]["signed"]


def test_calls_of_tasks_loops_and_processes_follow_each_other(
    serve: Serve, manager: Manager, state: Path
) -> None:
    server = serve(slow=0.003)
    code = f"""
        m = cnm.get_nonce_manager({KEY!r}, {SECRET!r})
        async def main():
            await asyncio.gather(*(m.make_authenticated_api_call({BALANCE!r}) for _ in range(15)))
        asyncio.run(main())
    """
    running = [children.start(state, code, KRAKEN_API_URL=server.url) for _ in range(2)]

    async def main() -> None:
        await asyncio.gather(*(manager.make_authenticated_api_call(BALANCE) for _ in range(15)))

    loops = [threading.Thread(target=lambda: asyncio.run(main())) for _ in range(2)]
    for loop in loops:
        loop.start()
    for loop in loops:
        loop.join()
    for child in running:
        _, err = child.communicate(timeout=40)
        assert child.returncode == 0, err
    assert len(server.requests) == 60
    assert server.rejected == 0
    assert server.most_under_way == 1


def test_a_killed_caller_leaves_no_lock_and_its_request_time_to_arrive(
    serve: Serve, state: Path
) -> None:
    server = serve("hang", OK)
    code = f"""
        m = cnm.get_nonce_manager({KEY!r}, {SECRET!r})
        asyncio.run(m.make_authenticated_api_call({BALANCE!r}))
    """
    child = children.start(state, code, KRAKEN_API_URL=server.url)
    while not server.requests:
        assert child.poll() is None
    sent = time.monotonic()
    child.kill()
    child.communicate()
    assert call() == OK
    assert cnm._SETTLE_S - 0.5 < time.monotonic() - sent < 10
    started = time.monotonic()
    assert call() == OK
    assert time.monotonic() - started < cnm._SETTLE_S / 2


@pytest.mark.parametrize("notes", [b"\xff" * 16, b"\x7f" * 40, b"", b"12345678"])
def test_a_garbled_file_of_the_key_stops_nothing_for_long(
    serve: Serve, state: Path, notes: bytes
) -> None:
    serve()
    assert call() == OK
    [file] = state.glob("kraken_call_*.lock")
    file.write_bytes(notes)
    assert call() == OK
    started = time.monotonic()
    assert call() == OK
    assert time.monotonic() - started < cnm._SETTLE_S / 2


def test_a_call_cancelled_before_its_turn_sends_nothing(serve: Serve, state: Path) -> None:
    server = serve()
    assert call() == OK
    [lock] = state.glob("kraken_call_*.lock")
    code = f"""
        m = cnm.get_nonce_manager({KEY!r}, {SECRET!r})
        async def main():
            try:
                await asyncio.wait_for(m.make_authenticated_api_call({ORDER!r}), 0.3)
            except asyncio.TimeoutError:
                say("cancelled")
        asyncio.run(main())
    """
    with lock.open("rb+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert children.run(state, code, KRAKEN_API_URL=server.url) == "cancelled"
    assert len(server.requests) == 1


def test_a_call_cancelled_behind_others_leaves_no_complaint(
    serve: Serve, manager: Manager, caplog: pytest.LogCaptureFixture
) -> None:
    server = serve(slow=0.2)

    async def main() -> None:
        calls = [
            asyncio.ensure_future(manager.make_authenticated_api_call(BALANCE)) for _ in range(4)
        ]
        await asyncio.sleep(0)
        for late in calls[2:]:
            late.cancel()
        assert await asyncio.gather(*calls[:2]) == [OK, OK]
        assert await manager.make_authenticated_api_call(BALANCE) == OK

    asyncio.run(main())
    assert len(server.requests) == 3
    assert caplog.text == ""


def test_the_loop_turns_during_a_call(serve: Serve, manager: Manager) -> None:
    serve(slow=0.2)

    async def main() -> int:
        ticks = 0
        calling = asyncio.ensure_future(manager.make_authenticated_api_call(BALANCE))
        while not calling.done():
            await asyncio.sleep(0.001)
            ticks += 1
        return ticks

    assert asyncio.run(main()) > 20

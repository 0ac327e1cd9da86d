"""What an expression counts, and in which unit."""

from __future__ import annotations

import pytest

from nonce_migrate.rules.rogue.reading import unit_of
from tests.rules.rogue.looking import only, unit


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("int(time.time())", "s"),
        ("str(int(time.time()))", "s"),
        ("str(time.time()).split('.')[0]", "s"),
        ("calendar.timegm(time.gmtime())", "s"),
        ("int(time.mktime(datetime.datetime.now().timetuple()))", "s"),
        ("datetime.datetime.now().strftime('%s')", "s"),
        ("int(time.time() * 1000)", "ms"),
        ("int(1000 * time.time())", "ms"),
        ("int(1e3 * time.time())", "ms"),
        ("int(time.time()) * 1000", "ms"),
        ("round(time.time() * 1_000)", "ms"),
        ("math.floor(time.time() * 1000)", "ms"),
        ("time.time_ns() // 1_000_000", "ms"),
        ("int(time.time_ns() / 1e6)", "ms"),
        ("'%d' % (time.time() * 1000)", "ms"),
        ("'{:.0f}'.format(time.time() * 1000)", "ms"),
        ("'{:.10f}'.format(time.time() * 1000).split('.')[0]", "ms"),
        ("f'{time.time() * 1000:.0f}'", "ms"),
        ("str(time.time() * 1000)[:13]", "ms"),
        ("str(time.time()).replace('.', '')[:13]", "ms"),
        ("f'{int(time.time())}000'", "ms"),
        ("str(int(time.time())) + '000'", "ms"),
        ("int(datetime.datetime.utcnow().timestamp() * 1000)", "ms"),
        ("int(datetime.datetime.now(datetime.timezone.utc).timestamp() * 1000)", "ms"),
        ("int((datetime.datetime.utcnow() - EPOCH).total_seconds() * 1000)", "ms"),
        ("(datetime.datetime.utcnow() - EPOCH) // datetime.timedelta(milliseconds=1)", "ms"),
        ("int(time.time() * 1e6)", "us"),
        ("int(time.time() * 1_000_000)", "us"),
        ("int(time.time() * 10**6)", "us"),
        ("int(time.time() * pow(10, 6))", "us"),
        ("int(time.time() * 1000 * 1000)", "us"),
        ("time.time_ns() // 1000", "us"),
        ("time.time_ns()", "ns"),
        ("int(time.time() * 1e9)", "ns"),
        ("int(time.time() * 1e4)", "100 us"),
        ("int(time.time() * 100)", "10 ms"),
        ("int(time.time() * 1e8)", "10 ns"),
        ("int(time.time() * SCALE)", "an unknown unit"),
        ("int(datetime.datetime.now().strftime('%Y%m%d%H%M%S'))", "an unknown unit"),
        ("str(time.time()).replace('.', '')", "an unknown unit"),
        ("int(time.time() * 1000) % 2**31", "an unknown unit"),
    ],
)
def test_unit(expression: str, expected: str) -> None:
    assert unit(expression) == f"clock in {expected}"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("int(time.monotonic() * 1000)", "monotonic clock in ms"),
        ("time.perf_counter_ns()", "monotonic clock in ns"),
    ],
)
def test_a_clock_that_starts_with_the_machine(expression: str, expected: str) -> None:
    assert unit(expression) == expected


@pytest.mark.parametrize(
    ("imports", "expression"),
    [
        ("from time import time", "int(time() * 1000)"),
        ("import time as t", "int(t.time() * 1000)"),
        ("from time import time_ns as clock", "clock() // 10**6"),
        ("from datetime import datetime as dt", "int(dt.now().timestamp() * 1000)"),
        ("import datetime as d", "int(d.datetime.utcnow().timestamp() * 1000)"),
        ("from time import *", "int(time() * 1000)"),
        ("import ccxt\nexchange = ccxt.kraken()", "exchange.milliseconds()"),
        ("import pandas as pd", "pd.Timestamp.utcnow().value // 10**6"),
    ],
)
def test_names_are_followed_to_their_imports(imports: str, expression: str) -> None:
    assert unit(expression, imports) == "clock in ms"


def test_a_scale_that_has_a_name() -> None:
    code = "import time\nSCALE = 1000 * 1000\ndata = {'nonce': int(time.time() * SCALE)}\n"
    assert only(code).symbol == "clock in us"


def test_a_scale_that_is_set_twice_is_not_known() -> None:
    code = "import time\nS = 1000\nS = 10\ndata = {'nonce': int(time.time() * S)}\n"
    assert only(code).symbol == "clock in an unknown unit"


@pytest.mark.parametrize(
    ("scale", "expected"),
    [(1, "s"), (10, "100 ms"), (1e3, "ms"), (1e5, "10 us"), (1e6, "us"), (1e7, "100 ns")],
)
def test_unit_of_a_scale(scale: float, expected: str) -> None:
    assert unit_of(scale) == expected


def test_unit_of_an_odd_scale() -> None:
    assert unit_of(1500) == "1/1500 s"

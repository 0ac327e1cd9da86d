"""Which rogue nonces can be rewritten, and why the others cannot."""

from __future__ import annotations

from tests.rules.rogue.looking import findings, only, told


def test_every_finding_says_what_to_do() -> None:
    code = """
    import time, uuid, hmac
    class Kraken:
        def call(self, api_secret):
            return {"nonce": int(time.time() * 1000)}
        def other(self, api_secret):
            return {"nonce": uuid.uuid4().int}
    """
    clock, uuid = findings(code)
    assert clock.becomes == "int(get_nonce_manager().get_nonce())"
    assert "guess" in clock.reason and "Kraken".lower() in clock.reason
    assert "apply --unsafe" in clock.step
    assert uuid.becomes == "" and uuid.reason
    assert "new API key" in uuid.step and "get_nonce_manager().get_nonce()" in uuid.step


def test_forms_that_bots_have() -> None:
    code = """
    import time
    from urllib.parse import urlencode
    def build(self, params, key):
        data = {"nonce": int(time.time() * 1000)}
        data["nonce"] = str(int(1000 * time.time()))
        params = dict(nonce=time.time_ns() // 1000)
        params.setdefault("nonce", int(time.time() * 1000))
        params.update(nonce=str(int(time.time() * 1e6)))
        body = urlencode({"nonce": int(time.time() * 1000)})
        body = urlencode([("nonce", int(time.time() * 1000))])
        body = f"nonce={int(time.time() * 1000)}&pair=XBTUSD"
        body = "nonce=%s&pair=%s" % (int(time.time() * 1000), "XBTUSD")
        body = "nonce={}&pair={}".format(int(time.time() * 1000), "XBTUSD")
        body = "nonce={nonce}".format(nonce=int(time.time() * 1000))
        body = "pair=XBTUSD&nonce=" + str(int(time.time() * 1000)) + "&x=1"
        body = '{"nonce": "%d"}' % (time.time() * 1000)
        headers = {"API-Nonce": str(int(time.time() * 1000))}
        self.send(nonce=int(time.time() * 1000))
        setattr(self, "nonce", int(time.time() * 1000))
        return params.get("nonce", int(time.time() * 1000))
    """
    lines = [line.split(" ", 1) for line in told(code)]
    assert [int(line) for line, _ in lines] == [*range(5, 15), *range(15, 22)]
    assert all(" clock in " in what for _, what in lines)


def test_functions_that_give_a_nonce() -> None:
    code = """
    import time
    class Client:
        def _nonce(self):
            return int(1000 * time.time())
        def get_nonce(self):
            time.sleep(0.001)
            return str(int(time.time() * 1000))
        @property
        def nonce(self):
            return int(time.time() * 1000)
        @staticmethod
        def generate_nonce():
            while True:
                yield int(time.time() * 1000)
    make_nonce = lambda: int(time.time() * 1000)
    exchange.nonce = lambda: int(time.time() * 1000)
    """
    assert [line.split()[1] for line in told(code)] == ["unsafe"] * 6


def test_over_a_local_of_another_name() -> None:
    code = """
    import time
    def build():
        now = int(time.time() * 1000)
        return {"nonce": str(now)}
    """
    finding = only(code)
    assert (finding.line, finding.safety) == (4, "unsafe")
    assert finding.why == (
        "src/kraken/client.py:4: `int(time.time() * 1000)` makes a nonce",
        "src/kraken/client.py:4: `now` is set to `int(time.time() * 1000)`",
        'src/kraken/client.py:5: it reaches the key "nonce"',
    )


def test_a_local_that_is_a_time_as_well() -> None:
    code = """
    import time
    def build():
        now = int(time.time() * 1000)
        return {"nonce": now, "deadline": now}
    """
    assert told(code) == ["4 manual clock in ms"]
    assert "line 5" in only(code).reason


def test_a_nonce_that_is_kept_as_a_time() -> None:
    code = """
    import time
    def build(self):
        nonce = int(time.time() * 1000)
        self.last_request_time = nonce
        return {"nonce": nonce}
    """
    assert told(code) == ["4 manual clock in ms"]


def test_arithmetic_at_the_key_leaves_the_local_alone() -> None:
    code = """
    import time
    def build():
        now = time.time()
        return {"nonce": int(now * 1000), "time": now}
    """
    finding = only(code)
    assert (finding.line, finding.safety, finding.symbol) == (5, "unsafe", "clock in ms")
    assert "`now` is set to `time.time()`" in finding.why[1]


def test_over_a_function_of_the_same_class() -> None:
    code = """
    import time
    class Client:
        def _millis(self):
            return int(time.time() * 1000)
        def build(self):
            return {"nonce": self._millis()}
    """
    assert told(code) == ["5 unsafe clock in ms"]


def test_a_function_that_gives_times_as_well() -> None:
    code = """
    import time
    class Client:
        def _millis(self):
            return int(time.time() * 1000)
        def build(self):
            return {"nonce": self._millis(), "expires": self._millis() + 5000}
    """
    assert told(code) == ["5 manual clock in ms"]


def test_a_function_that_other_files_may_use() -> None:
    code = """
    import time
    def now_ms():
        return int(time.time() * 1000)
    def build():
        return {"nonce": now_ms()}
    """
    assert told(code) == ["4 manual clock in ms"]


def test_a_positional_argument_of_ones_own_function() -> None:
    code = """
    import time
    class Client:
        def _sign(self, path, nonce):
            return path + nonce
        def call(self):
            return self._sign("/x", str(int(time.time() * 1000)))
    """
    assert told(code) == ["7 unsafe clock in ms"]


def test_a_parameter_that_defaults_to_none() -> None:
    code = """
    import time
    def call(nonce=None):
        if nonce is None:
            nonce = int(time.time() * 1000)
        return {"nonce": nonce}
    """
    assert told(code) == ["5 unsafe clock in ms"]


def test_one_of_two() -> None:
    code = """
    import time
    def call(manager=None):
        return {"nonce": manager.get_nonce() if manager else str(int(time.time() * 1000))}
    """
    assert told(code) == ["4 unsafe clock in ms"]


def test_a_counter_on_an_attribute() -> None:
    code = """
    import time
    class Client:
        def __init__(self):
            self.nonce = int(time.time() * 1000)
        def call(self):
            self.nonce += 1
            return {"nonce": self.nonce}
    """
    assert told(code) == ["5 manual clock in ms"]
    assert "line 7" in only(code).reason


def test_a_counter_without_a_clock_needs_a_signed_call() -> None:
    code = """
    import hmac
    class Kraken:
        def __init__(self, api_secret):
            self._nonce = 0
        def call(self):
            self._nonce += 1
            return {"nonce": self._nonce}
    """
    assert told(code) == ["7 manual counter"]


def test_next_of_a_counter() -> None:
    code = """
    import hmac, itertools
    class Kraken:
        def call(self, api_secret, counter=None):
            numbers = itertools.count(1)
            return {"nonce": next(numbers)}
    """
    assert told(code) == ["6 manual counter"]


def test_a_sequence_of_ones_own() -> None:
    code = """
    import time
    class Client:
        def get_nonce(self):
            now = int(time.time() * 1_000_000)
            if now <= self._last:
                now = self._last + 1
            self._last = now
            return now
    """
    assert told(code) == ["5 manual clock in us"]


def test_the_higher_of_clock_and_last() -> None:
    code = """
    import time
    class Client:
        def get_nonce(self):
            self._last = max(int(time.time() * 1000), self._last + 1)
            return self._last
    """
    assert told(code) == ["5 manual clock in ms"]


def test_finer_than_the_manager_counts() -> None:
    finding = only("import time\ndef f():\n    return {'nonce': time.time_ns()}\n")
    assert finding.safety == "manual"
    assert "state floor" in finding.step


def test_ahead_of_the_clock() -> None:
    code = "import time\ndef f():\n    return {'nonce': int(time.time() * 1e6) + 60_000_000}\n"
    assert only(code).safety == "manual"
    code = "import time\ndef f():\n    return {'nonce': int(time.time() * 1e3) + 60_000}\n"
    assert only(code).safety == "unsafe"


def test_unknown_unit() -> None:
    code = "import time\ndef f():\n    return {'nonce': int(time.time() * SCALE)}\n"
    assert only(code).safety == "manual"


def test_jitter() -> None:
    code = """
    import random, time
    def f():
        return {"nonce": int(time.time() * 1000) + random.randint(0, 999)}
    """
    assert told(code) == ["4 manual clock in ms"]


def test_random_numbers_beside_a_signed_call() -> None:
    code = """
    import hmac, random, secrets, uuid
    class Kraken:
        def call(self, api_secret):
            a = {"nonce": random.getrandbits(63)}
            b = {"nonce": secrets.randbelow(2**63)}
            c = {"nonce": str(uuid.uuid4().int >> 64)}
            return a, b, c
    """
    assert told(code) == ["5 manual random number", "6 manual random number", "7 manual uuid"]


def test_made_once_for_an_object() -> None:
    code = """
    import time
    class Client:
        def __init__(self):
            self.nonce = int(time.time() * 1000)
    """
    assert told(code) == ["5 manual clock in ms"]


def test_made_once_for_a_default() -> None:
    code = "import time\ndef call(nonce=int(time.time() * 1000)):\n    pass\n"
    assert told(code) == ["2 manual clock in ms"]


def test_made_once_for_the_module() -> None:
    code = """
    import time
    PARAMS = {"nonce": int(time.time() * 1000)}
    def call():
        return post(PARAMS)
    """
    assert told(code) == ["3 manual clock in ms"]


def test_made_in_a_script() -> None:
    code = "import time\ndata = {'nonce': int(time.time() * 1000)}\npost(data)\n"
    assert told(code) == ["2 unsafe clock in ms"]


def test_made_anew_by_a_factory() -> None:
    code = """
    import time
    from dataclasses import dataclass, field
    @dataclass
    class Order:
        nonce: int = field(default_factory=lambda: int(time.time() * 1000))
    """
    assert told(code) == ["6 unsafe clock in ms"]


def test_nothing_tells_whose_nonce_it_is() -> None:
    code = "import time\ndef build():\n    return {'nonce': int(time.time() * 1000)}\n"
    (finding,) = findings(code, "src/solar/panel.py")
    assert finding.safety == "manual"
    assert finding.step.startswith("if it is for a key of this exchange, put `int(get_nonce")


def test_two_for_one_call() -> None:
    code = """
    import time
    def call():
        data = {"nonce": str(int(time.time() * 1000))}
        return sign("/0/private/Balance", nonce=str(int(time.time() * 1000))), data
    """
    assert told(code) == ["4 manual clock in ms", "5 manual clock in ms"]
    assert "lines 4 and 5" in findings(code)[0].reason


def test_two_calls_of_a_function_for_one_call() -> None:
    code = """
    import time
    class Client:
        def _nonce(self):
            return str(int(time.time() * 1000))
        def call(self):
            return sign(self._nonce()), {"nonce": self._nonce()}
    """
    assert told(code) == ["5 manual clock in ms"]


def test_one_in_each_branch() -> None:
    code = """
    import time
    def call(text):
        if text:
            nonce = str(int(time.time() * 1000))
        else:
            nonce = int(time.time() * 1000)
        return {"nonce": nonce}
    """
    assert [line.split()[1] for line in told(code)] == ["unsafe", "unsafe"]


def test_two_exchanges_in_one_place() -> None:
    code = """
    import time
    class Exchange:
        def call(self):
            hosts = {"kraken": "api.kraken.com", "bitfinex": "api.bitfinex.com"}
            return {"nonce": int(time.time() * 1000)}, hosts
    """
    assert told(code) == ["6 manual clock in ms"]


def test_int_is_not_the_builtin() -> None:
    code = """
    import time
    from numpy import int64 as int
    def number():
        return {"nonce": time.time_ns() // 1000}
    def text():
        return {"nonce": str(time.time_ns() // 1000)}
    """
    assert [line.split()[1] for line in told(code)] == ["manual", "unsafe"]

"""What is called nonce, or made from a clock, and is none of the exchange's nonces."""

from __future__ import annotations

from tests.rules.rogue.looking import told


def test_fixed_numbers() -> None:
    assert told('data = {"nonce": 12345}\nsend(nonce="1616492376594")\n') == []


def test_a_nonce_of_a_manager() -> None:
    code = """
    from src.utils.unified_kraken_nonce_manager import get_unified_nonce_manager
    manager = get_unified_nonce_manager()
    data = {"nonce": manager.get_nonce("rest"), "time": int(__import__("time").time())}
    """
    assert told(code) == []


def test_clock_under_another_key() -> None:
    code = """
    import time
    state = {"nonce_timestamp": time.time(), "last_nonce": int(time.time() * 1e6)}
    state["last_nonce_time"] = time.time()
    nonce_age = time.time()
    """
    assert told(code) == []


def test_age_of_a_nonce() -> None:
    code = """
    import time
    def age(self):
        return {"nonce": time.time() - self.last_nonce_time}
    """
    assert told(code) == []


def test_difference_of_two_clocks() -> None:
    code = """
    import time
    def took():
        start = time.time()
        work()
        return dict(nonce=time.time() - start)
    """
    assert told(code) == []


def test_local_that_is_only_compared() -> None:
    code = """
    import time
    def is_fresh(value):
        nonce = int(time.time() * 1_000_000)
        return nonce - 1000 <= int(value) and value < nonce
    """
    assert told(code) == []


def test_local_that_nothing_uses() -> None:
    assert told("import time\ndef f():\n    nonce = int(time.time() * 1000)\n") == []


def test_local_that_is_only_logged() -> None:
    code = """
    import logging, time
    def tell():
        nonce = int(time.time() * 1000)
        logging.info(f"nonce={nonce} at {str(nonce)}")
        print({"nonce": int(time.time())})
    """
    assert told(code) == []


def test_assertions_and_errors() -> None:
    code = """
    import time
    def test_it(value):
        assert value == {"nonce": int(time.time())}
        raise ValueError


    def fail():
        nonce = int(time.time())
        raise ValueError(f"nonce={nonce}", {"nonce": nonce})
    """
    assert told(code) == []


def test_shadowed_module() -> None:
    code = """
    def build(time):
        return {"nonce": int(time.time() * 1000)}
    """
    assert told(code) == []


def test_module_of_ones_own_named_time() -> None:
    assert told("from . import time\ndata = {'nonce': int(time.time() * 1000)}\n") == []


def test_function_named_time() -> None:
    code = """
    def time():
        return 7
    data = {"nonce": int(time() * 1000)}
    """
    assert told(code) == []


def test_name_rebound_to_something_else() -> None:
    code = """
    try:
        import time
    except ImportError:
        time = FakeClock()
    data = {"nonce": int(time.time() * 1000)}
    """
    assert told(code) == []


def test_script_nonce_of_a_page() -> None:
    code = """
    import secrets
    def page(request):
        nonce = secrets.token_urlsafe(16)
        policy = f"script-src 'nonce-{nonce}'"
        return {"nonce": nonce, "title": "Kraken bot", "Content-Security-Policy": policy}
    """
    assert told(code) == []


def test_page_of_a_bot_that_signs_elsewhere() -> None:
    code = """
    import hmac, secrets
    def page():
        return render(nonce=secrets.token_hex(8), title="Kraken bot")
    def sign(api_secret, data):
        return hmac.new(api_secret, data).hexdigest()
    """
    assert told(code) == []


def test_cipher_nonce_beside_a_signed_call() -> None:
    code = """
    import os, hmac
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    class Kraken:
        def store(self, api_secret):
            nonce = os.urandom(12)
            return {"nonce": nonce, "blob": AESGCM(self.key).encrypt(nonce, api_secret, None)}
    """
    assert told(code) == []


def test_bytes_are_never_the_exchanges() -> None:
    code = """
    import os, hmac
    class Kraken:
        def store(self, api_secret):
            return dict(nonce=os.urandom(24), sign=hmac.new(api_secret, b"API-Sign"))
    """
    assert told(code) == []


def test_uuid_without_a_signed_call() -> None:
    code = """
    import uuid
    def login(kraken_user):
        return {"nonce": uuid.uuid4().int, "user": kraken_user}
    """
    assert told(code) == []


def test_transaction_nonce_of_ethereum() -> None:
    code = """
    from web3 import Web3
    class Wallet:
        def __init__(self, w3, account, private_key):
            self.nonce = w3.eth.get_transaction_count(account)
        def pay(self):
            self.nonce += 1
            return {"nonce": self.nonce, "gas": 21000}
    """
    assert told(code) == []


def test_oauth_nonce_of_a_clock() -> None:
    code = """
    import time
    def oauth_header(token):
        return {"oauth_nonce": str(time.time()), "nonce": str(int(time.time() * 1000))}
    """
    assert told(code) == []


def test_another_exchange_by_its_class() -> None:
    code = """
    import time
    class BitfinexClient:
        def build(self):
            return {"nonce": str(int(time.time() * 1_000_000))}
    """
    assert told(code) == []


def test_another_exchange_that_signs_as_well() -> None:
    code = """
    import hmac, time
    class Gemini:
        def build(self, api_secret):
            data = {"nonce": int(time.time() * 1000)}
            return data, hmac.new(api_secret, str(data).encode(), "sha384")
    """
    assert told(code) == []


def test_another_exchange_by_its_path() -> None:
    code = "import time\ndef build():\n    return {'nonce': int(time.time() * 1000)}\n"
    assert told(code, "src/exchanges/bitstamp.py") == []
    assert told(code, "src/exchanges/kraken.py") == ["3 unsafe clock in ms"]


def test_another_exchange_in_a_file_with_this_one() -> None:
    code = """
    import time
    KRAKEN_URL = "https://api.kraken.com"
    def poloniex(params):
        return dict(params, nonce=int(time.time() * 1000), host="poloniex")
    """
    assert told(code) == []


def test_mining() -> None:
    code = """
    def mine(block, difficulty):
        nonce = 0
        while not block.proves(nonce, difficulty):
            nonce += 1
        return {"nonce": nonce}
    """
    assert told(code) == []


def test_counter_without_an_exchange() -> None:
    code = """
    import itertools
    class Sender:
        nonces = itertools.count(1)
        def send(self):
            return {"nonce": next(self.nonces)}
    """
    assert told(code) == []


def test_clock_as_text_of_a_sentence() -> None:
    code = """
    import time
    line = f"the nonce is: {int(time.time())} or so"
    other = "announce=%s" % int(time.time())
    """
    assert told(code) == []


def test_a_list_of_two_words() -> None:
    assert told('fields = ["nonce", "time"]\npair = ("nonce", now)\n') == []


def test_function_that_draws_from_a_manager() -> None:
    code = """
    import time
    class Auth:
        def get_nonce(self):
            self.asked_at = time.time()
            return self.manager.get_nonce("auth")
    """
    assert told(code) == []


def test_moment_of_the_last_nonce() -> None:
    code = """
    import time
    class Auth:
        def remember(self, nonce):
            self.last_nonce, self.last_time = nonce, time.time()
            self.nonce_at = time.time()
    """
    assert told(code) == []


def test_profile_without_the_table_reports_nothing() -> None:
    from nonce_migrate.profile.build import build_profile
    from nonce_migrate.profile.table import Table

    problems: list[str] = []
    profile = build_profile(
        Table({"name": "x", "target": "pkg.new", "system": [{"module": "pkg.old"}]}, "", problems)
    )
    assert problems == []
    assert profile.rogue is None


def test_very_long_sums_are_no_trouble() -> None:
    code = "import time\ndata = {'nonce': " + " + ".join(["x"] * 900) + "}\n"
    assert told(code) == []

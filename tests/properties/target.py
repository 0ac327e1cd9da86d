"""The target of the rewriting, and the module of helpers that every project has."""

from __future__ import annotations

HELPER = """
import itertools

_numbers = itertools.count(100)
PLAIN = (int, str, bool, float, type(None), list, dict, tuple, set)


def number():
    return next(_numbers)


def note(what, **given):
    said = {name: value for name, value in sorted(given.items()) if value is not None}
    if said:
        print("  ", what, said)


def show(value):
    text = repr(value) if type(value) in PLAIN and "<" not in repr(value) else "-"
    print(type(value).__name__ if type(value) in PLAIN else "object", text)
    return value


def guard(function, *given):
    try:
        return function(*given)
    except Exception as error:
        print("raised", type(error).__name__)


def echo(value):
    return value


def yes():
    return True


def keep(*given, **named):
    def wrap(function):
        function.given = given
        return function

    return wrap


class Own:
    def __init__(self, *given, **named):
        print("own")

    def __repr__(self):
        return "<own>"

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *given, **named: ("own", name, given, named)
"""

TARGET = """
from helper import note, number

MIN_INCREMENT_US = 10_000
RECOVERY_BUFFER_US = 60_000_000


class NonceGenerationError(Exception):
    pass


class ConsolidatedNonceManager:
    def __init__(
        self, api_key=None, api_secret=None, *, stale_after_seconds=None, carry_over_from=None
    ):
        age = None if stale_after_seconds == 3600 else stale_after_seconds
        note("made", key=api_key, secret=api_secret, age=age, directory=carry_over_from)

    @property
    def nonce_manager(self):
        return self

    @classmethod
    def get_instance(cls, api_key=None, api_secret=None, *, carry_over_from=None):
        note("asked", key=api_key, secret=api_secret, directory=carry_over_from)
        return cls.__new__(cls)

    def __enter__(self):
        return self

    def __exit__(self, *given):
        return None

    def get_nonce(self, connection_id="default"):
        note("drawn", connection=connection_id)
        return str(number())

    get_next_nonce = get_auth_nonce = get_nonce

    def get_batch_nonces(self, connection_id, count):
        note("drawn", connection=connection_id)
        return [number() for _ in range(count)]

    def get_enhanced_nonce(self, connection_id="enhanced"):
        return self.get_nonce(connection_id)

    def recover_from_error(self, connection_id="default", failed_nonce=None):
        note("recovered", connection=connection_id, failed=failed_nonce)
        return str(number())

    handle_invalid_nonce_error = reset_nonce = recover_from_error

    def get_status(self):
        return {"total_generated": number()}

    def get_auth_status(self):
        return {"last_nonce": number()}

    def get_statistics(self):
        return {"total_nonces": number()}

    def get_connection_stats(self, connection_id):
        return {"connection_id": connection_id}

    def force_save(self):
        note("saved", by="unified")

    def cleanup(self):
        note("cleaned", by="auth")

    def reset_nonce_state(self, buffer_seconds=60):
        note("moved", seconds=buffer_seconds)

    def reset_connection(self, connection_id):
        note("reset", connection=connection_id)

    def remove_connection(self, connection_id):
        note("removed", connection=connection_id)

    cleanup_connection = remove_connection

    def register_connection(self, connection_id, error_handler=None):
        note("registered", connection=connection_id, handler=error_handler)

    def mark_nonce_success(self, connection_id, nonce):
        note("success", connection=connection_id, nonce=nonce)

    def create_auth_message(self, connection_id, api_key):
        return {"reqid": self.get_auth_nonce(connection_id), "token": api_key}

    def validate_nonce(self, nonce):
        return nonce.isdigit()

    def validate_nonce_sequence(self, connection_id, nonces):
        return nonces == sorted(nonces)


class KrakenNonceFixer:
    def __init__(self, api_key, api_secret):
        note("fixer", key=api_key, secret=api_secret)

    def get_guaranteed_unique_nonce(self):
        return str(number())


class NonceWebSocketWrapper:
    pass


def initialize_enhanced_nonce_manager(api_key, api_secret):
    return ConsolidatedNonceManager(api_key, api_secret)


_manager = ConsolidatedNonceManager()


def get_nonce_manager(
    api_key=None, api_secret=None, *, stale_after_seconds=None, carry_over_from=None
):
    age = None if stale_after_seconds == 3600 else stale_after_seconds
    note("made", key=api_key, secret=api_secret, age=age, directory=carry_over_from)
    return _manager


get_unified_nonce_manager = get_nonce_coordinator = get_nonce_manager


def get_nonce(connection_id="default"):
    return _manager.get_nonce(connection_id)


get_next_nonce = get_nonce
"""


OTHERS = {"helper.py": HELPER, "src/utils/consolidated_nonce_manager.py": TARGET}

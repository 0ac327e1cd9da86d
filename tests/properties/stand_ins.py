"""Small legacy modules and a target, all drawing from one counter, that tell every misuse.

What a right rewriting keeps, both sides print alike; a nonce of the wrong type, a lost or a
misplaced argument, or another method than the one meant prints something else.
"""

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
        print("own", given, named)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *given, **named: ("own", name, given, named)
"""

FIRST = """
from helper import note, number


class NonceGenerationError(Exception):
    pass


class KrakenNonceManager:
    def __init__(self, cleanup_after_seconds=3600):
        note("made", age=None if cleanup_after_seconds == 3600 else cleanup_after_seconds)
        self._stats = {}

    def get_nonce(self, connection_id):
        note("drawn", connection=connection_id)
        return number()

    def get_batch_nonces(self, connection_id, count):
        note("drawn", connection=connection_id)
        return [number() for _ in range(count)]

    def reset_connection(self, connection_id):
        note("reset", connection=connection_id)

    def remove_connection(self, connection_id):
        note("removed", connection=connection_id)

    def get_statistics(self):
        return {"total_nonces": number()}

    def validate_nonce_sequence(self, connection_id, nonces):
        return nonces == sorted(nonces)


_manager = KrakenNonceManager()


def get_nonce_manager():
    return _manager


def initialize_nonce_manager(cleanup_after_seconds=3600):
    global _manager
    _manager = KrakenNonceManager(cleanup_after_seconds)
    return _manager
"""

UNIFIED = """
from helper import note, number

MIN_INCREMENT_US = 10_000


class UnifiedKrakenNonceManager:
    _instance = None

    def __new__(cls):
        if cls._instance is None:
            cls._instance = object.__new__(cls)
        return cls._instance

    @classmethod
    def get_instance(cls):
        return cls()

    def get_nonce(self, connection_id="default"):
        note("drawn", connection=connection_id)
        return str(number())

    get_next_nonce = get_nonce

    def recover_from_error(self, connection_id="default"):
        note("recovered", connection=connection_id)
        return str(number())

    handle_invalid_nonce_error = reset_nonce = recover_from_error

    def get_enhanced_nonce(self, connection_id="enhanced"):
        return self.get_nonce(connection_id)

    def get_status(self):
        return {"total_generated": number()}

    def force_save(self):
        note("saved", by="unified")


class KrakenNonceFixer:
    def __init__(self, api_key, api_secret):
        note("fixer", key=api_key, secret=api_secret)

    def get_guaranteed_unique_nonce(self):
        return str(number())


def get_unified_nonce_manager():
    return UnifiedKrakenNonceManager()


def get_nonce(connection_id="default"):
    return get_unified_nonce_manager().get_nonce(connection_id)
"""

AUTH = """
from helper import note, number


class NonceManager:
    def __init__(self, api_key, storage_dir=None):
        note("made", key=api_key, directory=storage_dir)

    @classmethod
    def get_instance(cls, api_key, storage_dir=None):
        note("asked", key=api_key, directory=storage_dir)
        return cls.__new__(cls)

    @classmethod
    def cleanup_all_instances(cls):
        note("saved", by="unified")

    def __enter__(self):
        return self

    def __exit__(self, *given):
        return None

    def get_next_nonce(self):
        note("drawn", connection="default")
        return str(number())

    def handle_invalid_nonce_error(self, failed_nonce=None):
        note("recovered", connection="default", failed=failed_nonce)
        return str(number())

    def validate_nonce(self, nonce):
        return nonce.isdigit()

    def reset_nonce_state(self, buffer_seconds=60):
        note("moved", seconds=buffer_seconds)

    def get_status(self):
        return {"last_nonce": number()}

    def cleanup(self):
        note("cleaned", by="auth")
"""

SOCKET = """
from helper import note


class WebSocketNonceCoordinator:
    def __init__(self, nonce_manager=None):
        from src.utils.unified_kraken_nonce_manager import get_unified_nonce_manager

        self.nonce_manager = nonce_manager or get_unified_nonce_manager()

    def register_connection(self, connection_id, error_handler=None):
        note("registered", connection=connection_id, handler=error_handler)

    def cleanup_connection(self, connection_id):
        note("removed", connection=connection_id)

    def mark_nonce_success(self, connection_id, nonce):
        note("success", connection=connection_id, nonce=nonce)

    def get_auth_nonce(self, connection_id):
        return self.nonce_manager.get_nonce(connection_id)

    def create_auth_message(self, connection_id, api_key):
        return {"reqid": self.get_auth_nonce(connection_id), "token": api_key}

    def get_connection_stats(self, connection_id):
        return {"connection_id": connection_id}


_coordinator = None


def get_nonce_coordinator():
    global _coordinator
    if _coordinator is None:
        _coordinator = WebSocketNonceCoordinator()
    return _coordinator
"""

TARGET = """
from helper import note, number

MIN_INCREMENT_US = 10_000


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

LEGACY = {
    "src/utils/kraken_nonce_manager.py": FIRST,
    "src/utils/unified_kraken_nonce_manager.py": UNIFIED,
    "src/auth/nonce_manager.py": AUTH,
    "src/exchange/websocket_nonce_coordinator.py": SOCKET,
}
OTHERS = {"helper.py": HELPER, "src/utils/consolidated_nonce_manager.py": TARGET}

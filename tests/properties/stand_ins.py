"""Small legacy modules that draw from one counter with the target, and tell every misuse.

What a right rewriting keeps, both sides print alike; a nonce of the wrong type, a lost or a
misplaced argument, or another method than the one meant prints something else.
"""

from __future__ import annotations

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
        if "_instance" not in vars(cls) or cls._instance is None:
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

LEGACY = {
    "src/utils/kraken_nonce_manager.py": FIRST,
    "src/utils/unified_kraken_nonce_manager.py": UNIFIED,
    "src/auth/nonce_manager.py": AUTH,
    "src/exchange/websocket_nonce_coordinator.py": SOCKET,
}

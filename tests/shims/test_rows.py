"""Every row of the kraken profile, called through the shims as bots call it."""

from __future__ import annotations

import ast
import warnings

import pytest

from nonce_migrate.profile.schema import System
from nonce_migrate.shims.names import bound_names

from .bots import KRAKEN, SOURCES, Bot, kraken_shim


@pytest.mark.parametrize("system", KRAKEN.systems, ids=lambda system: system.name)
@pytest.mark.parametrize("source", ["", "x = 1\n", "def broken(:\n", "class NonceManager: pass\n"])
def test_a_shim_defines_every_name_and_member_of_its_system(system: System, source: str) -> None:
    text = kraken_shim(system.module.rpartition(".")[2], source).text
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        compile(text, "shim.py", "exec")
    tree = ast.parse(text, feature_version=(3, 9))
    names = {name for node in tree.body for name in bound_names(node)}
    assert names.issuperset(system.symbols)
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    for member in system.members:
        if [ast.unparse(base) for base in classes[member.owner].bases] == ["_ShimAdapter"]:
            inside = {name for node in classes[member.owner].body for name in bound_names(node)}
            inside |= {p.name for p in system.symbols[member.owner].parameters or ()}
            assert member.name in inside


def test_the_text_is_the_same_each_time() -> None:
    for stem, source in SOURCES.items():
        assert kraken_shim(stem, source) == kraken_shim(stem, source)


def test_the_first_manager(bot: Bot) -> None:
    bot.run("""
        from src.utils import kraken_nonce_manager as legacy
        from src.utils.consolidated_nonce_manager import NonceGenerationError, get_nonce_manager

        one = legacy.KrakenNonceManager(cleanup_after_seconds=7200)
        two = legacy.KrakenNonceManager(60)
        drawn = [one.get_nonce("a"), two.get_nonce(connection_id="b"), one.get_nonce("b")]
        drawn += [int(get_nonce_manager().get_nonce()), two.get_nonce("a")]
        assert all(type(nonce) is int for nonce in drawn)
        assert drawn == sorted(set(drawn))
        batch = one.get_batch_nonces("new", count=3)
        assert [type(nonce) for nonce in batch] == [int] * 3 and batch[0] > drawn[-1]
        assert one.validate_nonce_sequence("new", batch) is True
        assert one.validate_nonce_sequence("new", [1, 3]) is False
        before = one.get_nonce("a")
        assert one.reset_connection("a") is None
        assert one.get_nonce("a") > before
        assert one.get_statistics()["connections"]["b"]["count"] == 2
        assert one.remove_connection("b") is None
        assert "b" not in one.get_statistics()["connections"]
        assert (one.cleanup_after_seconds, two.cleanup_after_seconds) == (7200, 60)
        assert issubclass(legacy.NonceGenerationError, NonceGenerationError)
        shared = legacy.get_nonce_manager()
        assert isinstance(shared, legacy.KrakenNonceManager)
        assert shared is legacy.get_nonce_manager() is legacy.get_unified_nonce_manager()
        assert shared is legacy.initialize_nonce_manager(cleanup_after_seconds=30)
        assert shared.get_nonce("a") > before
    """)


def test_the_unified_manager_is_the_consolidated_object(bot: Bot) -> None:
    bot.run("""
        import asyncio
        from src.utils import unified_kraken_nonce_manager as legacy
        from src.utils import consolidated_nonce_manager as new

        one = legacy.UnifiedKrakenNonceManager()
        assert one is new.get_nonce_manager() is legacy.get_unified_nonce_manager()
        assert one is legacy.UnifiedKrakenNonceManager(api_key="k", api_secret="c2VjcmV0")
        assert one is legacy.UnifiedKrakenNonceManager.get_instance()
        assert one is legacy.initialize_enhanced_nonce_manager("k", "c2VjcmV0")
        assert isinstance(one, legacy.UnifiedKrakenNonceManager)
        assert not isinstance("", legacy.UnifiedKrakenNonceManager)
        drawn = [one.get_nonce(), one.get_next_nonce("a"), asyncio.run(one.get_nonce_async())]
        drawn += [one.get_enhanced_nonce(), one.reset_nonce(), legacy.get_nonce("b")]
        drawn += [one.recover_from_error("a"), one.handle_invalid_nonce_error(connection_id="a")]
        assert all(type(nonce) is str for nonce in drawn)
        assert [int(n) for n in drawn] == sorted({int(n) for n in drawn})
        assert one.get_status()["total_generated"] and one.force_save() is None
        assert legacy.MIN_INCREMENT_US == new.MIN_INCREMENT_US
        assert legacy.RECOVERY_BUFFER_US == 60_000_000
        fixer = legacy.KrakenNonceFixer("k", api_secret="c2VjcmV0")
        assert isinstance(fixer, legacy.KrakenNonceFixer)
        assert isinstance(fixer, new.KrakenNonceFixer)
        assert int(fixer.get_guaranteed_unique_nonce()) > int(drawn[-1])
        legacy.UnifiedKrakenNonceManager.reset_instance()
        legacy.UnifiedKrakenNonceManager._instance = None
        assert int(legacy.get_nonce()) > int(drawn[-1])
    """)


def test_the_manager_of_authentication(bot: Bot) -> None:
    bot.run("""
        import asyncio
        from src.auth import nonce_manager as legacy

        one = legacy.NonceManager("key", storage_dir=None)
        assert (one.api_key, one.storage_dir) == ("key", None)
        with legacy.NonceManager(api_key="key") as inner:
            assert isinstance(inner, legacy.NonceManager)
            drawn = [one.get_next_nonce(), inner.get_next_nonce()]
        drawn += [asyncio.run(one.get_next_nonce_async()), one.handle_invalid_nonce_error()]
        drawn += [one.handle_invalid_nonce_error(failed_nonce=drawn[-1])]
        drawn += [one.handle_invalid_nonce_error(drawn[-1])]
        assert all(type(nonce) is str for nonce in drawn)
        assert [int(n) for n in drawn] == sorted({int(n) for n in drawn})
        status = one.get_status()
        keys = {"api_key_hash", "last_nonce", "counter", "current_time_us", "time_diff_us",
                "nonce_file", "file_exists", "version", "last_saved"}
        assert keys <= set(status) and type(status["last_nonce"]) is int
        assert one.validate_nonce(drawn[0]) is True and one.validate_nonce("1") is False
        assert one.reset_nonce_state(5) is None and one.reset_nonce_state(buffer_seconds=6) is None
        assert int(one.get_next_nonce()) > int(drawn[-1])
        assert one.cleanup() is None
        shared = legacy.NonceManager.get_instance("key")
        assert shared is legacy.NonceManager.get_instance(api_key="key", storage_dir=None)
        assert isinstance(shared, legacy.NonceManager) and shared.api_key == "key"
        assert legacy.NonceManager.cleanup_all_instances() is None
        state = legacy.NonceState(1, 2.0, "hash")
        assert (state.counter, state.version) == (0, "2025.1.0")
    """)


def test_the_old_directory_of_authentication_is_carried_over(bot: Bot) -> None:
    bot.run("""
        import json, os, time
        from src.auth.nonce_manager import NonceManager

        ahead = int(time.time() * 1e6) + 3_600_000_000
        os.mkdir("old")
        with open("old/nonce_state_0123456789abcdef.json", "w") as file:
            json.dump({"last_nonce": ahead, "timestamp": 1.0, "api_key_hash": ""}, file)
        assert int(NonceManager("key", "old").get_next_nonce()) > ahead
    """)

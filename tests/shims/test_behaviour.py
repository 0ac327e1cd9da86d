"""What holds for every shim: warnings, module names, private state, subclasses, patches."""

from __future__ import annotations

import json

import pytest

from .bots import Bot


def test_warnings_stand_at_the_callers_line_and_not_at_the_import(bot: Bot) -> None:
    code = """
        import json, warnings
        caught = warnings.catch_warnings(record=True)
        records = caught.__enter__()
        warnings.simplefilter("always")
        from src.utils import kraken_nonce_manager as k, unified_kraken_nonce_manager as u
        from src.auth import nonce_manager as a
        from src.exchange import websocket_nonce_coordinator as w
        import src.emergency_nonce_fix as e
        assert records == []
        k.KrakenNonceManager()  # here
        k.get_nonce_manager()  # here
        u.UnifiedKrakenNonceManager()  # here
        u.UnifiedKrakenNonceManager.get_instance()  # here
        u.get_nonce()  # here
        a.NonceManager("key")  # here
        a.NonceManager.get_instance("key")  # here
        w.WebSocketNonceCoordinator()  # here
        w.get_nonce_coordinator()  # here
        e.main()  # here
        fix = e.EmergencyNonceFix()  # here
        fix.run_emergency_fix()  # here
        fix.anything("at all")  # here
        class My(k.KrakenNonceManager):
            def __init__(self):
                super().__init__(60)
        My().get_nonce("a")  # here
        assert all(r.category is DeprecationWarning for r in records)
        print(json.dumps([(r.filename, r.lineno, str(r.message)) for r in records]))
    """
    found = json.loads(bot.run(code))
    here = [n for n, line in enumerate(code.split("\n"), start=1) if line.endswith("# here")]
    assert [line for _, line, _ in found] == here
    assert {file for file, _, _ in found} == {str(bot.root / "client.py")}
    assert found[0][2] == (
        "KrakenNonceManager of src.utils.kraken_nonce_manager is deprecated: use "
        "ConsolidatedNonceManager(stale_after_seconds=cleanup_after_seconds) of "
        "src.utils.consolidated_nonce_manager"
    )


def test_a_module_loaded_under_every_name_shares_the_sequence(bot: Bot) -> None:
    bot.run(
        """
        import importlib.util
        import src.auth.nonce_manager as full, auth.nonce_manager as shorter, nonce_manager as bare
        import kraken_nonce_manager, utils.kraken_nonce_manager, src.utils.kraken_nonce_manager
        import src.utils.consolidated_nonce_manager as new

        spec = importlib.util.spec_from_file_location("by_path", full.__file__)
        by_path = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(by_path)
        drawn = []
        for module in (full, shorter, bare, by_path):
            drawn += [int(module.NonceManager("key").get_next_nonce()), int(new.get_nonce())]
        first = (kraken_nonce_manager, utils.kraken_nonce_manager, src.utils.kraken_nonce_manager)
        for module in first:
            drawn.append(module.KrakenNonceManager().get_nonce("a"))
            assert module.NonceGenerationError is new.NonceGenerationError
        assert drawn == sorted(set(drawn))
        """,
        path=(".", "src", "src/auth", "src/utils"),
    )


def test_a_bare_import_alone_finds_the_manager_by_its_file(bot: Bot) -> None:
    bot.run(
        """
        import sys
        before = list(sys.path)
        from nonce_manager import NonceManager
        assert NonceManager("key").get_next_nonce().isdigit()
        assert sys.path == before
        stable = [name for name in sys.modules if name.startswith("src.utils.consolidated_nonce")]
        assert len(stable) == 1, stable
        """,
        path=("src/auth",),
    )


def test_an_import_cycle_through_the_targets_package_still_loads(bot: Bot) -> None:
    (bot.root / "src/utils/__init__.py").write_text(
        "from src.auth.nonce_manager import NonceManager\n"
    )
    bot.run("""
        from src.auth.nonce_manager import NonceManager
        from src.utils import NonceManager as again
        import src.utils.consolidated_nonce_manager as new
        assert int(NonceManager("key").get_next_nonce()) < int(new.get_nonce())
    """)


def test_a_missing_target_is_one_clear_error(bot: Bot) -> None:
    target = bot.root / "src/utils/consolidated_nonce_manager.py"
    target.unlink()
    done = bot.execute(["-c", "import src.auth.nonce_manager"], status=1)
    assert done.stderr.rstrip().endswith(f"is a shim over {target}, and that file is missing")


@pytest.mark.parametrize(
    ("module", "make", "names"),
    [
        ("src.utils.kraken_nonce_manager", "KrakenNonceManager()", "_base_nonce _stats _lock"),
        ("src.auth.nonce_manager", "NonceManager('key')", "_state nonce_file api_key_hash"),
        (
            "src.exchange.websocket_nonce_coordinator",
            "get_nonce_coordinator()",
            "_stats connections",
        ),
        ("src.utils.unified_kraken_nonce_manager", "get_unified_nonce_manager()", "_last_nonce"),
    ],
)
def test_private_state_names_the_public_way(bot: Bot, module: str, make: str, names: str) -> None:
    bot.run(f"""
        from {module} import *
        manager = {make}
        for name in {names.split()}:
            for touch in (lambda: getattr(manager, name), lambda: setattr(manager, name, 5)):
                try:
                    touch()
                except AttributeError as error:
                    assert "get_" in str(error) or "NONCE_FLOOR" in str(error), error
                else:
                    raise AssertionError(name)
            assert not hasattr(manager, name)
        try:
            manager.generate_nonce()
        except AttributeError as error:
            assert "generate_nonce" in str(error)
        else:
            raise AssertionError
    """)


def test_class_level_private_state_raises_too(bot: Bot) -> None:
    bot.run("""
        from src.auth.nonce_manager import NonceManager
        try:
            NonceManager._instances.clear()
        except AttributeError as error:
            assert "get_auth_status()" in str(error)
        else:
            raise AssertionError
    """)


def test_members_of_the_new_manager_are_passed_on(bot: Bot) -> None:
    bot.run("""
        from src.utils.kraken_nonce_manager import KrakenNonceManager
        manager = KrakenNonceManager()
        assert manager.get_status()["total_generated"] == 0
        assert manager.recover_from_error("a").isdigit()
    """)


def test_classes_derived_from_legacy_classes_work(bot: Bot) -> None:
    bot.run("""
        from abc import ABC, abstractmethod
        from src.auth.nonce_manager import NonceManager
        from src.utils.kraken_nonce_manager import KrakenNonceManager
        from src.utils.unified_kraken_nonce_manager import UnifiedKrakenNonceManager

        class Base(ABC):
            @abstractmethod
            def get_nonce(self, connection_id): ...

        class Counting(KrakenNonceManager, Base):
            def __init__(self, name):
                super().__init__(cleanup_after_seconds=60)
                self.name, self.count = name, 0

            def get_nonce(self, connection_id):
                self.count += 1
                return super().get_nonce(connection_id)

        one = Counting("one")
        assert type(one.get_nonce("a")) is int and (one.count, one.name) == (1, "one")
        assert isinstance(one, KrakenNonceManager)

        class Marked(NonceManager):
            def __init__(self, api_key, storage_dir=None):
                super().__init__(api_key, storage_dir)
                self.marked = True

        shared = Marked.get_instance("key")
        assert shared is Marked.get_instance("key") and shared.marked and type(shared) is Marked
        assert shared is not NonceManager.get_instance("key")

        class Mine(UnifiedKrakenNonceManager):
            def get_nonce(self, connection_id="default"):
                return "9" + super().get_nonce(connection_id)

        mine = Mine()
        assert mine is Mine() is Mine.get_instance() and mine.get_nonce().startswith("91")
        assert isinstance(mine, UnifiedKrakenNonceManager)
        assert issubclass(Mine, UnifiedKrakenNonceManager)
        assert mine is not UnifiedKrakenNonceManager()
    """)


def test_patches_of_legacy_classes_take_effect_and_are_undone(bot: Bot) -> None:
    bot.run("""
        from unittest import mock
        from src.utils import kraken_nonce_manager as k, unified_kraken_nonce_manager as u

        for cls, made in ((k.KrakenNonceManager, k.KrakenNonceManager()),
                          (u.UnifiedKrakenNonceManager, u.UnifiedKrakenNonceManager())):
            with mock.patch.object(cls, "get_nonce", return_value="fake"):
                assert made.get_nonce("a") == "fake"
            assert int(made.get_nonce("a"))
        with mock.patch("src.utils.kraken_nonce_manager.get_nonce_manager") as double:
            assert k.get_nonce_manager() is double.return_value
        with mock.patch.object(u.UnifiedKrakenNonceManager, "_instance", None):
            assert int(u.get_nonce())
        assert int(u.UnifiedKrakenNonceManager().get_nonce())
        assert mock.create_autospec(k.KrakenNonceManager).get_nonce
    """)


def test_many_threads_draw_through_every_shim_without_a_duplicate(bot: Bot) -> None:
    bot.run("""
        from concurrent.futures import ThreadPoolExecutor
        from src.auth.nonce_manager import NonceManager
        from src.exchange.websocket_nonce_coordinator import get_nonce_coordinator
        from src.utils.kraken_nonce_manager import get_nonce_manager
        from src.utils.unified_kraken_nonce_manager import get_unified_nonce_manager

        draws = [
            lambda: get_nonce_manager().get_nonce("a"),
            lambda: get_unified_nonce_manager().get_nonce("b"),
            lambda: NonceManager.get_instance("key").get_next_nonce(),
            lambda: get_nonce_coordinator().get_auth_nonce("c"),
        ]
        with ThreadPoolExecutor(8) as pool:
            drawn = [int(n) for n in pool.map(lambda i: draws[i % 4](), range(800))]
        assert len(set(drawn)) == 800
    """)

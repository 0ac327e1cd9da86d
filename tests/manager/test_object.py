"""One object: whoever makes it, under whichever name, and what may not be done to it."""

from __future__ import annotations

import asyncio
import copy
import importlib.util
import sys
import threading
import warnings
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import mock

import pytest

from nonce_migrate.vendored import consolidated_nonce_manager as cnm

from . import children

Manager = cnm.ConsolidatedNonceManager
ALIASES = [
    cnm.UnifiedKrakenNonceManager,
    cnm.KrakenNonceManager,
    cnm.NonceManager,
    cnm.WebSocketNonceCoordinator,
]
SECRET = "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg=="


def test_every_name_gives_the_one_object(manager: Manager) -> None:
    makers: list[Callable[[], object]] = [
        Manager,
        Manager.get_instance,
        cnm.get_nonce_manager,
        cnm.get_unified_nonce_manager,
        cnm.get_nonce_coordinator,
        lambda: cnm.get_nonce_manager("key", SECRET),
        lambda: cnm.initialize_enhanced_nonce_manager("key", SECRET),
        lambda: manager.nonce_manager,
    ]
    assert all(make() is manager for make in makers)


@pytest.mark.parametrize("alias", ALIASES)
def test_an_alias_is_another_name_with_a_warning_at_the_caller(
    manager: Manager, alias: type[Manager]
) -> None:
    for make in (alias, alias.get_instance):
        with pytest.warns(DeprecationWarning, match=alias.__name__) as caught:
            assert make() is manager
        assert caught[0].filename == __file__
    assert isinstance(manager, alias)
    assert issubclass(alias, Manager)
    assert not isinstance(object(), alias)


@pytest.mark.parametrize("base", [Manager, *ALIASES])
def test_a_subclass_has_one_object_of_its_own_on_the_same_sequence(
    manager: Manager, base: type[Manager]
) -> None:
    class Mine(base):  # type: ignore[valid-type, misc]
        def __init__(self, name: str = "mine") -> None:
            super().__init__()
            self.name = name

        def get_nonce(self, connection_id: str = "default") -> str:
            return "9" + str(super().get_nonce(connection_id))

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        mine = Mine("first")
        assert Mine() is mine
        assert Mine.get_instance() is mine
    assert mine is not manager
    assert isinstance(mine, Manager)
    assert mine.name == "first"
    drawn = [int(manager.get_nonce("a")), int(mine.get_nonce("a")[1:]), int(manager.get_nonce())]
    assert drawn == sorted(set(drawn))
    assert mine.get_next_nonce().startswith("9")
    assert asyncio.run(mine.get_nonce_async()).startswith("9")
    assert mine.get_status()["connection_stats"]["a"]["total_nonces"] == 2
    with pytest.raises(AttributeError, match="get_status"):
        mine._last_nonce = 5


def load(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["src.utils.consolidated", "utils.consolidated", "bare"])
def test_the_file_under_another_name_is_the_same_module(manager: Manager, name: str) -> None:
    other: Any = load(name, children.MODULE)
    try:
        assert other.get_nonce_manager() is manager
        for public in other.__all__:
            assert getattr(other, public) is getattr(cnm, public)
        assert other.__name__ == name
    finally:
        del sys.modules[name]


def test_many_threads_make_one_object(manager: Manager) -> None:
    for _ in range(20):
        Manager.reset_instance()
        gate = threading.Barrier(8)
        made: list[Manager] = []

        def make(gate: threading.Barrier = gate, made: list[Manager] = made) -> None:
            gate.wait()
            made.append(Manager())
            made[-1].get_nonce()

        threads = [threading.Thread(target=make) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(made) == 8
        assert len(set(map(id, made))) == 1


def test_instance_set_to_none_starts_no_second_sequence(manager: Manager) -> None:
    before = int(manager.get_nonce())
    for cls in (Manager, cnm.UnifiedKrakenNonceManager):
        cls._instance = None
        assert cls._instance is None
        fresh = cnm.get_nonce_manager()
        assert cls._instance is fresh
        assert fresh.get_status()["total_generated"] == 0
        after = int(fresh.get_nonce())
        assert after > before
        before = int(manager.get_nonce())  # a reference from before shares the sequence
        assert before > after


def test_instance_can_be_patched_and_put_back(
    manager: Manager, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mock.patch.object(Manager, "_instance", None):
        assert cnm.get_nonce_manager().get_nonce()
    monkeypatch.setattr(Manager, "_instance", None)
    assert cnm.get_nonce_manager().get_nonce()
    with pytest.raises(AttributeError, match="get_instance"):
        Manager._instance = object()


def test_a_method_can_be_patched_on_the_object(manager: Manager) -> None:
    with mock.patch.object(manager, "get_nonce", return_value="7"):
        assert manager.get_nonce() == "7"
        assert asyncio.run(manager.get_nonce_async()) == "7"
    assert int(manager.get_nonce()) > 7


@pytest.mark.parametrize(
    "name",
    [*cnm._LEGACY_STATE[:-1], "unheard_of"],
)
def test_private_state_of_the_legacy_systems_names_the_public_ways(
    manager: Manager, name: str
) -> None:
    ways = r"get_status\(\).*NONCE_FLOOR.*reset_nonce_state"
    with pytest.raises(AttributeError, match=f"has no {name}.*{ways}"):
        getattr(manager, name)
    with pytest.raises(AttributeError, match=f"has no {name}.*{ways}"):
        setattr(manager, name, 5)
    assert not hasattr(manager, name)


@pytest.mark.parametrize(
    ("arguments", "options", "way"),
    [
        ((7200,), {}, "stale_after_seconds=7200"),
        ((0.5,), {}, "stale_after_seconds=0.5"),
        (("key", Path("/data")), {}, "carry_over_from"),
        (("key", "/var/lib/bot"), {}, "carry_over_from"),
        (("key", "data/state"), {}, "carry_over_from"),
        (("key", "D:\\trading_data"), {}, "carry_over_from"),
        (("key", 5), {}, "str"),
        ((object(),), {}, "get_nonce_manager"),
        ((), {"cleanup_after_seconds": 7200}, "stale_after_seconds"),
        ((), {"api_key": "key", "storage_dir": "x"}, "carry_over_from"),
        ((), {"nonce_manager": None}, "its own coordinator"),
        ((), {"stale_after_seconds": 0}, "above 0"),
        ((), {"stale_after_seconds": "60"}, "above 0"),
        ((), {"stale_after_seconds": True}, "above 0"),
        ((), {"stale_after_seconds": float("nan")}, "above 0"),
        ((), {"carry_over_from": 5}, "carry_over_from|PathLike|os.PathLike"),
    ],
)
@pytest.mark.parametrize("fresh", [True, False])
def test_what_only_a_legacy_constructor_took_is_refused(
    manager: Manager, arguments: tuple[Any, ...], options: dict[str, Any], way: str, fresh: bool
) -> None:
    if fresh:
        Manager.reset_instance()
    for make in (Manager, Manager.get_instance):
        with pytest.raises(TypeError, match=way):
            make(*arguments, **options)


def test_a_manager_in_the_place_of_the_key_is_refused(manager: Manager) -> None:
    with (
        pytest.warns(DeprecationWarning),
        pytest.raises(TypeError, match="get_nonce_manager"),
    ):
        cnm.WebSocketNonceCoordinator(manager)  # type: ignore[arg-type]


def test_credentials_are_added_as_they_come(manager: Manager) -> None:
    def known() -> object:
        return manager.get_status()["credentials"]

    assert known() is None
    Manager("key")
    assert known() == "key only"
    with pytest.raises(cnm.KrakenCredentialsError, match="api_secret"):
        asyncio.run(manager.make_authenticated_api_call("/0/private/Balance"))
    Manager(api_secret=SECRET)
    assert known() == "complete"
    assert manager.get_status()["nonce_fixer_available"] is True
    Manager()
    Manager("another key")  # for its nonces, which all keys share
    assert known() == "complete"
    with pytest.raises(ValueError, match="KrakenNonceFixer"):
        Manager("another key", SECRET)
    cnm.initialize_enhanced_nonce_manager("another key", SECRET)
    Manager.reset_instance()
    with pytest.raises(ValueError, match="without its API key"):
        Manager(api_secret=SECRET)


def test_a_deep_copy_shares_the_sequence(manager: Manager) -> None:
    twin = copy.deepcopy({"manager": manager})["manager"]
    assert int(manager.get_nonce()) < int(twin.get_nonce()) < int(manager.get_nonce())


def test_public_names_exist() -> None:
    assert cnm.__version__ == "4.0.0"
    assert all(hasattr(cnm, name) for name in cnm.__all__)
    first = children.MODULE.read_text(encoding="utf-8").splitlines()[:5]
    assert "# nonce-migrate: consolidated nonce manager" in first

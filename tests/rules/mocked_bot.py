"""A small bot whose own tests replace the nonce managers in every way that tests have."""

from __future__ import annotations

ENGINE = """
from src.utils.unified_kraken_nonce_manager import get_unified_nonce_manager


def nonce():
    return get_unified_nonce_manager().get_nonce("engine")
"""

LAZY = """
def nonce():
    from src.utils.unified_kraken_nonce_manager import get_nonce

    return get_nonce("lazy")


def enhanced():
    from src.utils import unified_kraken_nonce_manager

    return unified_kraken_nonce_manager.initialize_enhanced_nonce_manager("key", "c2VjcmV0")


def first():
    from src.utils.kraken_nonce_manager import KrakenNonceManager

    return KrakenNonceManager(7200).get_nonce("lazy") + 1


def login():
    from src.auth.nonce_manager import NonceManager

    return NonceManager("key").get_next_nonce()


def feed():
    from src.exchange.websocket_nonce_coordinator import get_nonce_coordinator

    return get_nonce_coordinator().get_auth_nonce("feed")
"""

LOADER = """
from importlib import import_module

PARTS = [("Unified", "src.utils.unified_kraken_nonce_manager", "get_unified_nonce_manager")]


def parts():
    return {label: getattr(import_module(path), name)() for label, path, name in PARTS}


def module():
    loaded = import_module("src.utils.kraken_nonce_manager")
    return loaded.KrakenNonceManager(7200).get_nonce("module") + 1
"""

TESTS = """
import sys
import types
from unittest import mock
from unittest.mock import DEFAULT, MagicMock, patch as replaced

import pytest

import engine
import lazy
import loader

UNIFIED = "src.utils.unified_kraken_nonce_manager"


class Fake:
    def __init__(self, cleanup_after_seconds):
        self.age = cleanup_after_seconds

    def get_nonce(self, connection_id):
        return self.age


@replaced("engine.get_unified_nonce_manager")
def test_consumer(manager):
    manager.return_value.get_nonce.return_value = "fake"
    assert engine.nonce() == "fake"


def test_consumer_as_object():
    with mock.patch.object(engine, "get_unified_nonce_manager") as manager:
        manager.return_value.get_nonce.return_value = "fake"
        assert engine.nonce() == "fake"


def test_consumer_by_monkeypatch(monkeypatch):
    fake = MagicMock()
    fake.return_value.get_nonce.return_value = "fake"
    monkeypatch.setattr("engine.get_unified_nonce_manager", fake)
    assert engine.nonce() == "fake"


def test_function_by_path(monkeypatch):
    monkeypatch.setattr(
        "src.utils.unified_kraken_nonce_manager.get_nonce", lambda connection_id="x": "fake"
    )
    assert lazy.nonce() == "fake"


def test_function_of_the_module():
    patcher = mock.patch(
        "src.utils.unified_kraken_nonce_manager.initialize_enhanced_nonce_manager",
        return_value="fake",
    )
    patcher.start()
    try:
        assert lazy.enhanced() == "fake"
    finally:
        patcher.stop()


def test_class_behind_the_factory():
    with mock.patch("src.utils.unified_kraken_nonce_manager.UnifiedKrakenNonceManager") as cls:
        cls.get_instance.return_value.get_nonce.return_value = "fake"
        assert lazy.nonce() == "fake"


def test_method_by_path():
    path = "get_nonce"
    with mock.patch(
        "src.utils.unified_kraken_nonce_manager.UnifiedKrakenNonceManager.get_nonce",
        return_value="fake",
    ):
        assert engine.nonce() == "fake", path


def test_old_signature():
    with mock.patch("src.utils.kraken_nonce_manager.KrakenNonceManager", Fake):
        assert lazy.first() == 7201


def test_checked_call():
    with mock.patch("src.exchange.websocket_nonce_coordinator.get_nonce_coordinator") as make:
        make.return_value.get_auth_nonce.return_value = 17
        assert lazy.feed() == 17
        make.return_value.get_auth_nonce.assert_called_once_with("feed")


def test_fake_module(monkeypatch):
    fake = types.ModuleType("fake")
    fake.NonceManager = lambda key: types.SimpleNamespace(get_next_nonce=lambda: "fake")
    monkeypatch.setitem(sys.modules, "src.auth.nonce_manager", fake)
    assert lazy.login() == "fake"


@pytest.mark.parametrize(
    "path, name",
    [
        ("src.utils.unified_kraken_nonce_manager", "get_unified_nonce_manager"),
        ("src.auth.nonce_manager", "NonceManager"),
    ],
)
def test_parts(path, name):
    assert callable(getattr(__import__(path, fromlist=[name]), name))


def test_loader():
    assert loader.module() > 1_000_000
    assert int(loader.parts()["Unified"].get_nonce("loader")) > 1_000_000


def test_forgotten():
    pytest.importorskip("src.utils.unified_kraken_nonce_manager")
    assert "src.auth.session" not in sys.modules


def test_computed(monkeypatch):
    for name in ("get_unified_nonce" + "_manager",):
        monkeypatch.setattr(engine, name, MagicMock())
    assert engine.nonce() is engine.nonce()
"""

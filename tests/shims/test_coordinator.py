"""The coordinator over the one manager, over a legacy adapter, and over a test's double."""

from __future__ import annotations

from .bots import Bot, kraken_shim


def test_over_nothing_or_the_consolidated_object_it_stands_on_that(bot: Bot) -> None:
    bot.run("""
        import asyncio
        from src.exchange import websocket_nonce_coordinator as legacy
        from src.utils.consolidated_nonce_manager import get_nonce_manager
        from src.utils.unified_kraken_nonce_manager import get_unified_nonce_manager

        one = legacy.get_nonce_coordinator()
        assert one is legacy.get_nonce_coordinator()
        assert isinstance(one, legacy.WebSocketNonceCoordinator)
        two = legacy.WebSocketNonceCoordinator(nonce_manager=get_unified_nonce_manager())
        assert one.nonce_manager is two.nonce_manager is get_nonce_manager()
        seen = []
        assert one.register_connection("a", error_handler=seen.append) is None
        drawn = [one.get_auth_nonce("a"), two.get_auth_nonce(connection_id="a")]
        assert type(drawn[0]) is str and int(drawn[0]) < int(drawn[1])
        assert one.mark_nonce_success("a", drawn[0]) is None
        message = two.create_auth_message("a", api_key="token")
        assert message["subscription"] == {"name": "ownTrades", "token": "token"}
        answer = one.handle_nonce_error("a", message["reqid"], "EAPI:Invalid nonce")
        assert answer["action"] == "retry" and int(answer["new_nonce"]) > int(drawn[1])
        assert one.get_connection_stats("a")["total_nonces"] >= 4
        assert one.get_all_stats()["active_connections"] == 1
        one.cleanup_connection("a")

        class Socket:
            async def send(self, message):
                seen.append(message)

            async def close(self):
                seen.append("closed")

        async def talk():
            wrapper = legacy.NonceWebSocketWrapper(Socket(), two)
            assert isinstance(wrapper, legacy.NonceWebSocketWrapper)
            await wrapper.send_authenticated({"event": "subscribe"})
            await wrapper.close()
            watch = asyncio.ensure_future(one.monitor_nonce_health(interval=60))
            await asyncio.sleep(0)
            watch.cancel()

        asyncio.run(talk())
        assert "reqid" in seen[-2] and seen[-1] == "closed"
    """)


def test_over_the_first_managers_adapter_it_gives_ints_of_the_one_sequence(bot: Bot) -> None:
    bot.run("""
        from src.exchange.websocket_nonce_coordinator import WebSocketNonceCoordinator
        from src.utils.consolidated_nonce_manager import get_nonce
        from src.utils.kraken_nonce_manager import KrakenNonceManager

        manager = KrakenNonceManager()
        one = WebSocketNonceCoordinator(manager)
        assert isinstance(one, WebSocketNonceCoordinator) and one.nonce_manager is manager
        first, between, second = one.get_auth_nonce("a"), int(get_nonce()), one.get_auth_nonce("a")
        assert type(first) is int and first < between < second
        assert type(one.create_auth_message("a", "key")["reqid"]) is int
    """)


def test_over_a_double_it_draws_from_the_double(bot: Bot) -> None:
    bot.run("""
        from unittest import mock
        from src.exchange.websocket_nonce_coordinator import WebSocketNonceCoordinator
        from src.utils.unified_kraken_nonce_manager import UnifiedKrakenNonceManager

        for double in (mock.Mock(), mock.Mock(spec=UnifiedKrakenNonceManager)):
            double.get_nonce.return_value = "42"
            one = WebSocketNonceCoordinator(double)
            assert one.get_auth_nonce("a") == "42" and one.nonce_manager is double
            double.get_nonce.assert_called_once_with("a")
        other = WebSocketNonceCoordinator()
        other.nonce_manager = double
        assert other.get_auth_nonce("b") == "42"
    """)


def test_over_an_object_derived_from_the_new_class_it_draws_from_that(bot: Bot) -> None:
    bot.run("""
        from src.exchange.websocket_nonce_coordinator import WebSocketNonceCoordinator
        from src.utils.unified_kraken_nonce_manager import UnifiedKrakenNonceManager

        class Mine(UnifiedKrakenNonceManager):
            def get_nonce(self, connection_id="default"):
                return "9" + super().get_nonce(connection_id)

        assert WebSocketNonceCoordinator(Mine()).get_auth_nonce("a").startswith("91")
    """)


def test_without_the_old_class_a_foreign_object_is_refused(bot: Bot) -> None:
    path = bot.root / "src/exchange/websocket_nonce_coordinator.py"
    path.write_text(kraken_shim("websocket_nonce_coordinator", "").text, encoding="utf-8")
    bot.run("""
        from src.exchange.websocket_nonce_coordinator import WebSocketNonceCoordinator

        WebSocketNonceCoordinator().get_auth_nonce("a")
        try:
            WebSocketNonceCoordinator(object())
        except TypeError as error:
            assert "UnifiedKrakenNonceManager" in str(error)
        else:
            raise AssertionError
    """)

"""The packaged profile."""

from __future__ import annotations

from nonce_migrate.profile import Becomes, ShimKind, load_profile

KRAKEN = load_profile("kraken")
SYSTEMS = {system.module: system for system in KRAKEN.systems}


def test_it_describes_five_systems() -> None:
    assert [(system.name, system.module) for system in KRAKEN.systems] == [
        ("kraken_nonce_manager", "src.utils.kraken_nonce_manager"),
        ("unified_kraken_nonce_manager", "src.utils.unified_kraken_nonce_manager"),
        ("nonce_manager", "src.auth.nonce_manager"),
        ("websocket_nonce_coordinator", "src.exchange.websocket_nonce_coordinator"),
        ("emergency_nonce_fix", "src.emergency_nonce_fix"),
    ]
    assert KRAKEN.vendor and KRAKEN.shims
    assert SYSTEMS["src.emergency_nonce_fix"].shim is ShimKind.INERT


def test_its_exports_are_those_of_the_packaged_manager() -> None:
    assert {"ConsolidatedNonceManager", "get_nonce_manager"} <= KRAKEN.exports


def test_what_has_no_counterpart_says_what_to_do() -> None:
    for system in KRAKEN.systems:
        assert all(symbol.becomes or symbol.step for symbol in system.symbols.values())
        assert all(member.becomes or member.step for member in system.members)


def test_arguments_that_would_change_their_meaning_are_mapped() -> None:
    system = SYSTEMS["src.auth.nonce_manager"]
    manager = system.symbols["NonceManager"].becomes
    assert manager is not None and manager.arguments is not None
    pairs = [(argument.parameter, argument.keyword) for argument in manager.arguments]
    assert pairs == [("api_key", "api_key"), ("storage_dir", "carry_over_from")]
    handled = system.members_by_owner["NonceManager"]["handle_invalid_nonce_error"]
    assert not handled.is_unchanged


def test_state_files_are_known_by_their_names() -> None:
    named = {name for system in KRAKEN.systems for name in system.state_files}
    assert named == {"unified_nonce_state.json", "nonce_state.json", "nonce_state_*.json"}


def test_an_int_is_kept_an_int() -> None:
    system = SYSTEMS["src.utils.kraken_nonce_manager"]
    member = system.members_by_owner["KrakenNonceManager"]["get_nonce"]
    assert member.becomes == Becomes(
        "int(self.get_nonce(connection_id))", "get_nonce", "self", convert="int"
    )

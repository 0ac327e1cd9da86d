"""What legacy methods tell in dictionaries, over the shims: every key that there was is there."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from .bots import KRAKEN, Bot

LEGACY = Path(__file__).parents[2] / "fixtures" / "legacy_bot"
# Points in time, which are texts in ISO 8601 now: in the revisions of the field they are one or
# the other.
TIMES = ("[last_save]", "[last_timestamp]")
CODE = """
    import json, sys
    from src.auth.nonce_manager import NonceManager
    from src.exchange.websocket_nonce_coordinator import get_nonce_coordinator
    from src.utils.kraken_nonce_manager import KrakenNonceManager
    from src.utils.unified_kraken_nonce_manager import get_unified_nonce_manager

    def shape(value):
        if isinstance(value, dict):
            return {str(key): shape(item) for key, item in value.items()}
        return "number" if isinstance(value, (int, float)) else type(value).__name__

    first, unified = KrakenNonceManager(), get_unified_nonce_manager()
    own, feed = NonceManager("key"), get_nonce_coordinator()
    first.get_nonce("a"), unified.get_nonce("a"), own.get_next_nonce()
    feed.register_connection("a")
    drawn = feed.get_auth_nonce("a")
    feed.mark_nonce_success("a", drawn)
    told = {
        "first": first.get_statistics(),
        "unified": unified.get_status(),
        "own": own.get_status(),
        "message": feed.create_auth_message("a", "token"),
        "connection": feed.get_connection_stats("a"),
        "retry": feed.handle_nonce_error("a", drawn, "EOrder:Invalid nonce"),
        "seen": feed.handle_nonce_error("a", drawn, "already seen nonce"),
        "other": feed.handle_nonce_error("a", drawn, "EGeneral:Unknown"),
    }
    print(json.dumps(shape(told)))
"""


def lost(legacy: object, shim: object, at: str = "") -> list[str]:
    """The keys that are missing over the shim, and those whose values have another type."""
    if not isinstance(legacy, dict):
        return [] if legacy == shim or at.endswith(TIMES) else [f"{at} was {legacy}, is {shim}"]
    if not isinstance(shim, dict):
        return [f"{at} is no dictionary"]
    found = []
    for key, value in legacy.items():
        found += lost(value, shim[key], f"{at}[{key}]") if key in shim else [f"{at}[{key}]"]
    return found


def test_every_key_is_told_still(bot: Bot, tmp_path: Path) -> None:
    legacy = Bot(tmp_path / "legacy")
    for system in KRAKEN.systems:
        path = Path(*system.module.split(".")).with_suffix(".py")
        (legacy.root / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(LEGACY / path, legacy.root / path)
    (legacy.root / "state").mkdir()
    before = json.loads(legacy.run(CODE).splitlines()[-1])
    assert lost(before, json.loads(bot.run(CODE).splitlines()[-1])) == []

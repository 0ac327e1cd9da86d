"""Nonces under words that a look at the text of the file alone would miss."""

from __future__ import annotations

import pytest

from tests.rules.rogue.looking import told

CLOCK = "str(int(time.time() * 1000))"
HEAD = 'import time\nurl = "https://api.kraken.com/0/private/Balance"\n'


@pytest.mark.parametrize(
    "code",
    [
        f'data = {{"\\x6eonce": {CLOCK}}}',
        f'data = {{"non" "ce": {CLOCK}}}',
        f'data = {{"API-Nonce": {CLOCK}}}',
        f"data = dict(__nonce__={CLOCK})",
        f'setattr(request, "NONCE", {CLOCK})',
        f"request.\uff4eonce = {CLOCK}",
        f"\uff4eonce = {CLOCK}\nsend(nonce)",
        f'body = "non" + "ce=" + {CLOCK}',
        f'body = "n" f"once={{{CLOCK}}}"',
        f'body = "non" + "ce={{}}".format({CLOCK})',
        f"def sign(request, nonce): ...\nsign(request, {CLOCK})",
        f"def sign(request, *, nonce={CLOCK}): ...",
        f"class Client:\n    async def get_nonce(self):\n        return {CLOCK}",
    ],
)
def test_a_word_is_found_however_it_is_written(code: str) -> None:
    (line,) = told(HEAD + code)
    assert line.endswith("clock in ms")


@pytest.mark.parametrize(
    "code",
    [
        f'data = {{"nonces": {CLOCK}}}',
        f'data = {{"announce": {CLOCK}}}',
        f'body = "non" + "=" + {CLOCK} + "ce="',
        f"get_nonce({CLOCK})",
        f'print("nonce", {CLOCK})',
    ],
)
def test_a_word_that_only_holds_one_is_none(code: str) -> None:
    assert told(HEAD + code) == []

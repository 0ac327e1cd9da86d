"""Nonces as numbers: which scale they have, and which are credible."""

from __future__ import annotations

from enum import Enum

NONCE_LIMIT = 1 << 63
_DAY_NS = 86_400 * 10**9
# Neighbouring scales lie at least a factor of 10 apart.
_FACTOR = 3


class Scale(Enum):
    """The unit a nonce counts in; the value is how many of them a second has."""

    S = 1
    MS = 10**3
    US = 10**6
    TEN_NS = 10**8
    NS = 10**9

    @property
    def label(self) -> str:
        """s, ms, us, 10ns or ns."""
        return "10ns" if self is Scale.TEN_NS else self.name.lower()


def scale_of(nonce: int, now_ns: int) -> Scale | None:
    """The scale at which a nonce is nearest to now (ns since the epoch), None where it is to none.

    It need not be exact: half of now and twice of it still count.
    """
    for scale in Scale:
        seconds, now = nonce / scale.value, now_ns / 10**9
        if now / _FACTOR < seconds < now * _FACTOR:
            return scale
    return None


def lead_seconds(nonce: int, scale: Scale, now_ns: int) -> float:
    """How far a nonce is ahead of the clock, negative where it is behind."""
    return (nonce * (10**9 // scale.value) - now_ns) / 10**9


def most_nonce(now_ns: int) -> int:
    """The highest credible nonce: a day ahead of now, in nanoseconds."""
    return min(NONCE_LIMIT - 1, now_ns + _DAY_NS)


def why_not_credible(nonce: int, now_ns: int) -> str | None:
    """What is wrong with a number that should be a nonce, None where nothing is."""
    if nonce < 0:
        return "is negative"
    if nonce >= NONCE_LIMIT:
        return "is 2^63 or above, more than the manager counts to"
    if nonce > most_nonce(now_ns):
        return "is more than a day ahead of the clock at any scale"
    return None


def mask(nonce: int) -> str:
    """A nonce with its middle left out, as the manager masks it."""
    text = str(nonce)
    return text if len(text) <= 8 else f"{text[:4]}...{text[-4:]}"

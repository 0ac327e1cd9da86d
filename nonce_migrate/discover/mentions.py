"""Tells from a file's bytes that it cannot speak of a nonce."""

from __future__ import annotations

from collections.abc import Iterable


class Mentions:
    """Looks for parts of names anywhere, in any case: `API-Nonce`, `self._nonce`."""

    def __init__(self, names: Iterable[str]) -> None:
        """names: of keys, variables and functions; with none of them, no file passes."""
        parts = sorted({_longest_part(name) for name in names}, key=len)
        fewest: list[str] = []
        for part in parts:
            if not any(shorter in part for shorter in fewest):
                fewest.append(part)
        self._parts = tuple(part.encode() for part in fewest)

    def may_be_in(self, data: bytes) -> bool:
        """Whether a file with that content may hold one of the names."""
        if not self._parts:
            return False
        lowered = data.lower()
        return any(part in lowered for part in self._parts)


def _longest_part(name: str) -> str:
    """Names are written with `-` and `_` alike."""
    return max(name.lower().replace("-", "_").split("_"), key=len)

"""Tells from a file's bytes that it does not write a legacy state file."""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORD = re.compile(r"[A-Za-z]{4,}")
_WRITES = re.compile(
    rb"open|write|dump|replac|renam|remov|unlink|copy|move|touch|input|truncate|sed|tee|rm|mv|cp|>"
)


class StateFiles:
    """Looks for the words of state files' names. It may let a file pass in vain."""

    def __init__(self, names: Iterable[str]) -> None:
        """names: as in a profile (`nonce_state_*.json`); with none of them, no file passes."""
        words = {frozenset(_WORD.findall(name.rpartition(".")[0])) for name in names}
        # What holds the words of a longer name holds those of a shorter one.
        least = [found for found in words if not any(other < found for other in words)]
        self._words = [[word.encode() for word in sorted(found)] for found in least]

    def may_be_written(self, data: bytes) -> bool:
        """Whether a file with that content may write one of them."""
        named = any(all(word in data for word in words) for words in self._words)
        return named and _WRITES.search(data) is not None

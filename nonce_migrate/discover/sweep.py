"""Reads a tree's files, on every core where that pays, and tells which may hold one of some words.

The files are read again for each search: the system keeps them in memory better than we could, and
what a run needs is then bounded by the largest file, not by the tree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Generic, TypeVar

from nonce_migrate.discover.share import Query, Share, Swept
from nonce_migrate.helpers import Helper, processes
from nonce_migrate.model import Unreadable

# Below this a process more costs more than it saves.
_WORTH_A_PROCESS = 800
# Files that are handed over together: many while many are left, since this process may be long at
# its own, and few in the end, so that all end at the same time.
_LARGEST_PART = 512
_SMALLEST_PART = 32
# How many of the smallest parts are taken before a look at the helpers, as they have enough to do.
_PARTS_BETWEEN = 8
# How many parts a helper has before it at most: one to work on, and the next.
_AHEAD = 2

Crop = TypeVar("Crop")


def nothing(path: str, data: bytes) -> None:
    """Makes nothing of a hit: whoever asked reads it."""


class Sweep(Generic[Crop]):
    """Searches the files of a tree for words, again and again; a hit is not looked at again.

    Files are taken while the tree is still being walked, and searched meanwhile for what the first
    query asks. Which process looks at a file makes no difference to what is found.
    """

    def __init__(
        self,
        root: Path,
        query: Query,
        harvest: Callable[[str, bytes], Crop],
        *,
        overlay: Mapping[str, bytes],
        jobs: int,
    ) -> None:
        """root: absolute folder. query: the first one. harvest: what is made of the path and bytes
        of a hit, in the process that found it; only that comes back. overlay: content that stands
        for some files. jobs: how many processes may work; 0 as many as there are cores.
        """
        self._root = str(root)
        self._query = query
        self._harvest = harvest
        self._overlay = overlay
        self._here = self._new_share()
        self._jobs = jobs
        self._waiting: list[str] = []
        self._fresh = 0  # files taken since the helpers were last given some
        self._helpers: list[Helper[Query | list[str], Swept[Crop]]] = []
        self._parts: list[Swept[Crop]] = []
        self._rest = 0

    def __enter__(self) -> Sweep[Crop]:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for helper in self._helpers:
            helper.close()

    @property
    def rest(self) -> int:
        """How many files no search has hit so far."""
        return self._rest

    def take(self, files: Sequence[str]) -> None:
        """Takes files, relative to the root; the helpers begin with them at once."""
        self._rest += len(files)
        self._waiting += files
        self._fresh += len(files)
        if self._fresh >= _PARTS_BETWEEN * _SMALLEST_PART:
            self._fresh = 0
            self._hand_out()

    def first(
        self,
        progress: Callable[[int, int], None] | None = None,
        on_hit: Callable[[], object] | None = None,
    ) -> Swept[Crop]:
        """What the first query asks for among all files taken. It may be too many.

        progress: is called with the files searched and all of them. on_hit: is called once, when a
        hit is known while files are left, to make ready for it as the helpers search on.
        """
        while self._waiting:
            self._hand_out()
            if on_hit is not None and any(part.hits for part in self._parts):
                on_hit()
                on_hit = None
                continue
            if self._waiting:
                share = len(self._waiting) // _SMALLEST_PART
                size = max(_SMALLEST_PART, min(share, _PARTS_BETWEEN * _SMALLEST_PART))
                self._parts.append(self._here.search(self._next_part(size)))
            if progress is not None:
                progress(self._rest - len(self._waiting), self._rest)
        parts, self._parts = self._parts, []
        for helper in self._helpers:
            parts += [helper.answer() for _ in range(helper.open)]
        return self._joined(parts)

    def find(self, query: Query) -> Swept[Crop]:
        """The files, of those not hit so far, that a further query asks for."""
        for helper in self._helpers:
            helper.ask(query)
        here = self._here.search_again(query)
        return self._joined([here, *(helper.answer() for helper in self._helpers)])

    def _hand_out(self) -> None:
        """Gives each helper what it can take now, and starts those that have become worth it."""
        while len(self._helpers) + 1 < processes(self._rest, self._jobs, _WORTH_A_PROCESS):
            Helper(self._new_share().answer, self._helpers)
        for helper in self._helpers:
            while helper.has_answered():
                self._parts.append(helper.answer())
            while self._waiting and helper.open < _AHEAD:
                share = len(self._waiting) // (_AHEAD * (len(self._helpers) + 1))
                helper.ask(self._next_part(max(_SMALLEST_PART, min(share, _LARGEST_PART))))

    def _new_share(self) -> Share[Crop]:
        return Share(self._root, self._query, self._harvest, self._overlay)

    def _next_part(self, size: int) -> list[str]:
        part = self._waiting[-size:]
        del self._waiting[-size:]
        return part

    def _joined(self, parts: Iterable[Swept[Crop]]) -> Swept[Crop]:
        hits: list[tuple[str, Crop]] = []
        unreadable: list[Unreadable] = []
        for part in parts:
            hits += part.hits
            unreadable += part.unreadable
        self._rest -= len(hits) + len(unreadable)
        hits.sort(key=lambda hit: hit[0])
        return Swept(tuple(hits), tuple(sorted(unreadable)))

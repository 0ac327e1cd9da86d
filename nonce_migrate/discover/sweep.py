"""Reads a tree's files, on every core where that pays, and tells which may hold one of some words.

The files are read again for each search: the system keeps them in memory better than we could, and
what a run needs is then bounded by the largest file, not by the tree.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from nonce_migrate.discover.mentions import Mentions
from nonce_migrate.discover.prefilter import Prefilter
from nonce_migrate.discover.stars import Stars
from nonce_migrate.discover.state_files import StateFiles
from nonce_migrate.helpers import Helper, processes
from nonce_migrate.model import Unreadable

_USUAL_SIZE = 1 << 16
_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
# Below this a process more costs more than it saves.
_WORTH_A_PROCESS = 1500


@dataclass(frozen=True, slots=True)
class Query:
    """Files that may hold one of the words, or `from x import *` of a module so named.

    stars: the last parts of dotted names; "" for a package that `from . import *` may mean.
    state_files: names, as in a profile, of files that it may write. mentions: names that may stand
    anywhere in the text, in any case.
    """

    words: frozenset[str] = frozenset()
    stars: frozenset[str] = frozenset()
    state_files: frozenset[str] = frozenset()
    mentions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Swept:
    """hits: files that a query asks for, in the order of the tree. unreadable: those left out."""

    hits: tuple[str, ...]
    unreadable: tuple[Unreadable, ...]


def read_file(root: str, path: str) -> bytes:
    """A file's bytes, by as few calls of the system as can be. Raises OSError."""
    handle = os.open(f"{root}/{path}", _FLAGS)
    try:
        data = os.read(handle, _USUAL_SIZE)
        if len(data) < _USUAL_SIZE:
            return data
        with open(handle, "rb", closefd=False) as rest:
            return data + rest.read()
    finally:
        os.close(handle)


class Sweep:
    """Searches the files of a tree for words, again and again; a hit is not looked at again.

    root: absolute folder. files: relative to it. overlay: content that stands for some of them.
    jobs: how many processes may work; 0 as many as there are cores.
    """

    def __init__(
        self, root: Path, files: Sequence[str], overlay: Mapping[str, bytes], jobs: int
    ) -> None:
        plain = [file for file in files if file not in overlay]
        self._order = {file: index for index, file in enumerate(files)}
        self._overlaid = _Share(str(root), [file for file in files if file in overlay], overlay)
        count = processes(len(plain), jobs, _WORTH_A_PROCESS)
        self._local = _Share(str(root), plain[::count], {})
        self._helpers: list[Helper[Query, Swept]] = []
        for number in range(1, count):
            share = _Share(str(root), plain[number::count], {})
            self._helpers.append(Helper(share.search, self._helpers))

    def __enter__(self) -> Sweep:
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
        return len(self._order)

    def find(self, query: Query) -> Swept:
        """The files, of those not hit so far, that a query asks for. It may find too many."""
        for helper in self._helpers:
            helper.ask(query)
        parts = [share.search(query) for share in (self._local, self._overlaid)]
        parts += [helper.answer() for helper in self._helpers]
        hits = sorted((h for part in parts for h in part.hits), key=self._order.__getitem__)
        unreadable = sorted(u for part in parts for u in part.unreadable)
        for path in (*hits, *(u.path for u in unreadable)):
            del self._order[path]
        return Swept(tuple(hits), tuple(unreadable))


class _Share:
    """The files that one process looks at, less those that it has hit."""

    def __init__(self, root: str, files: Sequence[str], overlay: Mapping[str, bytes]) -> None:
        self.root = root
        self.files = files
        self.overlay = overlay

    def search(self, query: Query) -> Swept:
        tests: list[Callable[[bytes], bool]] = []
        if query.words:
            tests.append(Prefilter(query.words).may_refer)
        if query.stars:
            tests.append(Stars(query.stars).may_bring)
        if query.state_files:
            tests.append(StateFiles(query.state_files).may_be_written)
        if query.mentions:
            tests.append(Mentions(query.mentions).may_be_in)
        hits: list[str] = []
        unreadable: list[Unreadable] = []
        rest: list[str] = []
        for path in self.files:
            try:
                data = self.overlay.get(path)
                if data is None:
                    data = read_file(self.root, path)
            except OSError as error:
                unreadable.append(Unreadable(path, 0, error.strerror or str(error)))
                continue
            if any(test(data) for test in tests):
                hits.append(path)
            else:
                rest.append(path)
        self.files = rest
        return Swept(tuple(hits), tuple(unreadable))

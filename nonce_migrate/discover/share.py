"""The files that one process searches."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

from nonce_migrate.discover.prefilter import Prefilter
from nonce_migrate.model import Unreadable

_USUAL_SIZE = 1 << 16
_LARGE_PART = 1 << 20
_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)

Crop = TypeVar("Crop")
Test = Callable[[bytes], bool]


class Query(NamedTuple):
    """Files that may hold one of the words, or `from x import *` of a module so named.

    stars: the last parts of dotted names; "" for a package that `from . import *` may mean.
    state_files: names, as in a profile, of files that it may write. mentions: names that may stand
    anywhere in the text, in any case.
    """

    words: frozenset[str] = frozenset()
    stars: frozenset[str] = frozenset()
    state_files: frozenset[str] = frozenset()
    mentions: frozenset[str] = frozenset()

    def tests(self) -> list[Test]:
        """What tells from a file's bytes that it may be asked for, the likeliest first."""
        tests: list[Test] = []
        if self.words:
            tests.append(Prefilter(self.words).may_refer)
        if self.stars:
            from nonce_migrate.discover.stars import Stars

            tests.append(Stars(self.stars).may_bring)
        if self.state_files:
            from nonce_migrate.discover.state_files import StateFiles

            tests.append(StateFiles(self.state_files).may_be_written)
        if self.mentions:
            from nonce_migrate.discover.mentions import Mentions

            tests.append(Mentions(self.mentions).may_be_in)
        return tests


class Swept(NamedTuple, Generic[Crop]):
    """hits: the files that a query asks for, each with what was made of it, sorted by path.

    unreadable: files that are left out from now on.
    """

    hits: tuple[tuple[str, Crop], ...]
    unreadable: tuple[Unreadable, ...]


def read_file(root: str, path: str) -> bytes:
    """A file's bytes, by as few calls of the system as can be. Raises OSError."""
    handle = os.open(f"{root}/{path}", _FLAGS)
    try:
        data = os.read(handle, _USUAL_SIZE)
        if len(data) < _USUAL_SIZE:
            return data
        parts = [data]
        while data:
            data = os.read(handle, _LARGE_PART)
            parts.append(data)
        return b"".join(parts)
    finally:
        os.close(handle)


class Share(Generic[Crop]):
    """Searches the files it is given, and keeps those that are no hit for further queries."""

    def __init__(
        self,
        root: str,
        first: Query,
        harvest: Callable[[str, bytes], Crop],
        overlay: Mapping[str, bytes],
    ) -> None:
        self._root = root
        self._first = first.tests()
        self._harvest = harvest
        self._overlay = overlay
        self._rest: list[str] = []

    def answer(self, asked: Query | list[str]) -> Swept[Crop]:
        """Searches further files for the first query, or those that are left for another one."""
        return self.search_again(asked) if isinstance(asked, Query) else self.search(asked)

    def search(self, files: Sequence[str]) -> Swept[Crop]:
        """The hits of the first query among further files."""
        return self._search(files, self._first)

    def search_again(self, query: Query) -> Swept[Crop]:
        """The hits of another query among the files that were none so far."""
        files, self._rest = self._rest, []
        return self._search(files, query.tests())

    def _search(self, files: Sequence[str], tests: Sequence[Test]) -> Swept[Crop]:
        hits: list[tuple[str, Crop]] = []
        unreadable: list[Unreadable] = []
        root, overlay, leave = self._root, self._overlay, self._rest.append
        may_matter = tests[0] if len(tests) == 1 else _any_of(tests)
        for path in files:
            try:
                data = overlay[path] if path in overlay else read_file(root, path)
            except OSError as error:
                unreadable.append(Unreadable(path, 0, error.strerror or str(error)))
                continue
            if may_matter(data):
                hits.append((path, self._harvest(path, data)))
            else:
                leave(path)
        return Swept(tuple(hits), tuple(unreadable))


def _any_of(tests: Sequence[Test]) -> Test:
    return lambda data: any(test(data) for test in tests)

"""Which words of a file name a nonce, or a function that gives one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from nonce_migrate.profile.schema import Rogue
from nonce_migrate.resolve.scopes import NameTable


class Words:
    """Tells from a name whether it holds a nonce, as the profile says."""

    def __init__(self, rogue: Rogue) -> None:
        self._names = frozenset(map(_plain, rogue.names))
        self._functions = frozenset(map(_plain, rogue.functions)) | self._names
        # Whatever names a nonce has one of these in it.
        self._cores = [w for w in self._functions if not any(v in w for v in self._functions - {w})]
        spellings = "|".join(re.escape(n).replace("_", "[-_]?") for n in sorted(self._names))
        self._body = re.compile(rf"(?<![a-z0-9_-])(?:{spellings})[\"']?\s*[=:]\s*[\"']?\Z", re.I)

    def is_nonce(self, name: object) -> bool:
        """Whether a key, variable, parameter or header of that name holds a nonce."""
        return isinstance(name, str) and _plain(name) in self._names

    def is_function(self, name: str) -> bool:
        """Whether a function of that name gives a nonce."""
        return _plain(name) in self._functions

    def among(self, words: Iterable[str]) -> Collection[str]:
        """Those of some words that name a nonce or a function that gives one, each once."""
        found = dict.fromkeys(words)
        joined = "\n".join(found)
        if joined.isascii():
            # Most files have none of them, which one look at all their words tells.
            plain = joined.replace("-", "_").lower()
            if not any(core in plain for core in self._cores):
                return ()
        return [word for word in found if self.is_function(word)]

    def ends_in_key(self, text: str) -> bool:
        """Whether text ends in `nonce=`, `"nonce": "` or the like."""
        return self._body.search(text) is not None


def _plain(name: str) -> str:
    return name.strip("_").replace("-", "_").lower()


@lru_cache(maxsize=8)
def words_of(rogue: Rogue) -> Words:
    """The words of a profile."""
    return Words(rogue)


@dataclass(frozen=True, slots=True)
class Spoken:
    """The words of a file that name a nonce or a function that gives one, each once.

    bound: names that a scope of it binds. stored: attributes that it assigns to. texts: its
    strings. arguments: keywords of its calls.
    """

    bound: Collection[str]
    stored: Collection[str]
    texts: Collection[str]
    arguments: Collection[str]

    @property
    def names(self) -> Collection[str]:
        """What can be counted on: a variable, an attribute, a key."""
        return dict.fromkeys((*self.bound, *self.stored, *self.texts))


def spoken(names: NameTable, words: Words) -> Spoken:
    """Reads what a file says of nonces."""
    return Spoken(
        words.among(chain.from_iterable(scope.bindings for scope in names.scopes)),
        words.among(attribute.attr for attribute in names.stored),
        words.among(str(constant.value) for constant, _ in names.strings),
        words.among(k.arg for call, _ in names.calls for k in call.keywords if k.arg is not None),
    )

"""Tells from a file's bytes, before any parsing, that it cannot refer to a legacy system."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import AnyStr

_COOKIE = re.compile(rb"coding[:=][ \t]*([-\w.]+)")
_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
# How the first line begins where it, or the second one, can declare an encoding: with a comment or
# as a blank line. "" is an empty file.
_BEFORE_COOKIES = frozenset((b"#", b" ", b"\t", b"\f", b"\r", b"\n", b"\xef", b""))
_SAME_AS_UTF8 = frozenset({"utf-8", "utf8", "ascii", "us-ascii"})
_ASCII = bytes(range(128))

# What a word may follow directly: no character of an identifier, or the end of an escape in a
# string literal (in "\nget_nonce" the first n belongs to no word).
_BEFORE = (
    r"(?:^|[^a-zA-Z0-9_]|\\[abfnrtv]|\\[0-7]{1,3}"
    r"|\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8})\Z"
)
_BEFORE_IN_BYTES = re.compile(_BEFORE.encode())
_BEFORE_IN_TEXT = re.compile(_BEFORE)
_LONGEST_BEFORE = len(r"\U0001F600")

# A search for a short fragment that all words share is one pass over the bytes; the longer ones
# then sort out most of what it lets through before any regular expression is tried.
_FRAGMENT_SIZES = (4, 5)
_MOST_SHARED_FRAGMENTS = 8


class Prefilter:
    """Looks for words in files. It may let a file pass in vain, but never keeps one back.

    Words that a file puts together from parts ("nonce" + "_manager") are not looked for.
    """

    def __init__(self, words: Iterable[str]) -> None:
        """words: identifiers; with none of them, no file passes but those it cannot judge."""
        plain = tuple(sorted({unicodedata.normalize("NFKC", word) for word in words}))
        pattern = f"(?:{'|'.join(map(re.escape, plain))})(?![a-zA-Z0-9_])" if plain else "(?!)"
        self._words_in_bytes = re.compile(pattern.encode())
        self._words_in_text = re.compile(pattern)
        letters = "".join(sorted(set("".join(plain))))
        # What may stand for a part of a word in another form; no way to tell for other letters.
        self._letters = (
            re.compile(f"[{re.escape(letters)}]") if letters.isascii() and letters else None
        )
        # Each once, in their order.
        self._fragments = tuple(dict.fromkeys(_fragments(plain, size) for size in _FRAGMENT_SIZES))
        first, *self._sieves = [tuple(map(str.encode, sieve)) for sieve in self._fragments]
        anchors = [(part, _offsets(part, plain)) for part in self._fragments[-1]]
        self._anchors_in_text = anchors
        self._anchors_in_bytes = [
            (part.encode(), _offsets(part.encode(), map(str.encode, plain))) for part, _ in anchors
        ]
        # What most words share tells of most files that there is none in them.
        self._shared = first[0] if len(first) == 1 else None
        if self._shared is None:
            self._sieves.insert(0, first)

    def may_refer(self, data: bytes) -> bool:
        """Whether a file with that content may hold one of the words as an identifier.

        It passes what it cannot judge: a file in an encoding that does not contain ASCII, or that
        Python does not know. As Python does, it takes identifiers in their NFKC form.
        """
        # From the end: each place is then tried by the fragment's first letter, not by its last,
        # which is the `e` of "nonce" in the packaged profile, and everywhere in code.
        is_sieved_out = self._shared is not None and data.rfind(self._shared) < 0
        if not is_sieved_out and self._is_in_bytes(data):
            return True
        # Most files are done with here: ASCII, and no line in which an encoding is declared.
        is_ascii = data.isascii()
        if is_ascii and data[:1] not in _BEFORE_COOKIES:
            return False
        declared = _declared(data)
        if is_ascii and not declared:
            return False
        if data.startswith(_WIDE_MARKS):
            return True
        return any(self._is_in_text(data, encoding) for encoding in {"utf-8", *declared})

    def _is_in_bytes(self, data: bytes) -> bool:
        for sieve in self._sieves:
            for fragment in sieve:
                if data.find(fragment) >= 0:  # `in` asks for a number first
                    break
            else:
                return False
        return _holds(data, self._anchors_in_bytes, self._words_in_bytes, _BEFORE_IN_BYTES)

    def _is_in_text(self, data: bytes, encoding: str) -> bool:
        """Whether a word is there only after Python has made identifiers of it."""
        if encoding == "utf-8" and self._letters and not _gives(self._letters, data):
            return False
        try:
            if _ASCII.decode(encoding) != _ASCII.decode():
                return True
            text = data.decode(encoding, errors="replace")
        except (LookupError, ValueError):
            return True
        normal = unicodedata.normalize("NFKC", text)
        if not all(any(part in normal for part in sieve) for sieve in self._fragments):
            return False
        return _holds(normal, self._anchors_in_text, self._words_in_text, _BEFORE_IN_TEXT)


def _gives(letters: re.Pattern[str], data: bytes) -> bool:
    """Whether a character of UTF-8 beyond ASCII gives one of some ASCII letters in NFKC.

    Where none does, a word of such letters in the normal form stands in the bytes as it is: what
    takes part in a composition is no ASCII any more, and nothing is left out. Without the ASCII
    bytes, the sequences of the others are still whole.
    """
    foreign = set(data.translate(None, _ASCII).decode(errors="replace"))
    return letters.search(unicodedata.normalize("NFKC", " ".join(foreign))) is not None


def _offsets(part: AnyStr, words: Iterable[AnyStr]) -> tuple[int, ...]:
    """Where a part first comes in those words that have it."""
    return tuple(sorted({word.find(part) for word in words} - {-1}))


def _holds(
    text: AnyStr,
    anchors: Iterable[tuple[AnyStr, tuple[int, ...]]],
    words: re.Pattern[AnyStr],
    before: re.Pattern[AnyStr],
) -> bool:
    """Whether one of the words stands by itself somewhere in the text.

    anchors: parts of which every word has one, with their offsets. A regular expression is tried
    around them only: it is much slower to find the next place that may matter.
    """
    for part, offsets in anchors:
        at = text.find(part)
        while at >= 0:
            for offset in offsets:
                start = at - offset
                is_there = start >= 0 and words.match(text, start)
                if is_there and before.search(text[max(0, start - _LONGEST_BEFORE) : start]):
                    return True
            at = text.find(part, at + 1)
    return False


def _declared(data: bytes) -> frozenset[str]:
    """What the first two lines seem to declare (PEP 263), if it is not UTF-8 or ASCII."""
    end = data.find(b"\n", data.find(b"\n") + 1)
    head = data[:end] if end >= 0 else data
    return _declared_encodings(head) if b"coding" in head else frozenset()


@lru_cache(maxsize=64)
def _declared_encodings(head: bytes) -> frozenset[str]:
    names = (name.decode(errors="replace").lower() for name in _COOKIE.findall(head))
    return frozenset(name for name in names if name.replace("_", "-") not in _SAME_AS_UTF8)


@lru_cache(maxsize=64)
def _fragments(words: tuple[str, ...], size: int) -> tuple[str, ...]:
    """Few strings of which every word contains one, none shorter than `size` unless a word is."""
    rest, chosen = list(words), list[str]()
    while rest and len(chosen) < _MOST_SHARED_FRAGMENTS:
        shared = Counter(part for word in rest for part in _parts(word, size))
        best = max(shared, key=lambda part: (shared[part], len(part), part))
        chosen.append(best)
        rest = [word for word in rest if best not in word]
    return (*chosen, *rest)


def _parts(word: str, size: int) -> set[str]:
    """The parts of a word that are long enough to be rare, and the word itself."""
    starts = range(len(word) - size + 1)
    return {word} | {word[a:b] for a in starts for b in range(a + size, len(word) + 1)}

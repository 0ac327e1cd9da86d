"""Which words of a file speak for the exchange's nonce, and which for something else."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from nonce_migrate.profile.schema import Rogue
from nonce_migrate.resolve.project import ParsedModule

# A word this long names what it stands in (`krakenclient`); a shorter one must stand alone.
_LONG = 6


@dataclass(frozen=True, slots=True)
class Evidence:
    """own, signing, foreign: the first word of each sort near the place, "" for none.

    far_own, far_foreign: the same for the whole file and its path.
    """

    own: str
    signing: str
    foreign: str
    far_own: str
    far_foreign: str

    @property
    def is_foreign(self) -> bool:
        """Whether all that is said of whose nonce it is speaks of something else."""
        if self.foreign:
            return not self.own
        return bool(self.far_foreign) and not self.far_own and not self.own

    @property
    def is_signed(self) -> bool:
        """Whether a call to the exchange is signed there: what is no clock needs that proof."""
        return bool(self.signing and self.far_own and not self.foreign)


class Witness:
    """Collects evidence in one file. Only code and text count, not comments."""

    def __init__(self, module: ParsedModule, rogue: Rogue) -> None:
        self.module = module
        self.rogue = rogue
        self._near: dict[ast.AST, str] = {}

    def of(self, node: ast.AST) -> Evidence:
        """The evidence for a place: its outermost function, class or statement, and the file."""
        near = self._words_near(node)
        return Evidence(
            own=_first(self.rogue.context, near),
            signing=_first(self.rogue.signing, near),
            foreign=_first(self.rogue.foreign, near),
            far_own=_first(self.rogue.context, self._whole),
            far_foreign=_first(self.rogue.foreign, self._whole),
        )

    def _words_near(self, node: ast.AST) -> str:
        top: ast.AST = node
        for around in self.module.names.ancestors(node):
            if around is not self.module.tree:
                top = around
        if top not in self._near:
            self._near[top] = _words_of(top)
        return self._near[top]

    @cached_property
    def _whole(self) -> str:
        return f"{self.module.path.lower()}\n{_words_of(self.module.tree)}"


def _words_of(node: ast.AST) -> str:
    return "\n".join(word for child in ast.walk(node) for word in _words(child)).lower()


def _words(node: ast.AST) -> Iterator[str]:
    for name in ("id", "attr", "arg", "name", "asname", "module"):
        value = getattr(node, name, None)
        if isinstance(value, str):
            yield value
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            yield node.value
        elif isinstance(node.value, bytes):
            yield node.value.decode("latin-1")


def _first(words: Iterable[str], text: str) -> str:
    return next((word for word in words if _holds(text, word.lower())), "")


def _holds(text: str, word: str) -> bool:
    start = text.find(word)
    while start >= 0:
        end = start + len(word)
        is_alone = not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum())
        if len(word) >= _LONG or is_alone:
            return True
        start = text.find(word, start + 1)
    return False

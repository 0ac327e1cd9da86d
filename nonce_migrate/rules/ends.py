"""Where the result of a call can end up."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class Taken(Enum):
    """What a place takes a value for.

    NUMBER: for its digits, as JSON does. COMPARED, RECKONED: for how large it is. TEXT: for a text,
    or for what gives the same of a number and of its digits.
    """

    TEXT = auto()
    NUMBER = auto()
    COMPARED = auto()
    RECKONED = auto()
    UNSEEN = auto()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value ends up. what: in words, as the end of "it is ..."."""

    taken: Taken
    path: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: the result is {self.what}"


@dataclass(frozen=True, slots=True)
class Ends:
    """Every place that the result of a call reaches."""

    places: tuple[Place, ...]

    @property
    def all_text(self) -> bool:
        """Whether an int and its digits give the same in each of them."""
        return all(place.taken is Taken.TEXT for place in self.places)

    def taken(self, *kinds: Taken) -> Place | None:
        """The first place, in the order of the files, that takes it for one of those."""
        found = (place for place in self.places if place.taken in kinds)
        return min(found, key=lambda place: (place.path, place.line), default=None)

    @property
    def reasons(self) -> tuple[str, ...]:
        """What makes a number of it, or takes it out of sight; first the text uses beside them."""
        ordered = sorted(set(map(str, (p for p in self.places if p.taken is not Taken.TEXT))))
        texts = sorted(set(map(str, (p for p in self.places if p.taken is Taken.TEXT))))
        return (*texts, *ordered) if ordered else ()

"""What an expression counts: the clock and in which unit, or something that is no clock at all."""

from __future__ import annotations

import ast
import math
from dataclasses import dataclass, replace
from enum import Enum, StrEnum, auto

# Seconds since 1970 have ten digits from 2001 to 2286.
_DIGITS_OF_SECONDS = 10
# A moment long past: what was ahead of the manager then is ahead of it for good.
_PAST = 1.5e9
_UNITS = {0: "s", 3: "ms", 6: "us", 9: "ns"}


class Kind(StrEnum):
    """What a number is drawn from."""

    CLOCK = "clock"
    UPTIME = "monotonic clock"
    UUID = "uuid"
    RANDOM = "random number"
    COUNTER = "counter"


class Form(Enum):
    """What sort of value an expression has."""

    INT = auto()
    FLOAT = auto()
    TEXT = auto()
    BYTES = auto()
    MOMENT = auto()
    SPAN = auto()
    FIELDS = auto()
    OBJECT = auto()


@dataclass(frozen=True, slots=True)
class Hop:
    """One step from the place outward: the node that hands the value on, and how."""

    node: ast.expr | ast.stmt | ast.arg | ast.keyword
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """The value of an expression as far as it can be computed: scale * seconds + offset.

    scale: units a second, None where it is not known. offset: None where something is added that
    is not known. hops: the names and functions that it was read through.
    """

    kind: Kind
    form: Form
    scale: float | None = None
    offset: float | None = 0.0
    hops: tuple[Hop, ...] = ()

    @property
    def is_clock(self) -> bool:
        """Whether it grows with time."""
        return self.kind in (Kind.CLOCK, Kind.UPTIME)

    @property
    def unit(self) -> str:
        """`ms`, `10 ns`; "" where it is not known or there is none."""
        return unit_of(self.scale) if self.is_clock and self.scale else ""

    def is_ahead_of(self, scale: float) -> bool:
        """Whether such a number was above the clock in units of 1/scale s."""
        if self.scale is None or self.offset is None:
            return True
        return self.scale * _PAST + self.offset > scale * _PAST

    def times(self, factor: float | None) -> Reading:
        """Multiplied; None: by something that is not known."""
        if factor is None or self.scale is None:
            return replace(self, scale=None)
        offset = None if self.offset is None else self.offset * factor
        return replace(self, scale=self.scale * factor, offset=offset)

    def plus(self, number: float | None) -> Reading:
        """With a number added; None: one that is not known."""
        if number is None or self.offset is None:
            return replace(self, offset=None)
        return replace(self, offset=self.offset + number)

    def as_form(self, form: Form) -> Reading:
        """The same number in another form."""
        return replace(self, form=form)

    def first_digits(self, count: int) -> Reading:
        """The text's first digits: those of a finer unit than they say are cut off."""
        if not self.is_clock:
            return self
        return replace(self, scale=10.0 ** (count - _DIGITS_OF_SECONDS), offset=0.0)


def unit_of(scale: float) -> str:
    """The length of one step of a clock that makes `scale` steps a second."""
    digits = round(math.log10(scale), 6) if scale > 0 else -1.0
    if digits < 0 or digits != int(digits) or digits > 9:
        return f"1/{scale:g} s"
    whole = -(-int(digits) // 3) * 3
    count = 10 ** (whole - int(digits))
    return _UNITS[whole] if count == 1 else f"{count} {_UNITS[whole]}"

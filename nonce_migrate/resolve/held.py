"""What an expression can hold, as far as the migration cares."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from nonce_migrate.resolve.project import ModuleTarget, SymbolTarget
from nonce_migrate.resolve.scopes import Binding

# A chain of reasons that is longer is believed by nobody.
_MOST_REASONS = 8


@dataclass(frozen=True, slots=True)
class Instance:
    """An object of a legacy class."""

    system: str
    owner: str


@dataclass(frozen=True, slots=True)
class Own:
    """A class of the project, or an object of it: the file and line that define it, its name."""

    path: str
    name: str
    line: int


@dataclass(frozen=True, slots=True)
class Replacement:
    """A class or factory of the target; is_object: what it makes, not itself."""

    name: str
    is_object: bool = False


@dataclass(frozen=True, slots=True)
class Foreign:
    """An object of a class of another package (`MagicMock()`): neither legacy nor the project's."""

    name: str


Held = ModuleTarget | SymbolTarget | Instance | Own | Replacement | Foreign


@dataclass(frozen=True, slots=True)
class Value:
    """What an expression can hold.

    complete: nothing else can be in it; only then is an edit built on it safe. origins: the
    import bindings that it came through. is_guess: only a name says so. why: the reasons as
    sentences, from the place outward; values that differ in them alone are equal.
    """

    held: frozenset[Held]
    complete: bool
    origins: frozenset[Binding] = frozenset()
    is_guess: bool = False
    why: tuple[str, ...] = field(default=(), compare=False)

    @property
    def proven(self) -> Held | None:
        """The one thing it holds, None where that is not certain."""
        if self.complete and len(self.held) == 1:
            return next(iter(self.held))
        return None

    @property
    def ordered(self) -> Sequence[Held]:
        """What it can hold, in an order that is the same in every run."""
        return sorted(self.held, key=repr) if len(self.held) > 1 else tuple(self.held)

    @property
    def instances(self) -> tuple[Instance, ...]:
        """The legacy objects among what it can hold, in a fixed order."""
        found = (held for held in self.held if isinstance(held, Instance))
        return tuple(sorted(found, key=lambda i: (i.system, i.owner)))

    def because(self, *reasons: str) -> Value:
        """The same with reasons before those that it has."""
        return replace(self, why=_each_once((*reasons, *self.why)))

    def doubted(self, *reasons: str) -> Value:
        """The same where something else may be in it as well."""
        return replace(self, complete=False, is_guess=False).because(*reasons)

    def guessed(self) -> Value:
        """The same as a mere possibility."""
        held = frozenset(h for h in self.held if isinstance(h, Instance))
        return replace(self, held=held, complete=False, is_guess=True)


UNKNOWN = Value(frozenset(), complete=False)
NOTHING = Value(frozenset(), complete=True)


def join(values: Iterable[Value]) -> Value:
    """What holds any of the values. It is a guess where a guess is all that there is."""
    values = list(values)
    if len(values) == 1:
        return values[0]
    held: frozenset[Held] = frozenset()
    origins: frozenset[Binding] = frozenset()
    why: tuple[str, ...] = ()
    complete, is_guess = True, False
    for value in values:
        held |= value.held
        origins |= value.origins
        why += value.why
        complete = complete and value.complete
        is_guess = is_guess or value.is_guess
    return Value(held, complete, origins, is_guess, _each_once(why))


def _each_once(reasons: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(reasons))[:_MOST_REASONS]

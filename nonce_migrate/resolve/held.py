"""What an expression can hold, as far as the migration cares."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nonce_migrate.resolve.project import ModuleTarget, SymbolTarget
from nonce_migrate.resolve.scopes import Binding


@dataclass(frozen=True, slots=True)
class Instance:
    """An object of a legacy class."""

    system: str
    owner: str


@dataclass(frozen=True, slots=True)
class Own:
    """An object of a class of the project: the file that defines it, and its name there."""

    path: str
    name: str


@dataclass(frozen=True, slots=True)
class Replacement:
    """A class or factory of the target; is_object: what it makes, not itself."""

    name: str
    is_object: bool = False


Held = ModuleTarget | SymbolTarget | Instance | Own | Replacement


@dataclass(frozen=True, slots=True)
class Value:
    """What an expression can hold.

    complete: nothing else can be in it; only then is an edit built on it safe. origins: the
    import bindings that it came through. is_guess: only a name says so.
    """

    held: frozenset[Held]
    complete: bool
    origins: frozenset[Binding] = frozenset()
    is_guess: bool = False

    @property
    def proven(self) -> Held | None:
        """The one thing it holds, None where that is not certain."""
        if self.complete and len(self.held) == 1:
            return next(iter(self.held))
        return None

    @property
    def instances(self) -> tuple[Instance, ...]:
        """The legacy objects among what it can hold, in a fixed order."""
        found = (held for held in self.held if isinstance(held, Instance))
        return tuple(sorted(found, key=lambda i: (i.system, i.owner)))

    def doubted(self) -> Value:
        """The same where something else may be in it as well."""
        return Value(self.held, complete=False, origins=self.origins)

    def guessed(self) -> Value:
        """The same as a mere possibility."""
        held = frozenset(h for h in self.held if isinstance(h, Instance))
        return Value(held, complete=False, origins=self.origins, is_guess=True)


UNKNOWN = Value(frozenset(), complete=False)
NOTHING = Value(frozenset(), complete=True)


def join(values: Iterable[Value]) -> Value:
    """What holds any of the values."""
    held: frozenset[Held] = frozenset()
    origins: frozenset[Binding] = frozenset()
    complete, is_guess = True, False
    for value in values:
        held |= value.held
        origins |= value.origins
        complete = complete and value.complete
        is_guess = is_guess or value.is_guess
    return Value(held, complete, origins, is_guess)

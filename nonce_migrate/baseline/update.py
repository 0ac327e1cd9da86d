"""Brings a baseline up to date: it shrinks, and takes something new up for a reason only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from nonce_migrate.baseline.entries import Entry, Key


@dataclass(frozen=True, slots=True)
class Updated:
    """entries: of the new file. gone: those dropped. new: what was found and had no entry; it is
    among the entries only where there was a reason to take it up.
    """

    entries: tuple[Entry, ...]
    gone: tuple[Entry, ...]
    new: tuple[Key, ...]


def update(
    entries: Sequence[Entry],
    found: Iterable[Key],
    is_judged: Callable[[Entry], bool],
    reason: str | None,
) -> Updated:
    """The baseline after a run that found those.

    is_judged: whether the run has looked for the finding of an entry; one that was not looked for
    stays. reason: why new ones are taken up, None where they are not.
    """
    keys = set(found)
    gone = [entry for entry in entries if entry.key not in keys and is_judged(entry)]
    kept = [entry for entry in entries if entry not in gone]
    new = sorted(keys - {entry.key for entry in entries})
    taken = [Entry(key, reason) for key in new] if reason is not None else []
    return Updated((*kept, *taken), tuple(gone), tuple(new))

"""How far the migration has come, by system and by folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from nonce_migrate.model import Safety
from nonce_migrate.reports.formats.html.folders import group, order
from nonce_migrate.reports.record import Entry, Fate, Record
from nonce_migrate.visible import visible

_MOST_FOLDERS = 24


class State(StrEnum):
    """Where a reference stands. The value names its colour in the style sheet."""

    APPLIED = "applied"
    PENDING = "pending"
    LEFT = "left"
    EDITABLE = "editable"
    GUESS = "guess"
    MANUAL = "manual"

    @property
    def label(self) -> str:
        """In words."""
        return _LABELS[self]


_LABELS = {
    State.APPLIED: "applied",
    State.PENDING: "pending",
    State.LEFT: "left for a person",
    State.EDITABLE: "still legacy, safe edit",
    State.GUESS: "still legacy, unsafe edit",
    State.MANUAL: "still legacy, for a person",
}
_DONE = {Fate.MADE: State.APPLIED, Fate.PENDING: State.PENDING, Fate.LEFT: State.LEFT}
_LEGACY = {
    Safety.SAFE: State.EDITABLE,
    Safety.UNSAFE: State.GUESS,
    Safety.MANUAL: State.MANUAL,
}


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a bar; start and width in percent of its length."""

    state: State
    count: int
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Bar:
    """The references of one system or folder by their states. counts: zeros too."""

    name: str
    detail: str
    counts: tuple[int, ...]
    shares: tuple[Share, ...]

    @property
    def total(self) -> int:
        """How many references there are."""
        return sum(self.counts)

    @property
    def spoken(self) -> str:
        """`382 applied, 70 left for a person`."""
        return ", ".join(f"{s.count} {s.state.label}" for s in self.shares) or "no references"


@dataclass(frozen=True, slots=True)
class Progress:
    """states: those that occur, in order; the counts of every bar follow them."""

    states: tuple[State, ...]
    whole: Bar
    systems: tuple[Bar, ...]
    folders: tuple[Bar, ...]


def state_of(entry: Entry) -> State:
    """Where the reference of an entry stands after the run."""
    return _DONE.get(entry.fate) or _LEGACY[entry.finding.safety]


def progress_of(record: Record) -> Progress:
    """The bars of a record, of every system of the profile and every folder with a finding.

    What is told of the upkeep of a migrated bot is no part of the way there.
    """
    entries = [entry for entry in record.entries if not entry.finding.code.is_upkeep]
    found = Counter(map(state_of, entries))
    states = tuple(state for state in State if found[state])
    systems = {name: description for name, _, description in record.systems}
    systems |= {e.finding.system: "" for e in entries if e.finding.system not in systems}
    folder_of = group((e.finding.path for e in entries), _MOST_FOLDERS)
    by_system = _by(entries, lambda e: e.finding.system)
    by_folder = _by(entries, lambda e: folder_of[e.finding.path])
    return Progress(
        states=states,
        whole=_bar("everything", "", found, states),
        systems=tuple(
            _bar(name, detail, by_system.get(name, Counter()), states)
            for name, detail in systems.items()
        ),
        folders=tuple(
            _bar(name, "", by_folder[name], states) for name in sorted(by_folder, key=order)
        ),
    )


def _by(entries: Iterable[Entry], key: Callable[[Entry], str]) -> dict[str, Counter[State]]:
    counts: dict[str, Counter[State]] = {}
    for entry in entries:
        counts.setdefault(key(entry), Counter())[state_of(entry)] += 1
    return counts


def _bar(name: str, detail: str, counts: Counter[State], states: tuple[State, ...]) -> Bar:
    total = counts.total()
    shares: list[Share] = []
    before = 0
    for state in states:
        if count := counts[state]:
            start, width = round(100 * before / total, 2), round(100 * count / total, 2)
            shares.append(Share(state, count, start, width))
            before += count
    numbers = tuple(counts[state] for state in states)
    return Bar(visible(name), visible(detail), numbers, tuple(shares))

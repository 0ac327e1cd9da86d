"""The findings as rows of a table, and what they can be filtered by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from nonce_migrate.model import Finding, Kind, Safety
from nonce_migrate.reports.formats.html.folders import group, order
from nonce_migrate.reports.formats.html.progress import State, state_of
from nonce_migrate.reports.record import Entry, Fate, Record
from nonce_migrate.visible import visible

_MOST_FOLDERS = 200
_FATES = {
    Fate.MADE: "applied",
    Fate.PENDING: "pending",
    Fate.LEFT: "left for a person",
    Fate.LISTED: "still legacy",
    Fate.FAILS: "fails the check",
    Fate.WARNS: "warning",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One finding. fate: what became of it, in words. choices: for each filter the number of the
    option that the row falls under.

    link: the fragment of the file's diff, "" where it has none.
    """

    path: str
    line: int
    column: int
    code: str
    kind: str
    system: str
    symbol: str
    level: str
    state: State
    fate: str
    becomes: str
    reason: str
    step: str
    broken: str
    why: tuple[str, ...]
    link: str
    choices: tuple[int, ...]

    @property
    def has_more(self) -> bool:
        """Whether there is something to unfold."""
        return bool(self.reason or self.step or self.broken or self.why)


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice among the values that occur. options: (value, how many findings have it)."""

    name: str
    label: str
    options: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """The table of findings."""

    rows: tuple[Row, ...]
    filters: tuple[Filter, ...]


def listing_of(record: Record, links: dict[str, str]) -> Listing:
    """All findings in their order. links: fragments of diffs by path."""
    folders = group((e.finding.path for e in record.entries), _MOST_FOLDERS)
    systems = [name for name, _, _ in record.systems]
    values = [_values(entry, folders) for entry in record.entries]
    columns = [list(column) for column in zip(*values, strict=True)] or [[]] * 5
    filters = (
        _filter("system", "System", columns[0], systems),
        _filter("kind", "Kind", columns[1], list(Kind)),
        _filter("level", "Level", columns[2], list(Safety)),
        _filter("fate", "Fate", columns[3], _FATES.values()),
        _filter("folder", "Folder", columns[4], sorted(set(columns[4]), key=order)),
    )
    numbers = [{value: i for i, (value, _) in enumerate(f.options)} for f in filters]
    rows = tuple(
        _row(
            entry,
            links.get(entry.finding.path, ""),
            tuple(known[value] for known, value in zip(numbers, row, strict=True)),
        )
        for entry, row in zip(record.entries, values, strict=True)
    )
    shown = tuple(
        Filter(f.name, f.label, tuple((visible(value), n) for value, n in f.options))
        for f in filters
    )
    return Listing(rows, shown)


def _values(entry: Entry, folders: dict[str, str]) -> tuple[str, ...]:
    finding = entry.finding
    return finding.system, finding.kind, finding.safety, _FATES[entry.fate], folders[finding.path]


def _filter(name: str, label: str, values: Iterable[str], known: Iterable[str]) -> Filter:
    """The options in the order of what is known, then what is not."""
    counts = Counter(values)
    ordered = dict.fromkeys([*known, *sorted(counts)])
    return Filter(name, label, tuple((str(v), counts[v]) for v in ordered if counts[v]))


def _row(entry: Entry, link: str, choices: tuple[int, ...]) -> Row:
    finding: Finding = entry.finding
    return Row(
        path=visible(finding.path),
        line=finding.line,
        column=finding.column,
        code=finding.code.value,
        kind=finding.kind.value,
        system=visible(finding.system),
        symbol=visible(finding.symbol),
        level=finding.safety.value,
        state=state_of(entry),
        fate=_FATES[entry.fate],
        becomes=visible(finding.becomes),
        reason=visible(finding.reason),
        step=visible(finding.step),
        broken=visible(finding.broken),
        why=tuple(visible(reason) for reason in finding.why),
        link=link,
        choices=choices,
    )

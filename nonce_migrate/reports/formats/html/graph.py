"""Who imports which legacy system, before and after, as data laid out for a drawing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from math import sqrt

from nonce_migrate.reports.formats.html.folders import group, order
from nonce_migrate.reports.formats.html.progress import State, state_of
from nonce_migrate.reports.record import Entry, Record
from nonce_migrate.visible import visible

_MOST_SOURCES = 28
_ROW = 26
_EDGE = 12
_CHARACTER = 7.6  # its width in the style sheet's font
_CURVE = 290
_SYSTEM_LABEL = 330
_WIDEST = 9
_LONGEST_NAME = 44
_TONES = 6
_STILL_LEGACY = (State.LEFT, State.GUESS, State.MANUAL)


@dataclass(frozen=True, slots=True)
class Node:
    """A file, folder, system or the target. y: of its middle. label: what fits into the drawing.

    tone: which of the colours it has. count: imports of it.
    """

    name: str
    label: str
    y: float
    tone: str = ""
    count: int = 0
    is_shim: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """Imports of one system by one file or folder. path: its curve. tone: its colour."""

    path: str
    width: float
    tone: str
    title: str


@dataclass(frozen=True, slots=True)
class Side:
    """The drawing of one moment: before or after."""

    name: str
    title: str
    summary: str
    edges: tuple[Edge, ...]
    systems: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """The same in figures: what one file or folder imports; cells: (before, after) by system."""

    name: str
    cells: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Graph:
    """Both moments over the same places, so that they can be compared.

    width, height: of the drawing; source_x, system_x: where the curves begin and end.
    """

    width: float
    height: float
    source_x: float
    system_x: float
    by_folder: bool
    sources: tuple[Node, ...]
    sides: tuple[Side, ...]
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def graph_of(record: Record) -> Graph | None:
    """The graph of the legacy imports of a record, None where it has none."""
    imports = [entry for entry in record.entries if entry.finding.code.is_import]
    if not imports:
        return None
    paths = {entry.finding.path for entry in imports}
    by_folder = len(paths) > _MOST_SOURCES
    name_of = group(paths, _MOST_SOURCES) if by_folder else {path: path for path in paths}
    before = Counter((name_of[e.finding.path], e.finding.system) for e in imports)
    after = Counter((name_of[e.finding.path], _after(e, record.target)) for e in imports)
    layout = _layout(sorted({name for name, _ in before}, key=order), _systems(record, imports))
    shims = {shim.system for shim in record.shims}
    is_done = any(state_of(e) is State.APPLIED for e in imports)
    return Graph(
        width=layout.system_x + _SYSTEM_LABEL,
        height=layout.height,
        source_x=layout.source_x,
        system_x=layout.system_x,
        by_folder=by_folder,
        sources=tuple(Node(visible(n), _shortened(n), layout.source_y(n)) for n in layout.sources),
        sides=(
            _side("before", "Before", before, layout, frozenset()),
            _side("after", "After" if is_done else "After apply", after, layout, shims),
        ),
        columns=tuple(map(visible, layout.systems)),
        rows=tuple(
            Row(visible(n), tuple((before[n, s], after[n, s]) for s in layout.systems))
            for n in layout.sources
        ),
    )


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where everything stands: the sources at the left, the systems and the target at the right."""

    sources: list[str]
    systems: list[str]
    source_x: float
    system_x: float
    height: float

    def source_y(self, name: str) -> float:
        return _spread(self.sources.index(name), len(self.sources), self.height)

    def system_y(self, name: str) -> float:
        return _spread(self.systems.index(name), len(self.systems), self.height)

    def tone(self, name: str) -> str:
        """The last one is the target, which has a colour of its own."""
        index = self.systems.index(name)
        return "target" if index == len(self.systems) - 1 else str(index % _TONES)


def _layout(sources: list[str], systems: list[str]) -> _Layout:
    height = max(len(sources), 2 * len(systems)) * _ROW + 2 * _EDGE
    longest = max(len(_shortened(name)) for name in sources)
    source_x = round(longest * _CHARACTER + 2 * _EDGE)
    return _Layout(sources, systems, source_x, source_x + _CURVE, height)


def _after(entry: Entry, target: str) -> str:
    """What is imported there when all edits that are made by default have been made."""
    return entry.finding.system if state_of(entry) in _STILL_LEGACY else target


def _systems(record: Record, imports: Iterable[Entry]) -> list[str]:
    """Those of the profile, whatever else the findings name, and the target."""
    named = [name for name, _, _ in record.systems]
    found = sorted({entry.finding.system for entry in imports})
    return list(dict.fromkeys([*named, *found, record.target]))


def _side(
    name: str, title: str, counts: Mapping[tuple[str, str], int], layout: _Layout, shims: Set[str]
) -> Side:
    sums: Counter[str] = Counter()
    for (_, system), count in counts.items():
        sums[system] += count
    nodes = tuple(
        Node(
            visible(system),
            _shortened(system),
            layout.system_y(system),
            layout.tone(system),
            sums[system],
            is_shim=system in shims,
        )
        for system in layout.systems
    )
    parts = [f"{visible(s)} {sums[s]}" for s in layout.systems if sums[s]]
    edges = (_edge(*pair, count, counts, layout) for pair, count in sorted(counts.items()))
    return Side(name, title, f"{title}, imports: {', '.join(parts)}", tuple(edges), nodes)


def _edge(
    source: str, system: str, count: int, counts: Mapping[tuple[str, str], int], layout: _Layout
) -> Edge:
    start, end = layout.source_y(source), layout.system_y(system)
    middle = (layout.source_x + layout.system_x) / 2
    return Edge(
        path=f"M{layout.source_x} {start}C{middle} {start} {middle} {end} {layout.system_x} {end}",
        width=round(1 + (_WIDEST - 1) * sqrt(count / max(counts.values())), 1),
        tone=layout.tone(system),
        title=f"{visible(source)} imports {visible(system)}: {count}",
    )


def _shortened(name: str) -> str:
    """What is shown of a name: the beginning and the end of one that is too long."""
    shown = visible(name)
    if len(shown) <= _LONGEST_NAME:
        return shown
    kept = _LONGEST_NAME // 2
    return f"{shown[: kept - 1]}…{shown[-kept:]}"


def _spread(index: int, count: int, height: float) -> float:
    """The middle of the index-th of count rows of the same height."""
    return round(_EDGE + (height - 2 * _EDGE) * (index + 0.5) / count, 1)

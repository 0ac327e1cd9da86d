from __future__ import annotations

from itertools import pairwise

from nonce_migrate.model import Code, Safety
from nonce_migrate.reports.formats.html.graph import Graph, graph_of
from nonce_migrate.reports.record import Record
from tests.reports.formats.html.records import large_record
from tests.reports.results import (
    IMPORT,
    TARGET,
    UNIFIED,
    USE,
    applied,
    empty_plan,
    full_plan,
    scanned,
)


def test_imports_alone_are_drawn() -> None:
    assert graph_of(applied(empty_plan())) is None
    assert graph_of(scanned(USE)) is None


def test_an_applied_import_leads_to_the_target_afterwards() -> None:
    before, after = _graph(applied(full_plan())).sides

    assert before.summary == f"Before, imports: {UNIFIED} 1"
    assert after.summary == f"After, imports: {TARGET} 1"


def test_an_import_that_is_left_stays_where_it_is() -> None:
    left = IMPORT._replace(line=9, code=Code.IMPORT_STAR, safety=Safety.MANUAL)

    graph = _graph(scanned(IMPORT, left))

    assert graph.sides[1].summary == f"After apply, imports: {UNIFIED} 1, {TARGET} 1"
    assert graph.rows[0].cells == ((2, 1), (0, 0), (0, 1))


def test_a_system_that_becomes_a_shim_says_so_afterwards() -> None:
    before, after = _graph(applied(full_plan())).sides

    assert [node.is_shim for node in before.systems] == [False, False, False]
    assert [node.is_shim for node in after.systems] == [False, True, False]


def test_many_files_are_drawn_by_folder_and_nothing_overlaps() -> None:
    graph = _graph(large_record())

    heights = [node.y for node in graph.sources]
    assert graph.by_folder
    assert 20 < len(heights) <= 28
    assert min(b - a for a, b in pairwise(heights)) >= 20
    assert max(heights) < graph.height
    assert sum(before for row in graph.rows for before, _ in row.cells) == 1000


def test_a_long_name_keeps_its_beginning_and_its_end() -> None:
    path = "services/" + "deep/" * 20 + "client.py"

    node = _graph(scanned(IMPORT._replace(path=path))).sources[0]

    assert node.name == path
    assert node.label.startswith("services/")
    assert node.label.endswith("/client.py")
    assert len(node.label) == 44


def _graph(record: Record) -> Graph:
    graph = graph_of(record)
    assert graph is not None
    return graph

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nonce_migrate.edit.errors import EditError
from nonce_migrate.edit.splice import Edit, splice

steady = settings(deadline=None, derandomize=True)


def to(new: str) -> Callable[[str], str]:
    return lambda _: new


def wrap(left: str, right: str) -> Callable[[str], str]:
    return lambda piece: f"{left}{piece}{right}"


def test_without_edits_the_text_is_the_same() -> None:
    assert splice("a\r\nb\x0c\r", []) == "a\r\nb\x0c\r"


def test_neighbours_in_any_order() -> None:
    edits = [Edit(3, 5, to("Y")), Edit(0, 3, to("X"))]
    assert splice("aaabb.", edits) == "XY."


def test_the_outer_edit_gets_the_piece_with_the_inner_ones_made() -> None:
    edits = [Edit(0, 9, wrap("int(", ")")), Edit(2, 5, to("new")), Edit(6, 7, to("y"))]
    assert splice("m.old(x) ;", edits) == "int(m.new(y) );"


def test_equal_ranges_compose_in_the_order_given() -> None:
    edits = [Edit(0, 1, wrap("1", "1")), Edit(0, 1, wrap("2", "2")), Edit(0, 1, wrap("3", "3"))]
    assert splice("ab", edits) == "321a123b"


def test_an_outer_change_may_drop_what_is_inside() -> None:
    assert splice("abc", [Edit(1, 2, to("never")), Edit(0, 3, to(""))]) == ""


def test_insertions_at_one_place_follow_each_other() -> None:
    assert splice("ab", [Edit(1, 1, to("1")), Edit(1, 1, to("2"))]) == "a12b"


def test_insertions_at_the_ends_of_the_text() -> None:
    assert splice("ab", [Edit(2, 2, to(">")), Edit(0, 0, to("<"))]) == "<ab>"


def test_insertions_at_the_edges_stay_outside() -> None:
    edits = [Edit(1, 3, wrap("(", ")")), Edit(1, 1, to("<")), Edit(3, 3, to(">"))]
    assert splice("abcd", edits) == "a<(bc)>d"


def test_an_insertion_inside_belongs_to_the_outer_edit() -> None:
    assert splice("abcd", [Edit(0, 4, str.upper), Edit(2, 2, to("x"))]) == "ABXCD"


def test_an_insertion_into_an_empty_text() -> None:
    assert splice("", [Edit(0, 0, to("x"))]) == "x"


@pytest.mark.parametrize(("start", "end"), [(-1, 0), (3, 5), (3, 2), (5, 5)])
def test_ranges_outside_the_text_are_refused(start: int, end: int) -> None:
    with pytest.raises(EditError, match="not inside"):
        splice("abcd", [Edit(start, end, to("y"))])


def test_partial_overlap_is_refused_in_both_orders() -> None:
    edits = [Edit(0, 2, to("x")), Edit(1, 3, to("y"))]
    for ordered in (edits, edits[::-1]):
        with pytest.raises(EditError, match="overlap"):
            splice("abcd", ordered)


def test_nesting_is_not_limited_by_recursion() -> None:
    depth = 3000
    text = "." * (2 * depth)
    edits = [Edit(i, len(text) - i, str) for i in range(depth)]
    assert splice(text, edits) == text


@st.composite
def texts_with_disjoint_edits(draw: st.DrawFn) -> tuple[str, list[tuple[int, int, str]]]:
    text = draw(st.text(max_size=40))
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=10, unique=True)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return text, [(start, end, draw(st.text(max_size=3))) for start, end in pairs]


@steady
@given(texts_with_disjoint_edits(), st.randoms())
def test_what_is_outside_is_copied(
    case: tuple[str, list[tuple[int, int, str]]], random: Random
) -> None:
    text, edits = case
    expected = text
    for start, end, new in reversed(edits):
        expected = expected[:start] + new + expected[end:]
    shuffled = [Edit(start, end, to(new)) for start, end, new in edits]
    random.shuffle(shuffled)
    assert splice(text, shuffled) == expected

from __future__ import annotations

import ast
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nonce_migrate.edit.errors import EditError
from nonce_migrate.edit.literal import replace_at, replace_text

steady = settings(deadline=None, derandomize=True)


@pytest.mark.parametrize(
    ("literal", "expected"),
    [
        ("'old'", "'new'"),
        ('"old"', '"new"'),
        ("'''a\nold'''", "'''a\nnew'''"),
        ('"""a\r\nold\r\n"""', '"""a\r\nnew\r\n"""'),
        ("'''a\rold'''", "'''a\rnew'''"),
        ("r'\\d old'", "r'\\d new'"),
        ("R'''\r\nold'''", "R'''\r\nnew'''"),
        ("u'old'", "u'new'"),
        (
            "'\\x41\\n\\t\\'\\\\ old \\u00e9\\N{BULLET}\\101\\0'",
            "'\\x41\\n\\t\\'\\\\ new \\u00e9\\N{BULLET}\\101\\0'",
        ),
        ("'a\\\nold'", "'a\\\nnew'"),
        ("'old\\\r\nb'", "'new\\\r\nb'"),
        ("'\\d old'", "'\\d new'"),
        ("'ünï \U0001f600 old'", "'ünï \U0001f600 new'"),
        ("'old\x0c'", "'new\x0c'"),
    ],
)
def test_quotes_prefix_and_the_rest_stay(literal: str, expected: str) -> None:
    assert replace_text(literal, "old", "new") == expected


@pytest.mark.parametrize(
    "literal",
    [
        "'other'",
        "'old old'",
        "b'old'",
        "f'old'",
        "rb'old'",
        "'old' 'x'",
        "('old')",
        "'ol\\x64'",
        "'o\\\nld'",
        "old",
        "'old",
        "",
    ],
)
def test_what_cannot_be_replaced_is_refused(literal: str) -> None:
    with pytest.raises(EditError):
        replace_text(literal, "old", "new")


def test_overlapping_occurrences_count_twice() -> None:
    with pytest.raises(EditError, match="exactly once"):
        replace_text("'aaa'", "aa", "b")


@pytest.mark.parametrize("old", ["", "x"])
def test_nothing_to_replace(old: str) -> None:
    with pytest.raises(EditError):
        replace_text("'old'", old, "new")


@pytest.mark.parametrize("new", ["it's", "a\\n", "a\nb", "\\", "'", "' + '"])
def test_new_text_that_would_need_an_escape_is_refused(new: str) -> None:
    with pytest.raises(EditError):
        replace_text("'old'", "old", new)


def test_a_backslash_before_the_replaced_text_may_not_become_an_escape() -> None:
    with pytest.raises(EditError, match="escape"):
        replace_text("'\\dold'", "dold", "new")


def test_positions_are_those_of_the_content() -> None:
    literal = "'\\x41: dict[old, old]'"
    assert ast.literal_eval(literal)[8:11] == "old"
    assert replace_at(literal, [(13, 16, "B"), (8, 11, "A")]) == "'\\x41: dict[A, B]'"


def test_positions_over_line_ends_that_python_reads_as_one_character() -> None:
    literal = "'''\r\nx\r\nold'''"
    assert replace_at(literal, [(3, 6, "new")]) == "'''\r\nx\r\nnew'''"


def test_insertion_and_no_change() -> None:
    assert replace_at("'ab'", [(1, 1, "x")]) == "'axb'"
    assert replace_at("'ab'", []) == "'ab'"


@pytest.mark.parametrize("spans", [[(0, 2, ""), (1, 3, "")], [(2, 9, "")], [(-1, 1, "")]])
def test_spans_that_overlap_or_lie_outside_are_refused(spans: list[tuple[int, int, str]]) -> None:
    with pytest.raises(EditError):
        replace_at("'abcd'", spans)


def test_an_odd_escape_warns_nobody() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert replace_text("'\\d old'", "old", "new") == "'\\d new'"


@steady
@given(st.text(max_size=20), st.sampled_from(["", "r", "u"]), st.sampled_from(["'", '"', "'''"]))
def test_any_literal_is_either_refused_or_has_the_new_text(
    body: str, prefix: str, quote: str
) -> None:
    literal = f"{prefix}{quote}{body}old{quote}"
    try:
        result = replace_text(literal, "old", "new")
    except EditError:
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert ast.literal_eval(result) == ast.literal_eval(literal).replace("old", "new")
    assert result == f"{prefix}{quote}{body}new{quote}"

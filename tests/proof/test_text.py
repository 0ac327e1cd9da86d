from __future__ import annotations

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from nonce_migrate.proof.text import (
    byte_problems,
    comments,
    outside_is_same,
    tells_same,
    text_problems,
)
from nonce_migrate.source import Span, decode


def problems(before: bytes, after: bytes, *edited: tuple[int, int]) -> list[str]:
    source = decode("x.py", before)
    text = after.decode(errors="replace")
    spans = [Span(*span) for span in edited]
    return [*text_problems(source.text, text, spans), *byte_problems(source, after, text)]


def test_an_edit_that_stays_in_its_place_is_let_through() -> None:
    before, after = b"import a  # why\nx = a.b\n", b"import ccc  # why\nx = ccc.b\n"
    assert problems(before, after, (7, 8), (20, 21)) == []


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (b"import a\nx = 1\n", b"import b\nx = 2\n", "outside of the edits"),
        (b"import a\r\nx = 1\r\n", b"import b\nx = 1\r\n", "outside of the edits"),
        (b"import a  # why\n", b"import b\n", "a comment"),
        (b"import a\nx = 1\n", b"import (\nx = 1\n", "does not compile"),
        # ast.parse takes it, Python does not.
        (b"import a\nx = 1\n", b"return 1\nx = 1\n", "does not compile"),
        (b"import a\nx = 1\n", b"import \xff\nx = 1\n", "cannot be read back"),
    ],
)
def test_what_would_be_wrong_is_seen(before: bytes, after: bytes, said: str) -> None:
    assert any(said in problem for problem in problems(before, after, (0, 8)))


def test_what_did_not_compile_before_need_not() -> None:
    assert problems(b"return 1\nimport a\n", b"return 1\nimport b\n", (16, 17)) == []


def test_pieces_must_stand_in_order_and_whole() -> None:
    spans = [Span(1, 2), Span(3, 4)]
    assert outside_is_same("a-b-c", "aXbYc", spans)
    assert outside_is_same("a-b-c", "abc", spans)
    assert not outside_is_same("a-b-c", "aXYc", spans)
    assert not outside_is_same("a-b-c", "aXbYcZ", spans)
    assert not outside_is_same("ab-ba", "aba", [Span(2, 3)])


PIECES = ("a", " = ", "1", "'", '"', "'''", '"""', "# b", "\\", "\n", "\n", "f", "(", ")", ";")


@seed(0)
@settings(max_examples=3_000, deadline=None, database=None)
@given(
    pieces=st.lists(st.sampled_from(PIECES), min_size=1, max_size=12),
    at=st.integers(0, 11),
    new=st.sampled_from(("", "a", "1", "\n", " ", "# b", "'")),
)
@pytest.mark.filterwarnings("ignore::SyntaxWarning")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_comments_are_counted_wherever_they_could_differ(
    pieces: list[str], at: int, new: str
) -> None:
    """Quotes, escapes and number signs alone tell where comments are, if both texts compile."""
    changed = [new if index == at % len(pieces) else p for index, p in enumerate(pieces)]
    before, after = "".join(pieces), "".join(changed)
    try:
        compile(before, "", "exec")
        compile(after, "", "exec")
    except (SyntaxError, ValueError):
        return
    if tells_same(before, after):
        assert comments(before) == comments(after)

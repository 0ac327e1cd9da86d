from __future__ import annotations

import pytest

from nonce_migrate.accept.comments import Comment, comments_in_text, comments_of
from nonce_migrate.source import decode

MARK = "# nonce-migrate: ignore[NM101] why"


def _comments(text: str) -> tuple[Comment, ...]:
    return comments_of(decode("a.py", text.encode()))


def _one(text: str) -> Comment:
    (comment,) = _comments(text)
    return comment


# What must be no comment of ours.


@pytest.mark.parametrize(
    "text",
    [
        f'x = "{MARK}"\n',
        f'"""\nText.\n{MARK}\n"""\n',
        f"x = f'{{a}} {MARK}'\n",
        "x = 1  # nonce-migrate: deprecation shim\n",
        "x = 1  # nonce-migrate ignores this\n",
        "x = 1  # nonce-migrate: ignored by hand\n",
        "x = 1  # see what nonce-migrate: ignore[NM101] does\n",
    ],
)
def test_no_comment_of_ours(text: str) -> None:
    assert _comments(text) == ()


def test_a_file_that_the_tokenizer_cannot_read_has_none() -> None:
    assert _comments(f"x = (  {MARK}\n") == ()


# Which lines it counts for.


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        (f"x = 1  {MARK}\n", 1, 1),
        (f"x = 1  {MARK}", 1, 1),
        (f"\n\nx = f(\n    1,  {MARK}\n)\n", 3, 5),
        (f"x = f(\n    1,\n    {MARK}\n)\n", 1, 4),
        (f"x = '''\na\n'''  {MARK}\n", 1, 3),
        (f"x = 1 + \\\n    2  {MARK}\n", 1, 2),
        (f"if x:  {MARK}\n    y = 1\n", 1, 1),
        (f"if x:\n    y = 1  {MARK}\n", 2, 2),
        (f"@a  {MARK}\ndef f(\n    b,\n): ...\n", 1, 1),
        (f"@a\ndef f(\n    b,  {MARK}\n): ...\n", 2, 4),
        (f"a = 1; b = 2  {MARK}\n", 1, 1),
        (f"x = 1\r\ny = 1  {MARK}\r\n", 2, 2),
        (f"x = 1\ry = 1  {MARK}\r", 2, 2),
        (f"\fx = 1  {MARK}\n", 1, 1),
    ],
)
def test_the_statement_that_it_stands_in(text: str, first: int, last: int) -> None:
    comment = _one(text)

    assert (comment.first, comment.last[0], comment.problem) == ((first, 1), last, "")


@pytest.mark.parametrize(
    "text", [f"{MARK}\nx = 1\n", f"def f():\n    {MARK}\n    return 1\n", f"x = 1\n{MARK}\n"]
)
def test_a_line_of_its_own_is_beside_no_statement(text: str) -> None:
    assert _one(text).is_alone


def test_columns_are_in_characters() -> None:
    assert (_one(f"ä = 'é'  {MARK}\n").line, _one(f"ä = 'é'  {MARK}\n").column) == (1, 10)


# What it says.


@pytest.mark.parametrize(
    ("comment", "listed", "reason"),
    [
        (MARK, ["NM101"], "why"),
        ("#nonce-migrate:ignore[NM101]why", ["NM101"], "why"),
        ("# nonce-migrate: Ignore [nm101 , NM2]: see issue #12", ["NM101", "NM2"], "see issue #12"),
        ("# noqa: F401  # nonce-migrate: ignore[NM1] - a reason  # noqa", ["NM1"], "a reason"),
        ("# nonce-migrate: ignore[NM1]  # noqa: F401", ["NM1"], ""),
        ("# nonce-migrate: ignore[NM1] --", ["NM1"], ""),
        ("# nonce-migrate: ignore[NM1] 理由", ["NM1"], "理由"),
    ],
)
def test_codes_and_reason(comment: str, listed: list[str], reason: str) -> None:
    found = _one(f"x = 1  {comment}\n")

    assert [entry.written for entry in found.listed] == listed
    assert (found.reason, found.problem) == (reason, "")


@pytest.mark.parametrize(
    ("comment", "problem"),
    [
        ("# nonce-migrate: ignore", "has not the form"),
        ("# nonce-migrate: ignore NM101 why", "has not the form"),
        ("# nonce-migrate ignore[NM101] why", "has not the form"),
        ("# nonce-migrate: ignore[NM101 why", "has not the form"),
        ("# nonce-migrate: ignore[] why", "names no code"),
        ("# nonce-migrate: ignore[NM101,] why", "names no code"),
        ("# nonce-migrate: ignore[E501] why", "'E501'"),
        ("# nonce-migrate: ignore[NM701] why", "'NM701'"),
    ],
)
def test_what_accepts_nothing(comment: str, problem: str) -> None:
    found = _one(f"x = 1  {comment}\n")

    assert problem in found.problem
    assert found.listed == ()


def test_a_prefix_stands_for_all_codes_but_those_of_comments() -> None:
    (entry,) = _one("x = 1  # nonce-migrate: ignore[NM] why\n").listed

    assert {"NM001", "NM101", "NM901"} <= entry.codes
    assert not {"NM701", "NM702"} & entry.codes


# Other texts.


def test_lines_of_other_texts() -> None:
    text = f"a: 1\r\nb: 2  {MARK}\n\nc: <!-- nonce-migrate: ignore[NM403] old --> text\nd#{MARK}\n"
    found = comments_in_text(text)

    assert [(c.line, c.reason) for c in found] == [(2, "why"), (4, "old")]
    assert [text[c.offset :][:4] for c in found] == ["# no", "<!--"]

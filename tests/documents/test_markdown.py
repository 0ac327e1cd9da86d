from __future__ import annotations

import pytest

from nonce_migrate.documents.document import Change, Document
from nonce_migrate.documents.kinds import DocumentKind
from nonce_migrate.documents.reading import read_document


def read(text: str) -> Document:
    return read_document("a.md", DocumentKind.PAGE, text.encode(errors="surrogateescape"))


def blocks(text: str) -> list[str]:
    return [piece.source.text.lstrip("\r\n") for piece in read(text).pieces]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x = 1\n",
        "    x = 1\n",
        "`python`\n```\nx = 1\n```\n",
        "```text\nx = 1\n```",
        "```pythonic\nx\n```",
        "```python-traceback\nx\n```",
        "```pytb\nx\n```",
        "``` python `x` ```\n",
        "```python\n```\n",
        "``\npython\n``",
        "```text\n~~~python\nx\n~~~\n```",
        "```python\nnot python at all\n```",
        "> ```python\nx = 1\n",
    ],
)
def test_what_is_no_block_of_python(text: str) -> None:
    assert blocks(text) == []
    assert "".join(prose.text for prose in read(text).prose) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("```python\nx = 1\n```\n", ["x = 1\n"]),
        ("```py\r\nx = 1\r\n```", ["x = 1\r\n"]),
        ("~~~ Python3 {.line}\nx\n~~~", ["x\n"]),
        ("```python\nx", ["x"]),
        ("````python\n'''\n```\n'''\n````", ["'''\n```\n'''\n"]),
        ("- a\n\n  ```python\n  if x:\n\n      y\n  ```\n", ["if x:\n\n    y\n"]),
        ("1. ```python\n   x\n   ```", ["x\n"]),
        ("> ```python\n> x = 1\n>\n> y\n> ```\n", ["x = 1\n\ny\n"]),
        ("```{code-block} python\nx\n```", ["x\n"]),
        ("```{python}\nx\n```", ["x\n"]),
        ("```python\nx\n```\n```python\ny\n```", ["x\n", "y\n"]),
        (
            ">>> no\n```pycon\n>>> if x:\n...     y\n...\nout put\n>>> z\n```",
            ["if x:\n    y\n\n\nz\n"],
        ),
    ],
)
def test_blocks_of_python(text: str, expected: list[str]) -> None:
    assert blocks(text) == expected


def test_lines_have_the_numbers_of_the_page() -> None:
    document = read("a\r\n\r\n> ```python\r\n> x = first\r\n> ```\r\n")
    source = document.pieces[0].source
    offset = source.text.index("first")
    assert source.text.splitlines()[3] == "x = first"
    assert document.position(document.offset(0, offset)) == (4, 7)


def test_a_new_line_gets_what_stands_before_the_others() -> None:
    document = read("* a\n\n  ```py\n  import a, b\n  c\n  ```\n")
    text = document.pieces[0].source.text
    start = text.index("a, b")
    after = document.changed({0: [Change(start, start + 4, "a\nimport b")]})
    assert after.decode() == "* a\n\n  ```py\n  import a\n  import b\n  c\n  ```\n"


def test_a_new_line_of_a_session_gets_a_prompt() -> None:
    document = read("```pycon\n>>> import a, b\n>>> c\n```\n")
    text = document.pieces[0].source.text
    start = text.index("a, b")
    after = document.changed({0: [Change(start, start + 4, "a\nimport b")]})
    assert after.decode() == "```pycon\n>>> import a\n>>> import b\n>>> c\n```\n"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_line_that_goes_takes_what_stands_before_it(end: str) -> None:
    page = end.join(["> ```py", "> a", "> b", "> c", "> ```", ""])
    for line in "abc":
        document = read(page)
        start = document.pieces[0].source.text.index(line)
        change = Change(start, start + 1 + len(end), "")
        assert document.changed({0: [change]}).decode() == page.replace(f"> {line}{end}", "")


def test_bytes_that_are_no_utf_8_are_kept() -> None:
    data = b"\xff\r\n```py\r\nold\r\n```\n\xe9"
    document = read_document("a.md", DocumentKind.PAGE, data)
    start = document.pieces[0].source.text.index("old")
    assert document.changed({0: [Change(start, start + 3, "new")]}) == data.replace(b"old", b"new")

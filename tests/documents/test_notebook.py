from __future__ import annotations

import json

import pytest

from nonce_migrate.documents.document import Change, Document, UnfitError
from nonce_migrate.documents.kinds import DocumentKind
from nonce_migrate.documents.reading import read_document
from nonce_migrate.source import UnparsableError
from tests.documents.notebooks import notebook, sources


def read(data: bytes) -> Document:
    return read_document("a.ipynb", DocumentKind.NOTEBOOK, data)


def replace(data: bytes, *pairs: tuple[str, str]) -> bytes:
    """The notebook with texts of its code replaced."""
    document = read(data)
    text = document.pieces[0].source.text
    changes = [Change(text.index(old), text.index(old) + len(old), new) for old, new in pairs]
    return document.changed({0: changes})


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b'{"cells": 1}',
        b'{"cells": [1]}',
        b'{"cells": [{"cell_type": "code"}]}',
        b'{"cells": [{"cell_type": "code", "source": [1]}]}',
        b'{"cells": [{"source": "x"}]}',
        b'{"cells": "\xff"}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_notebook_says_so(data: bytes) -> None:
    with pytest.raises(UnparsableError):
        read(data)


def test_a_notebook_without_code_has_no_piece() -> None:
    assert read(notebook()).pieces == ()
    assert read(notebook("", "  \n")).pieces == ()


def test_no_change_changes_no_byte() -> None:
    data = notebook("x = 1\n", ["y = 2\n", "z"])
    assert read(data).changed({0: []}) == data
    assert read(data).changed({}) == data


def test_lines_have_the_numbers_of_the_file() -> None:
    data = notebook(["a = 1\n", "b = 2"], ["# ü\n", "c = 3"])
    document = read(data)
    rows = data.decode().splitlines()
    for number, line in enumerate(document.pieces[0].source.text.splitlines()):
        if line:
            assert line in rows[number]


def test_positions_hold_in_every_layout() -> None:
    for indent in (1, None):
        data = notebook('x = "a\\b\té"\ny = first', ["z = 1\n", "w = second"], indent=indent)
        document = read(data)
        text = document.pieces[0].source.text
        for word in ("first", "second"):
            line, column = document.position(document.offset(0, text.index(word)))
            assert data.decode().splitlines()[line - 1][column - 1 :].startswith(word)


def test_a_string_keeps_its_escapes_beside_a_change() -> None:
    raw = r'{"cells":[{"cell_type":"code","source":"a = 1 # \u00e9\ud83d\ude00 \/\nold(b)\nc\t"}]}'
    assert replace(raw.encode(), ("old", "new")) == raw.replace("old", "new").encode()


def test_new_characters_are_spelt_as_the_notebook_spells_its_own() -> None:
    assert b'"caf\\u00e9(x)"' in replace(notebook("old(x)", is_ascii=True), ("old", "café"))
    data = notebook("old(x)", "# ü")
    assert '"café(x)"'.encode() in replace(data, ("old", "café"))


def test_a_line_that_goes_takes_its_string_with_it() -> None:
    data = notebook(["a\n", "b\n", "c"])
    assert replace(data, ("b\n", "")) == notebook(["a\n", "c"])
    assert replace(data, ("a\n", "")) == notebook(["b\n", "c"])


def test_the_last_line_of_a_cell_goes_with_the_line_end_before_it() -> None:
    data = notebook(["a\n", "b"], ["c"])
    document = read(data)
    text = document.pieces[0].source.text
    start = text.index("b\n")
    assert document.changed({0: [Change(start, start + 2, "")]}) == notebook(["a"], ["c"])


def test_the_only_line_of_a_cell_goes() -> None:
    after = replace(notebook(["a"], ["b"]), ("a", ""))
    assert sources(after) == ["", "b"]


def test_lines_that_come_are_strings_of_their_own() -> None:
    data = notebook(["import a, b\n", "c"])
    assert replace(data, ("a, b", "a\nimport b")) == notebook(["import a\n", "import b\n", "c"])


def test_a_change_over_several_strings_keeps_them_apart() -> None:
    data = notebook(["f(\n", "  a,\n", "  b)\n", "c"])
    assert replace(data, ("(\n  a,\n  b", "(\n  x,\n  y")) == notebook(
        ["f(\n", "  x,\n", "  y)\n", "c"]
    )
    assert replace(data, ("(\n  a,\n  b", "(x")) == notebook(["f(x)\n", "c"])


def test_a_change_over_the_end_of_a_cell_is_refused() -> None:
    document = read(notebook(["a\n", "b"], ["c"]))
    text = document.pieces[0].source.text
    with pytest.raises(UnfitError, match="end of a cell"):
        document.changed({0: [Change(text.index("b"), text.index("c") + 1, "x")]})


def test_a_change_of_a_magic_is_refused() -> None:
    document = read(notebook("%time f()\nx"))
    start = document.pieces[0].source.text.index("0####")
    with pytest.raises(UnfitError, match="magic"):
        document.changed({0: [Change(start, start + 3, "y")]})


def test_other_languages_give_no_piece() -> None:
    table = json.loads(notebook("x = 1"))
    table["metadata"] = {"kernelspec": {"language": "julia"}}
    document = read(json.dumps(table).encode())
    assert document.pieces == ()
    assert [prose.text for prose in document.prose] == ["x = 1"]

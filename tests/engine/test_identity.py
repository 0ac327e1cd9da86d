"""A finding stays the same one after edits elsewhere, and not after one of its statement."""

from __future__ import annotations

import json

import pytest

from nonce_migrate.engine.identity import Identity, identities
from nonce_migrate.engine.statements import normalised
from nonce_migrate.model import Code, LegacyImport


def _identities(path: str, text: str | bytes, *places: tuple[int, int]) -> list[Identity]:
    data = text if isinstance(text, bytes) else text.encode()
    code = Code.IMPORT_NAME
    findings = [LegacyImport(path, line, column, code, "old", "Old") for line, column in places]
    return list(identities(findings, lambda _: data))


def _statement(text: str | bytes, line: int, column: int = 1, path: str = "a.py") -> str:
    return _identities(path, text, (line, column))[0].statement


def test_lines_columns_comments_and_layout_do_not_matter() -> None:
    plain = "from old import A, B\n"
    moved = "\n# why\nif x:\n    from old import (  # noqa\n        A,\n        B,\n    )\n"

    assert _identities("a.py", plain, (1, 17)) == _identities("a.py", moved, (5, 9))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("f('a', 1)", 'f(\n    "a",\n    1,\n)'),
        ("f(a).b [ 0 ]", "f(a).b[0]"),
        ("x = 1 + \\\n    2", "x=1+2"),
        ("x = '''a\r\nb'''", "x = '''a\nb'''"),
    ],
)
def test_what_a_formatter_changes_does_not_matter(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("f(a)", "f(b)"), ("x = 'a b'", "x = 'a  b'"), ("x = f'{a} b'", "x = f'{a}  b'")],
)
def test_what_it_says_matters(one: str, other: str) -> None:
    assert normalised(one) != normalised(other)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("from ..a . b import (c,  # now\n    d,)", "from ..a.b import c, d"),
        ("from . import a as b", "from . import a as b"),
        ("from ... a import *", "from ...a import *"),
    ],
)
def test_an_import_is_told_as_people_write_it(written: str, told: str) -> None:
    assert normalised(written) == told


def test_a_formatted_string_is_one_word_on_every_python() -> None:
    # Since Python 3.12 the tokenizer takes it apart.
    assert normalised("""x = f'{{a}} {b["c"]:>{n}}' f"{d}" """) == (
        """x = f'{{a}} {b["c"]:>{n}}' f"{d}\""""
    )


def test_of_a_compound_statement_the_head_counts_alone() -> None:
    text = "@old.mark\nclass A(old.B):\n    x = old.y\n\n    def f(self, a=old.z):\n        pass\n"

    assert _statement(text, 1, 2) == "@old.mark class A(old.B):"
    assert _statement(text, 2, 9) == "@old.mark class A(old.B):"
    assert _statement(text, 3, 9) == "x = old.y"
    assert _statement(text, 5, 19) == "def f(self, a = old.z):"


def test_handlers_and_cases_are_statements_of_their_own() -> None:
    text = (
        "try:\n    a()\nexcept old.E:\n    b()\n"
        "match old.x:\n    case old.Y():\n        pass\n    case old.Z():\n        pass\n"
    )

    assert _statement(text, 3, 8) == "except old.E:"
    assert _statement(text, 5, 7) == "match old.x"
    assert _statement(text, 6, 10) == "old.Y():"
    assert _statement(text, 8, 10) == "old.Z():"


def test_equals_are_told_apart_by_their_order() -> None:
    text = "old.f()\nold.g()\nold.f()\n"
    found = _identities("a.py", text, (3, 1), (2, 1), (1, 1))

    assert [(i.statement, i.ordinal) for i in found] == [
        ("old.f()", 2),
        ("old.g()", 1),
        ("old.f()", 1),
    ]
    assert len({identity.fingerprint for identity in found}) == 3


def test_two_of_one_statement_are_told_apart() -> None:
    assert [i.ordinal for i in _identities("a.py", "from old import A, B\n", (1, 17), (1, 20))] == [
        1,
        2,
    ]


def test_lines_that_are_no_python_are_stripped() -> None:
    assert _statement("a:\n  run: python -m old  \n", 2, 18, "ci.yml") == "run: python -m old"
    assert _statement("x = 1\n# see old\n", 2, 7) == "# see old"


def test_columns_count_characters_and_a_bom_is_none() -> None:
    assert _statement("\ufeffä = 'ß'; old.f()\n", 1, 10) == "old.f()"


def test_a_notebook_on_one_line_has_statements_too() -> None:
    # The easy way, its line, would be all of the notebook.
    cells = [
        {"cell_type": "code", "source": ["import json\n", "from old import A\n"], "outputs": []},
        {"cell_type": "code", "source": "old.f()", "outputs": []},
    ]
    text = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    column = text.index("from old") + 1

    assert _statement(text, 1, column, "a.ipynb") == "from old import A"
    assert _statement(text, 1, text.index("old.f()") + 1, "a.ipynb") == "old.f()"


def test_a_block_of_a_page_has_statements_too() -> None:
    text = "# How\n\n> ```python\n> from old import (\n>     A,\n> )\n> ```\n"

    assert _statement(text, 5, 7, "a.md") == "from old import A"
    assert _statement(text, 1, 3, "a.md") == "# How"


def test_a_legacy_module_is_its_whole_file() -> None:
    module = LegacyImport("old.py", 1, 1, Code.LEGACY_MODULE, "old", "old")

    assert identities([module], lambda _: b'"""Doc."""\n')[0].statement == ""


def test_what_cannot_be_read_or_parsed_still_has_an_identity() -> None:
    def gone(path: str) -> bytes:
        raise FileNotFoundError(path)

    finding = LegacyImport("a\udcff.py", 3, 1, Code.IMPORT_NAME, "old", "Old")

    assert identities([finding], gone)[0] == Identity("a\udcff.py", "NM101", "", 1)
    assert len(identities([finding], gone)[0].fingerprint) == 64
    assert _statement("def (:\n  old\n", 2, 3) == "old"
    assert _statement("x = 1\n", 9) == ""


def test_a_chain_of_branches_of_any_length_is_read() -> None:
    text = "if a:\n    pass\n" + "elif old.b:\n    pass\n" * 900

    assert _statement(text, 1801, 6) == "elif old.b:"

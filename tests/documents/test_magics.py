from __future__ import annotations

import ast

import pytest

from nonce_migrate.documents.magics import harmless


@pytest.mark.parametrize(
    "cell",
    [
        "x = 1\n",
        "'''\n%s\n!\n?\n'''",
        "x = (5\n% 3)",
        "async def f():\n    pass\nawait f()",
        "",
        "x = y if z else w  # really?",
    ],
)
def test_python_is_left_as_it_is(cell: str) -> None:
    assert harmless(cell).text == cell
    assert harmless(cell).hidden == ()


@pytest.mark.parametrize(
    ("cell", "expected", "hidden"),
    [
        ("%time f()", "0########", ["%time f()"]),
        ("if x:\n    !ls\ny", "if x:\n    0##\ny", ["!ls"]),
        ("files = !ls -l\nx", "files = 0#####\nx", ["!ls -l"]),
        ("name?", "0####", ["name?"]),
        ("?a.b\r\nx = 1\r\n", "0###\r\nx = 1\r\n", ["?a.b"]),
        ("%run a \\\n  b\nx", "0#######\n###\nx", ["%run a \\", "  b"]),
        ("x = '''\n%s'''\n%pwd", "x = '''\n%s'''\n0###", ["%pwd"]),
    ],
)
def test_magics_become_as_many_harmless_characters(
    cell: str, expected: str, hidden: list[str]
) -> None:
    found = harmless(cell)
    assert (found.text, [h.text for h in found.hidden]) == (expected, hidden)
    assert found.reason == ""
    ast.parse(found.text)


@pytest.mark.parametrize("cell", ["%%bash\npython x.py\n", "%%time\nx = 1", "x = (\ny = 1\n"])
def test_a_whole_cell_is_left_alone_with_a_reason(cell: str) -> None:
    found = harmless(cell)
    assert found.reason
    assert len(found.text) == len(cell)
    assert ast.parse(found.text).body == []
    assert "\n".join(h.text for h in found.hidden) == cell.rstrip("\n")

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from nonce_migrate.edit.errors import EditError
from nonce_migrate.edit.import_statement import Imported, rewrite_import

Changes = Mapping[int, Sequence[Imported]]


def new(name: str, as_name: str | None = None) -> Imported:
    return Imported("new", name, as_name)


@pytest.mark.parametrize(
    "statement",
    [
        "import a",
        "import a . b as c , d",
        "import\\\r\n a",
        "from.a import*",
        "from . . a . b import(x as y, # c\n z)",
        "from a import (  # c1\n  # c2\n  b  # c3\n  ,  # c4\n  # c5\n  c as  # c6\n d # c7\n)",
        "from\ta\timport\x0cb",
        "from a import (\rb,\r)",
        "from a import b as b, ü",
    ],
)
def test_nothing_to_change(statement: str) -> None:
    assert rewrite_import(statement, {}) == statement


@pytest.mark.parametrize(
    ("statement", "changes", "expected"),
    [
        ("from old import A", {0: [new("B")]}, "from new import B"),
        ("from old import A as x", {0: [new("B", "x")]}, "from new import B as x"),
        ("from old import A as x", {0: [new("x", "x")]}, "from new import x"),
        ("from old import A as x", {0: [new("B", "y")]}, "from new import B as y"),
        ("from old import A", {0: [new("B", "A")]}, "from new import B as A"),
        ("from old import A as A", {0: [new("A", "A")]}, "from new import A as A"),
        ("from old  import (A as\tx )", {0: [new("B", "x")]}, "from new  import (B as\tx )"),
        ("from old import A, \\\r\n  B", {0: [new("C")], 1: [new("B")]},
         "from new import C, \\\r\n  B"),
        ("from a . old import A", {0: [Imported("a.new", "A")]}, "from a . new import A"),
        ("from . import old", {0: [Imported("..utils", "new", "old")]},
         "from ..utils import new as old"),
        ("from .import old", {0: [Imported(".u", "new")]}, "from .u import new"),
        ("from.old import(A)", {0: [Imported("p.new", "A")]}, "from p.new import(A)"),
        ("from .. a import A", {0: [Imported("..b", "A")]}, "from .. b import A"),
        ("from p.old import A", {0: [Imported("..new", "A")]}, "from ..new import A"),
        ("from p import old", {0: [Imported(".", "new")]}, "from . import new"),
        ("from old import *", {0: [new("*")]}, "from new import *"),
        ("from old import*", {0: [new("A"), new("B", "C")]}, "from new import A, B as C"),
        ("from old import (A,)", {0: [new("*")]}, "from new import *"),
        ("import a.old", {0: [Imported(None, "a.new")]}, "import a.new"),
        ("import os, a . old as m", {1: [Imported(None, "a.new", "m")]}, "import os, a . new as m"),
        ("import old", {0: [Imported(None, "a.new", "old")]}, "import a.new as old"),
        ("import old as m", {0: [new("m")]}, "from new import m"),
        ("from a import old as m", {0: [Imported(None, "b", "m")]}, "import b as m"),
        ("from größe import é", {0: [Imported("größe", "ü")]}, "from größe import ü"),
    ],
)  # fmt: skip
def test_one_module_in_place(statement: str, changes: Changes, expected: str) -> None:
    assert rewrite_import(statement, changes) == expected


LIST = (
    "from old import (  # open\r\n    A,  # a\r\n    # above B\r\n    B as b,\r\n"
    "    C  # c\r\n    # end\r\n)"
)


def test_every_comment_and_line_end_stays_in_place() -> None:
    changes = {0: [new("X")], 1: [new("Y", "b")], 2: [new("C")]}
    expected = LIST.replace("old", "new").replace("A,", "X,").replace("B as", "Y as")
    assert rewrite_import(LIST, changes) == expected


@pytest.mark.parametrize(
    ("statement", "dropped", "expected"),
    [
        ("from a import b, c, d", [0], "from a import c, d"),
        ("from a import b, c, d", [1], "from a import b, d"),
        ("from a import b, c, d", [2], "from a import b, c"),
        ("from a import b, \\\n    c", [0], "from a import c"),
        ("from a import \\\n    b, c", [0], "from a import \\\n    c"),
        ("from a import b, \\\n    c", [1], "from a import b"),
        ("from a import (b, c)", [1], "from a import (b)"),
        ("from a import (b, c,)", [1], "from a import (b,)"),
        ("from a import (b,\r\n               c)", [0], "from a import (c)"),
        ("from a import (\r    b,\r    c,\r)", [0], "from a import (\r    c,\r)"),
        ("from a import (\n    b,\n    c,\n)", [1], "from a import (\n    b,\n)"),
        ("from a import (\n    b, c,\n    d,\n)", [0], "from a import (\n    c,\n    d,\n)"),
        ("from a import (\n    b, c,\n    d,\n)", [1], "from a import (\n    b,\n    d,\n)"),
        ("from a import (b,  # b\n    c)", [1], "from a import (b  # b\n    )"),
        ("from a import (\n    b,\n    # c\n    c,  # c\n)", [0],
         "from a import (\n    # c\n    c,  # c\n)"),
        ("from a import (b, # z\n # c\n c)", [1], None),
        ("from a import (\n    b,  # b\n    c,\n)", [0], None),
        ("from a import (\n    # b\n    b,\n    c,\n)", [0], None),
        ("from a import (b  # b\n, c)", [0], None),
        ("import a.b as c, d", [0], "import d"),
        ("import a, b", [0, 1], ""),
        ("from a import *", [0], ""),
        ("from a import (\n    b,\n)", [0], ""),
        ("from a import (  # open\n    b,\n)", [0], None),
        ("from a import (\n    b,\n    # end\n)", [0], None),
    ],
)  # fmt: skip
def test_drop(statement: str, dropped: list[int], expected: str | None) -> None:
    changes: Changes = {index: [] for index in dropped}
    if expected is None:
        with pytest.raises(EditError, match="comment"):
            rewrite_import(statement, changes)
    else:
        assert rewrite_import(statement, changes) == expected


@pytest.mark.parametrize(
    ("statement", "changes", "expected"),
    [
        ("from old import A, B", {0: [new("A")]}, "from new import A; from old import B"),
        ("from old import A, B", {1: [new("B")]}, "from old import A; from new import B"),
        ("from old import A, B, C", {1: [new("B")]}, "from old import A, C; from new import B"),
        ("from old import*", {0: [new("A"), Imported(".m", "B"), new("C")]},
         "from new import A, C; from .m import B"),
        ("import os, a.old as m, sys", {1: [new("m")]}, "import os, sys; from new import m"),
        ("import a.old, os", {0: [Imported("a", "new")]}, "from a import new; import os"),
        ("from p import old, x", {0: [Imported(None, "q", "old")]},
         "import q as old; from p import x"),
        ("from old import (A, B)", {0: [new("A")]}, "from new import A; from old import B"),
        ("from old import (\n    A,\n    B,\n    C,\n)", {1: [new("B")]},
         "from old import (\n    A,\n    C,\n); from new import B"),
    ],
)  # fmt: skip
def test_several_modules(statement: str, changes: Changes, expected: str) -> None:
    assert rewrite_import(statement, changes) == expected


def test_comments_go_with_their_names() -> None:
    result = rewrite_import(LIST, {1: [new("Y", "b")]}, separator="\r\n")
    assert result == (
        "from old import (  # open\r\n    A,  # a\r\n    C  # c\r\n)\r\n"
        "from new import (\r\n    # above B\r\n    Y as b\r\n    # end\r\n)"
    )


def test_the_comment_of_the_bracket_stays_with_the_first_statement() -> None:
    result = rewrite_import(LIST, {0: [new("A")]}, separator="\r\n")
    assert result == (
        "from new import (  # open\r\n    A  # a\r\n)\r\n"
        "from old import (\r\n    # above B\r\n    B as b,\r\n    C  # c\r\n    # end\r\n)"
    )


@pytest.mark.parametrize(
    ("statement", "changes"),
    [
        ("from old import (\n    A,  # a\n    B,\n)", {0: [Imported(None, "m")]}),
        ("from old import (\n    A,  # a\n)", {0: [new("A"), Imported("m", "B")]}),
        ("from old import (\n    A  # a\n)", {0: [new("*")]}),
        ("from old import (A  # noqa\n    , B  # noqa\n)", {1: [new("B")]}),
    ],
)
def test_a_comment_without_a_place_is_refused(statement: str, changes: Changes) -> None:
    with pytest.raises(EditError, match="comment"):
        rewrite_import(statement, changes)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("from old import A, B", "from new import X"),
        ("from old import A, B, C", "from new import X, C"),
        ("from old import (\n    A,  # a\n    B,\n)", "from new import (\n    X,  # a\n)"),
        ("from old import (\n    A,\n    B,  # b\n)", "from new import (\n    X,  # b\n)"),
        ("from old import (\n    A,  # a\n    B,  # b\n)",
         "from new import (\n    X,  # a  # b\n)"),
        ("from old import (\n    A,  # noqa\n    B,  # noqa\n)",
         "from new import (\n    X,  # noqa\n)"),
        ("from old import (\n    A,\n    # b\n    B,\n    C,\n)",
         "from new import (\n    X,  # b\n    C,\n)"),
        ("from old import (A,\r\n  B,  # b\r\n  C)", "from new import (X,  # b\r\n  C)"),
        ("from old import (A, B  # b\n)", "from new import (X  # b\n)"),
    ],
)  # fmt: skip
def test_a_name_that_would_stand_twice_is_written_once(statement: str, expected: str) -> None:
    changes = {0: [new("X")], 1: [new("X")]}
    if "C" in statement:
        changes[2] = [new("C")]
    assert rewrite_import(statement, changes) == expected


def test_one_name_with_two_aliases_stands_twice() -> None:
    changes = {0: [new("X")], 1: [new("X", "b")]}
    assert rewrite_import("from old import A, B as b", changes) == "from new import X, X as b"


def test_a_comment_inside_a_dropped_alias_moves_behind_the_name() -> None:
    changes = {0: [new("x", "x")]}
    assert rewrite_import("from old import (A as  # why\n x, y)", changes | {1: [new("y")]}) == (
        "from new import (x,  # why\n    y)"
    )


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("from new import A", "from new import A, B as b, C"),
        ("from new import (A)", "from new import (A, B as b, C)"),
        ("from new import (A,)", "from new import (A, B as b, C,)"),
        ("from new import (  # o\n    A,  # a\n)",
         "from new import (  # o\n    A,  # a\n    B as b,\n    C,\n)"),
        ("from new import (\r\n    A  # a\r\n    # end\r\n)",
         "from new import (\r\n    A,  # a\r\n    B as b,\r\n    C\r\n    # end\r\n)"),
        ("from new import (A,\n                 C)",
         "from new import (A,\n                 C,\n                 B as b)"),
    ],
)  # fmt: skip
def test_extra_names(statement: str, expected: str) -> None:
    assert rewrite_import(statement, {}, extra=[new("B", "b"), new("C"), new("A")]) == expected


def test_extra_names_follow_the_new_module() -> None:
    assert rewrite_import("from old import A", {0: [new("A")]}, extra=[new("B")]) == (
        "from new import A, B"
    )


@pytest.mark.parametrize(
    ("statement", "changes", "extra"),
    [
        ("from old import A", {1: [new("A")]}, []),
        ("from old import A", {-1: [new("A")]}, []),
        ("from old import A", {}, [new("B")]),
        ("import old", {}, [Imported(None, "b")]),
        ("from new import *", {}, [new("B")]),
        ("from old import A", {0: [new("*"), new("B")]}, []),
        ("import old", {0: [Imported(None, "*")]}, []),
        ("from old import A", {0: [new("a.b")]}, []),
        ("from old import A", {0: [new("class")]}, []),
        ("from old import A", {0: [new("A", "b.c")]}, []),
        ("from old import A", {0: [Imported("", "A")]}, []),
        ("from old import A", {0: [Imported("a b", "A")]}, []),
        ("from old import A", {0: [Imported("a..b", "A")]}, []),
        ("x = 1", {0: [new("A")]}, []),
        ("import a; import b", {0: [new("A")]}, []),
        ("import a  # c", {0: [new("A")]}, []),
        ("import a\n", {0: [new("A")]}, []),
        (" import a", {0: [new("A")]}, []),
        ("import a\x00", {0: [new("A")]}, []),
        ("if x: import a", {0: [new("A")]}, []),
        ("", {0: [new("A")]}, []),
        ("import", {0: [new("A")]}, []),
    ],
)
def test_what_cannot_be_done_is_refused(
    statement: str, changes: Changes, extra: list[Imported]
) -> None:
    with pytest.raises(EditError):
        rewrite_import(statement, changes, extra=extra)

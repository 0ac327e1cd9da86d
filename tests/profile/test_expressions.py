from __future__ import annotations

import pytest

from nonce_migrate.profile.expressions import NotationError, parse_becomes, parse_signature
from nonce_migrate.profile.schema import Argument, Becomes, Parameter

A_B = (Parameter("a"), Parameter("b", "1"))


def test_a_bare_name_has_no_parameters() -> None:
    assert parse_signature("LIMIT") == ("LIMIT", None)
    assert parse_signature("f()") == ("f", ())


def test_parameters_keep_the_text_of_their_defaults() -> None:
    expected = (Parameter("a"), Parameter("b", "-1"), Parameter("c", "'x'"))
    assert parse_signature("f(a, b=-1, c='x')") == ("f", expected)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "class",
        "f(",
        "f(*a)",
        "f(**a)",
        "f(a, /)",
        "f(*, a)",
        "f(a: int)",
        "f() -> int",
        "f(a, a)",
        "f(): pass\ndef g()",
        "f(): pass; x",
        "f(): x",
        "f(a\0)",
        "f[T](a)",
        "f(a=" + "(" * 5000 + ")" * 5000 + ")",
    ],
)
def test_what_is_no_signature_is_refused(text: str) -> None:
    with pytest.raises(NotationError):
        parse_signature(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("New", Becomes("New", "New")),
        ("New(a, b)", Becomes("New(a, b)", "New")),
        ("New()", Becomes("New()", "New", arguments=())),
        ("New(b)", Becomes("New(b)", "New", arguments=(Argument("b"),))),
        (
            "New(b, x=a)",
            Becomes("New(b, x=a)", "New", arguments=(Argument("b"), Argument("a", "x"))),
        ),
        ("self.f", Becomes("self.f", "f", "self")),
        ("int(self.f(a, b))", Becomes("int(self.f(a, b))", "f", "self", convert="int")),
        ("self.make().f(a, b)", Becomes("self.make().f(a, b)", "f", "self", "make")),
    ],
)
def test_replacements(text: str, expected: Becomes) -> None:
    assert parse_becomes(text, A_B) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "New(",
        "1",
        "a.b.c",
        "other.f(a)",
        "New(c)",
        "New(a + b)",
        "New(*a)",
        "New(**a)",
        "New(a, a)",
        "New(x=a, x=b)",
        "make(a).f(b)",
        "make(x=a).f(b)",
        "int(self.f(a), base=b)",
        "New(a\0)",
        "(" * 5000 + "x" + ")" * 5000,
    ],
)
def test_what_is_no_replacement_is_refused(text: str) -> None:
    with pytest.raises(NotationError):
        parse_becomes(text, A_B)

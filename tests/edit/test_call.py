from __future__ import annotations

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nonce_migrate.edit.call import AsKeyword, CallChange, Drop, Keep, adapt_call
from nonce_migrate.edit.errors import EditError

steady = settings(deadline=None, derandomize=True)

UNCHANGED = [
    "f()",
    "f( )",
    "f(a , b ,)",
    "f(\r\n\ta,  # one\r\n\tb\r\n)",
    "f(a,\rb)",
    "f(\x0ca)",
    "m\n  .f(a\n)",
    "(f)(a)(b)",
    "f(a := 1, *b, c=d, **e)",
    "f(x for x in y)",
    "f(await x, lambda: (yield))",
    "f('#', '''\r\n)''', rb'\\\\', f'{a!r:>{w}}')",
    "größe.f('€')",
    "f(a, \\\n  b)",
    "f(  # nothing\n)",
]


@pytest.mark.parametrize("expression", UNCHANGED)
def test_without_changes_the_call_is_the_same(expression: str) -> None:
    assert adapt_call(expression, CallChange()) == expression
    count = len(ast.parse(f"({expression})", mode="eval").body.args)  # type: ignore[attr-defined]
    kept = CallChange(arguments={index: Keep() for index in range(count)})
    assert adapt_call(expression, kept) == expression


@pytest.mark.parametrize("expression", UNCHANGED)
def test_convert_wraps_the_call(expression: str) -> None:
    assert adapt_call(expression, CallChange(convert="int")) == f"int({expression})"


@pytest.mark.parametrize(
    ("expression", "change", "expected"),
    [
        ("old(a)", CallChange(callee="new"), "new(a)"),
        ("old (a )", CallChange(callee="m.new"), "m.new (a )"),
        ("a.b(c)(d)", CallChange(callee="x"), "x(d)"),
        ("old(7)", CallChange(callee="get().new", convert="int"), "int(get().new(7))"),
        ("m.old(a)", CallChange(member="new"), "m.new(a)"),
        ("m\r\n .old\r\n (a)", CallChange(member="new"), "m\r\n .new\r\n (a)"),
        ("old(x).old(old)", CallChange(member="new"), "old(x).new(old)"),
    ],
)
def test_callee(expression: str, change: CallChange, expected: str) -> None:
    assert adapt_call(expression, change) == expected


@pytest.mark.parametrize(
    ("expression", "index", "expected"),
    [
        ("f(a)", 0, "f(k=a)"),
        ("f(a, b)", 1, "f(a, k=b)"),
        ("f( a )", 0, "f( k=a )"),
        ("f(a, b=1)", 0, "f(k=a, b=1)"),
        ("f(a, **b)", 0, "f(k=a, **b)"),
        ("f(b = 1)", 0, "f(k = 1)"),
        ("f(*a, b=1)", 1, "f(*a, k=1)"),
        ("f(**a, b=1)", 1, "f(**a, k=1)"),
        ("f(x for x in y)", 0, "f(k=(x for x in y))"),
        ("f((x for x in y))", 0, "f(k=(x for x in y))"),
        ("f(x := 1)", 0, "f(k=(x := 1))"),
        ("f((x := 1))", 0, "f(k=(x := 1))"),
        ("f(lambda: 1)", 0, "f(k=lambda: 1)"),
        ("f(a if b else c)", 0, "f(k=a if b else c)"),
        ("f(\r\n  a,  # one\r\n)", 0, "f(\r\n  k=a,  # one\r\n)"),
    ],
)
def test_keyword(expression: str, index: int, expected: str) -> None:
    change = CallChange(arguments={index: AsKeyword("k")})
    assert adapt_call(expression, change) == expected


def test_several_keywords_at_once() -> None:
    change = CallChange(arguments={0: AsKeyword("x"), 1: AsKeyword("y")})
    assert adapt_call("f(a, b)", change) == "f(x=a, y=b)"


@pytest.mark.parametrize(
    ("expression", "index"),
    [
        ("f(a, b)", 0),
        ("f(a, *b)", 0),
        ("f(*b, a)", 1),
        ("f(*b)", 0),
        ("f(**b)", 0),
        ("f(a, k=1)", 0),
        ("f(a, b=1, k=2)", 1),
        ("f(a)", 1),
    ],
)
def test_a_keyword_that_would_move_or_repeat_an_argument_is_refused(
    expression: str, index: int
) -> None:
    with pytest.raises(EditError):
        adapt_call(expression, CallChange(arguments={index: AsKeyword("k")}))


@pytest.mark.parametrize(
    ("expression", "dropped", "expected"),
    [
        ("f(a)", {0}, "f()"),
        ("f( a )", {0}, "f()"),
        ("f(a,)", {0}, "f()"),
        ("f(a, b)", {0}, "f(b)"),
        ("f(a, b)", {1}, "f(a)"),
        ("f(a, b,)", {1}, "f(a,)"),
        ("f(a , b , c)", {1}, "f(a , c)"),
        ("f(a, b, c)", {0, 1}, "f(c)"),
        ("f(a, b, c)", {1, 2}, "f(a)"),
        ("f(a, b, c)", {0, 1, 2}, "f()"),
        ("f(a, k=b, **c)", {1}, "f(a, **c)"),
        ("f(\r\n    a,  # one\r\n    b,\r\n)", {1}, "f(\r\n    a,  # one\r\n)"),
        ("f(\n    a,\n    # two\n    b,  # two\n)", {0}, "f(\n    # two\n    b,  # two\n)"),
        ("f(  # f\n    a,\n    b\n)", {0}, "f(  # f\n    b\n)"),
        ("f(a,\n  b)", {1}, "f(a)"),
        ("f(a,\n  b)", {0}, "f(b)"),
        ("f(a,  # one\n  b)", {1}, "f(a  # one\n  )"),
        ("f(  # f\n    a,\n)", {0}, "f(  # f\n    )"),
    ],
)
def test_drop(expression: str, dropped: set[int], expected: str) -> None:
    change = CallChange(arguments={index: Drop() for index in dropped})
    assert adapt_call(expression, change) == expected


@pytest.mark.parametrize(
    ("expression", "dropped"),
    [
        ("f(\n    a,  # one\n    b,\n)", 0),
        ("f(\n    # one\n    a,\n    b,\n)", 0),
        ("f(\n    b,\n    a  # one\n)", 1),
        ("f(b, g(\n    # one\n))", 1),
        ("f(*a, b)", 1),
        ("f(a)", 7),
    ],
)
def test_a_drop_that_loses_a_comment_or_misses_is_refused(expression: str, dropped: int) -> None:
    with pytest.raises(EditError):
        adapt_call(expression, CallChange(arguments={dropped: Drop()}))


def test_drop_and_keyword_together() -> None:
    change = CallChange(
        callee="get_nonce_manager().use",
        arguments={0: Drop(), 1: AsKeyword("state_dir")},
        convert="str",
    )
    expected = "str(get_nonce_manager().use(state_dir=path))"
    assert adapt_call("NonceManager(key, path)", change) == expected


@pytest.mark.parametrize("expression", ["f", "f(a) + 1", "f(a) ", "", "f(a", "f(), g()"])
def test_what_is_no_call_is_refused(expression: str) -> None:
    with pytest.raises(EditError):
        adapt_call(expression, CallChange(callee="g"))


@pytest.mark.parametrize(
    "change",
    [
        CallChange(callee="a + b"),
        CallChange(callee="lambda: 1"),
        CallChange(callee=""),
        CallChange(callee="g", member="h"),
        CallChange(callee="a\n.b"),
        CallChange(member="a.b"),
        CallChange(convert="1"),
        CallChange(arguments={0: AsKeyword("class")}),
        CallChange(arguments={0: AsKeyword("a.b")}),
    ],
)
def test_a_change_that_is_not_python_is_refused(change: CallChange) -> None:
    with pytest.raises(EditError):
        adapt_call("m.f(a)", change)


def test_a_member_of_a_name_is_refused() -> None:
    with pytest.raises(EditError, match="member"):
        adapt_call("f(a)", CallChange(member="g"))


def test_a_comment_in_the_callee_is_not_lost() -> None:
    assert adapt_call("m.  # why\n f()", CallChange(member="g")) == "m.  # why\n g()"
    with pytest.raises(EditError, match="comment"):
        adapt_call("m.  # why\n f()", CallChange(callee="g"))


@pytest.mark.parametrize("nested", ["(" * 2500 + ")" * 2500, "f(" + "not " * 30_000 + "1)"])
def test_deep_nesting_is_refused_instead_of_ending_the_process(nested: str) -> None:
    with pytest.raises(EditError):
        adapt_call(nested, CallChange(callee="g"))


def test_a_long_sum_is_edited_or_refused() -> None:
    expression = "f(" + "+".join("1" * 1200) + ")"
    with pytest.raises(EditError, match="nested"):
        adapt_call(expression, CallChange(callee="g"))


@st.composite
def calls(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A call whose arguments are a0, a1, ... in any layout, and those arguments."""
    newline = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    space = st.sampled_from(["", " ", "\t", newline, f"{newline}    ", " \x0c", f" \\{newline}"])
    count = draw(st.integers(0, 5))
    positional = draw(st.integers(0, count))
    written = [f"a{i}" if i < positional else f"k{i} = a{i}" for i in range(count)]
    parts = ["m.f(", draw(space)]
    for index, argument in enumerate(written):
        last = index == count - 1
        comma = "," if not last or draw(st.booleans()) else ""
        parts.extend((argument, draw(space), comma, draw(space)))
    return "".join((*parts, ")")), written


@steady
@given(calls(), st.data())
def test_the_arguments_that_stay_are_those_asked_for(
    case: tuple[str, list[str]], data: st.DataObject
) -> None:
    expression, written = case
    dropped = data.draw(st.sets(st.sampled_from(range(len(written))))) if written else set()
    result = adapt_call(expression, CallChange(arguments={index: Drop() for index in dropped}))
    call = ast.parse(f"({result})", mode="eval").body
    assert isinstance(call, ast.Call)
    found = [ast.unparse(argument) for argument in (*call.args, *call.keywords)]
    assert found == [a.replace(" ", "") for i, a in enumerate(written) if i not in dropped]
    if not dropped:
        assert result == expression

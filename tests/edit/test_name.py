from __future__ import annotations

import pytest

from nonce_migrate.edit.errors import EditError
from nonce_migrate.edit.name import rename_last, replace_prefix


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("old", "new"),
        ("m.old", "m.new"),
        ("m . old", "m . new"),
        ("m\r\n  .old", "m\r\n  .new"),
        ("m.\\\n\told", "m.\\\n\tnew"),
        ("m.  # why\n old", "m.  # why\n new"),
        ("old.old.old", "old.old.new"),
        ("get(old)[old].old", "get(old)[old].new"),
        ("(m).old", "(m).new"),
        ("größe.old", "größe.new"),
        ("m.\x0cold", "m.\x0cnew"),
        ("m\r.old", "m\r.new"),
    ],
)
def test_only_the_last_name_changes(expression: str, expected: str) -> None:
    assert rename_last(expression, "new") == expected


@pytest.mark.parametrize(
    "expression", ["f()", "a[0]", "'old'", "", " old", "old ", "a) + (old", "old;x", "(old)(", "1"]
)
def test_what_is_no_name_is_refused(expression: str) -> None:
    with pytest.raises(EditError):
        rename_last(expression, "new")


@pytest.mark.parametrize("new", ["", "a.b", "class", "a b", "1a", "a()"])
def test_a_new_name_that_is_none_is_refused(new: str) -> None:
    with pytest.raises(EditError):
        rename_last("m.old", new)


@pytest.mark.parametrize(
    ("expression", "parts", "new", "expected"),
    [
        ("a.b.legacy.X", 3, "a.b.new", "a.b.new.X"),
        ("a.b.legacy", 3, "a.b.new", "a.b.new"),
        ("a . b\n. legacy . X", 3, "a.b.new", "a . b\n. new . X"),
        ("a.b.legacy . X", 3, "new", "new . X"),
        ("legacy.X", 1, "a.b.new", "a.b.new.X"),
        ("legacy", 1, "a.new", "a.new"),
        ("legacy.  # kept\r\n X.y", 1, "a.new", "a.new.  # kept\r\n X.y"),
        ("a.legacy.legacy", 2, "a.new", "a.new.legacy"),
    ],
)
def test_the_rest_of_a_dotted_name_stays(
    expression: str, parts: int, new: str, expected: str
) -> None:
    assert replace_prefix(expression, parts, new) == expected


@pytest.mark.parametrize(
    ("expression", "parts"), [("a.b", 3), ("a.b", 0), ("f().b", 1), ("a[0].b", 1), ("a.b", -1)]
)
def test_a_prefix_that_is_not_there_is_refused(expression: str, parts: int) -> None:
    with pytest.raises(EditError):
        replace_prefix(expression, parts, "new")


def test_a_prefix_with_a_comment_is_not_replaced_by_another_number_of_names() -> None:
    assert replace_prefix("a.  # why\n old.X", 2, "b.new") == "b.  # why\n new.X"
    with pytest.raises(EditError, match="comment"):
        replace_prefix("a.  # why\n old.X", 2, "new")

"""The table [rogue] of a profile."""

from __future__ import annotations

from collections.abc import Mapping

from nonce_migrate.profile.rogue import read_rogue
from nonce_migrate.profile.schema import Rogue, Unit
from nonce_migrate.profile.table import Table

EXPORTS = frozenset({"manager"})


def read(data: Mapping[str, object]) -> tuple[Rogue, list[str]]:
    """The table, and what is wrong with it."""
    problems: list[str] = []
    return read_rogue(Table(data, "rogue", problems), EXPORTS, Unit.NS), problems


def test_the_name_to_import_is_the_first_of_the_expression() -> None:
    rogue, problems = read({"becomes": "manager().next()", "unit": "ms"})
    assert problems == []
    assert (rogue.imported, rogue.unit, rogue.scale, rogue.names) == (
        "manager",
        Unit.MS,
        1000.0,
        ("nonce",),
    )


def test_it_counts_what_the_target_counts_where_nothing_is_said() -> None:
    assert read({"becomes": "manager().next()"})[0].unit is Unit.NS


def test_a_replacement_is_needed() -> None:
    assert read({})[1] == ["rogue.becomes: missing; give the expression that draws a nonce as text"]


def test_a_replacement_must_be_a_call_of_the_target() -> None:
    for text in ("manager", "(manager)()", "manager(", "1 + manager()", "'x'.join(y)"):
        assert "is no call that starts with a name of the target" in read({"becomes": text})[1][0]


def test_a_replacement_must_be_there() -> None:
    (problem,) = read({"becomes": "manger().next()"})[1]
    assert "'manger' is no name that the target has; did you mean 'manager'?" in problem


def test_mistakes_are_told() -> None:
    problems = read({"becomes": "manager()", "unit": "min", "name": ["x"]})[1]
    assert len(problems) == 2
    assert "none of s, ms, us, ns" in problems[0]
    assert "unknown key; did you mean 'names'?" in problems[1]

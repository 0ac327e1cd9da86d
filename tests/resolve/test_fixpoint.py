from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest

from nonce_migrate.resolve.fixpoint import Answers
from nonce_migrate.resolve.held import UNKNOWN, Foreign, Value, join


def _one(name: str) -> Value:
    return Value(frozenset({Foreign(name)}), True)


def _asking(answers: Answers, own: dict[str, Value], uses: dict[str, str]) -> Callable[..., Value]:
    """Each question is answered by its own value and those of the questions that it uses."""

    def ask(question: str) -> Value:
        return answers.get(
            question, lambda: join([own[question], *(ask(other) for other in uses[question])])
        )

    return ask


@pytest.mark.parametrize("order", list(itertools.permutations("abcd")))
def test_the_answers_do_not_depend_on_what_is_asked_first(order: tuple[str, ...]) -> None:
    own = {"a": _one("x"), "b": UNKNOWN, "c": _one("y"), "d": _one("z")}
    ask = _asking(Answers(), own, {"a": "b", "b": "ca", "c": "ab", "d": "a"})
    found = {question: ask(question) for question in order}

    circle = Value(frozenset({Foreign("x"), Foreign("y")}), complete=False)
    assert found["a"] == found["b"] == found["c"] == circle
    assert found["d"] == join([circle, _one("z")])


def test_a_large_circle_of_circles_is_answered_soon() -> None:
    names = [chr(0x4E00 + number) for number in range(60)]
    own = {name: _one(name) for name in names}
    asked = itertools.count()
    answers = Answers()

    def ask(question: str) -> Value:
        def answer() -> Value:
            next(asked)
            return join([own[question], *(ask(other) for other in names)])

        return answers.get(question, answer)

    assert len(ask(names[0]).held) == len(names)
    assert next(asked) < 50 * len(names)


def test_what_is_nested_too_deep_is_unknown() -> None:
    answers = Answers()

    def ask(depth: int) -> Value:
        return answers.get(depth, lambda: ask(depth + 1) if depth < 10_000 else _one("x"))

    assert not ask(0).complete


def test_an_answer_that_never_settles_is_doubted() -> None:
    answers = Answers()
    count = itertools.count()

    def ask() -> Value:
        return answers.get("a", lambda: (ask(), _one(str(next(count))))[1])

    assert not ask().complete

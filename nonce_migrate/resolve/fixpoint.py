"""Answers to questions that depend on each other, in circles too.

A name can hold what another holds, and that one what the first does. Within a circle each question
starts from the answer "nothing", and the outermost is asked again until all of their answers stay
what they are, so that they do not depend on which is asked first.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from nonce_migrate.resolve.held import NOTHING, UNKNOWN, Value

# A question that is nested deeper is not followed: what it asks for counts as unknown.
_DEEPEST = 70
# Answers grow from round to round, by few things in practice.
_MOST_ROUNDS = 12


@dataclass(slots=True)
class _Open:
    """A question that is being answered.

    depth: how many are open around it. reached: the depth of the outermost open question whose
    answer so far it has used. answer: its own so far. is_used: whether that was used inside it.
    """

    depth: int
    reached: int
    answer: Value
    is_used: bool = False


@dataclass(frozen=True, slots=True)
class _Passing:
    """An answer that holds as long as the open question at the depth `reached` keeps its own."""

    value: Value
    reached: int
    depth: int


class Answers:
    """Keeps the answers, and finds those of circles."""

    def __init__(self) -> None:
        self._known: dict[Hashable, Value] = {}
        self._open: dict[Hashable, _Open] = {}
        self._passing: dict[Hashable, _Passing] = {}
        self._so_far: dict[Hashable, Value] = {}
        self._has_grown = False

    def known(self, question: Hashable) -> Value | None:
        """The answer to a question that was settled before, None where it was not."""
        return self._known.get(question)

    def get(self, question: Hashable, answer: Callable[[], Value]) -> Value:
        """The answer to a question; `answer` works it out, and may ask others."""
        known = self._known.get(question)
        if known is not None:
            return known
        passing = self._passing.get(question)
        if passing is not None:
            self._use(passing.reached)
            return passing.value
        pending = self._open.get(question)
        if pending is not None:
            pending.is_used = True
            self._use(pending.depth)
            return pending.answer
        if len(self._open) >= _DEEPEST:
            return UNKNOWN
        return self._settle(question, answer)

    def _use(self, depth: int) -> None:
        """Notes that the innermost open question has used the answer of the one at a depth."""
        if self._open:
            innermost = next(reversed(self._open.values()))
            innermost.reached = min(innermost.reached, depth)

    def _settle(self, question: Hashable, answer: Callable[[], Value]) -> Value:
        depth, grown_around = len(self._open), self._has_grown
        for _ in range(_MOST_ROUNDS):
            self._has_grown = False
            own, found = self._ask(question, depth, answer)
            if own.reached < depth:
                # It belongs to a circle whose outermost question is asked again.
                self._has_grown = self._has_grown or grown_around
                self._passing[question] = _Passing(found, own.reached, depth)
                self._use(own.reached)
                return found
            if not self._has_grown:
                break
            self._close(depth, is_settled=False)
        else:
            found = found.doubted()
        self._close(depth, is_settled=not self._has_grown)
        self._has_grown = grown_around
        self._known[question] = found
        return found

    def _ask(
        self, question: Hashable, depth: int, answer: Callable[[], Value]
    ) -> tuple[_Open, Value]:
        own = _Open(depth, depth, self._so_far.get(question, NOTHING))
        self._open[question] = own
        try:
            found = answer()
        finally:
            del self._open[question]
        if own.is_used and found != own.answer:
            self._so_far[question] = found
            self._has_grown = True
        return own, found

    def _close(self, depth: int, *, is_settled: bool) -> None:
        """Ends a round of a circle: its answers are known where they have stayed the same."""
        inside = [question for question, p in self._passing.items() if p.depth > depth]
        for question in inside:
            passing = self._passing.pop(question)
            if is_settled:
                self._known[question] = passing.value
        if is_settled and not depth:
            self._so_far.clear()

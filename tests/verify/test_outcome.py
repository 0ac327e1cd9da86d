from __future__ import annotations

import pytest

from nonce_migrate.verify.outcome import CaseResult, Outcome, Verdict, regressions

P, F, E, S = map(CaseResult, (Verdict.PASSED, Verdict.FAILED, Verdict.ERROR, Verdict.SKIPPED))


def worse(before: Outcome, after: Outcome) -> list[str]:
    return [r.name or r.what for r in regressions(before, after)]


@pytest.mark.parametrize(
    ("before", "after", "names"),
    [
        ({"a": P, "b": F}, {"a": P, "b": F}, []),
        ({"a": P, "b": F}, {"a": P, "b": P}, []),
        ({"a": P}, {"a": F}, ["a"]),
        ({"a": P}, {"a": E}, ["a"]),
        # importorskip hides an import that fails now.
        ({"a": P}, {"a": S}, ["a"]),
        # A file that cannot be collected any more.
        ({"t::a": P, "t::b": P}, {"t": E}, ["t", "t::a", "t::b"]),
        ({"a": F}, {"a": E}, []),
        # Names with an address or a time in them.
        ({"a[0x1]": P, "b": P}, {"a[0x2]": P, "b": P}, []),
    ],
)
def test_tests_are_told_apart(
    before: dict[str, CaseResult], after: dict[str, CaseResult], names: list[str]
) -> None:
    assert worse(Outcome(1, before), Outcome(1, after)) == names


@pytest.mark.parametrize(
    ("before", "after", "is_worse"),
    [
        (0, 0, False),
        (0, 1, True),
        (1, 1, False),
        (1, 2, False),
        (0, None, True),
        (None, None, False),
    ],
)
def test_without_tests_the_exit_status_counts(
    before: int | None, after: int | None, is_worse: bool
) -> None:
    assert bool(worse(Outcome(before), Outcome(after))) is is_worse


def test_a_test_that_fails_as_before_does_not_hide_another_status() -> None:
    assert worse(Outcome(0, {"a": P}), Outcome(3, {"a": P})) == ["exit status 3, before 0"]

"""What a check gave, and whether it is worse than what it gave before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Verdict(StrEnum):
    """How one test (or the import of one module) ended."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    SKIPPED = "skipped"
    MISSING = "not run"


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One test. text: what it said when it did not pass, with the traceback."""

    verdict: Verdict
    text: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run of a check. status: exit status, None where it took too long and was ended.

    tests: by name, empty where the command told of none. output: the end of what it printed.
    """

    status: int | None
    tests: Mapping[str, CaseResult] = field(default_factory=dict)
    output: str = ""

    def named(self, verdict: Verdict) -> set[str]:
        """The tests that ended so."""
        return {name for name, test in self.tests.items() if test.verdict is verdict}

    @property
    def is_useful(self) -> bool:
        """Whether there is anything in it that could get worse."""
        return self.status == 0 or bool(self.named(Verdict.PASSED))


@dataclass(frozen=True, slots=True)
class Regression:
    """Something that was well before. name: of the test, "" for the command as a whole."""

    name: str
    what: str
    text: str


def regressions(before: Outcome, after: Outcome) -> tuple[Regression, ...]:
    """What got worse: tests that passed, or else the exit status.

    A test that failed before may fail. One that is skipped or not run now, and passed before, is
    worse: a skip often hides an import that fails.
    """
    if after.status is None:
        if before.status is None:
            return ()
        return (Regression("", "it did not come to its end in the time allowed", after.output),)
    found = tuple(_tests(before, after))
    if not found and before.status == 0 and after.status != 0:
        return (Regression("", f"exit status {after.status}, before 0", after.output),)
    return found


def _tests(before: Outcome, after: Outcome) -> Iterator[Regression]:
    passed = before.named(Verdict.PASSED)
    was_bad = before.named(Verdict.FAILED) | before.named(Verdict.ERROR)
    # Where as many pass as before, names that are gone are those of tests that change their name.
    counts_missing = len(after.named(Verdict.PASSED)) < len(passed)
    for name in sorted({*before.tests, *after.tests}):
        now = after.tests.get(name, CaseResult(Verdict.MISSING))
        is_bad = now.verdict in (Verdict.FAILED, Verdict.ERROR)
        is_lost = name in passed and (
            now.verdict is Verdict.SKIPPED or (now.verdict is Verdict.MISSING and counts_missing)
        )
        if is_lost or (is_bad and name not in was_bad):
            was = before.tests.get(name, CaseResult(Verdict.MISSING))
            yield Regression(name, f"{now.verdict}, before {was.verdict}", now.text)

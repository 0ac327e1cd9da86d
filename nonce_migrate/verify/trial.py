"""Runs all checks before and after the files are written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from nonce_migrate.errors import ProjectError
from nonce_migrate.verify.outcome import Outcome, Regression, Verdict, regressions


class Check(Protocol):
    """Something that can be run in a project, before and after."""

    @property
    def text(self) -> str:
        """What to call it."""

    def run(self, root: Path) -> Outcome:
        """Its outcome now."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """A check with its outcome before."""

    check: Check
    before: Outcome


class WorseError(ProjectError):
    """A check went worse than before. found: what, at least one."""

    def __init__(self, baseline: Baseline, found: tuple[Regression, ...]) -> None:
        self.baseline = baseline
        self.found = found
        super().__init__(
            f"--verify {baseline.check.text!r} is worse than before: everything was put back"
        )


def take_baseline(
    root: Path, checks: Sequence[Check], tell: Callable[[str], None]
) -> tuple[Baseline, ...]:
    """Runs the checks on the project as it is. tell: takes lines about those that prove little."""
    taken = []
    for check in checks:
        before = check.run(root)
        tell(f"before: {told(check, before)}")
        if not before.is_useful:
            tell(f"{check.text}: it fails before, so it cannot tell whether anything is worse")
        taken.append(Baseline(check, before))
    return tuple(taken)


def compare(root: Path, baselines: Sequence[Baseline], tell: Callable[[str], None]) -> None:
    """Runs the checks again. Raises WorseError at the first one that is worse."""
    for baseline in baselines:
        after = baseline.check.run(root)
        tell(f"after: {told(baseline.check, after)}")
        found = regressions(baseline.before, after)
        if found:
            raise WorseError(baseline, found)


def told(check: Check, outcome: Outcome) -> str:
    """The check and how it ended, as one line."""
    status = "took too long" if outcome.status is None else f"exit status {outcome.status}"
    if not outcome.tests:
        return f"{check.text}: {status}"
    counts = {verdict: len(outcome.named(verdict)) for verdict in Verdict}
    parts = [f"{number} {verdict}" for verdict, number in counts.items() if number]
    return f"{check.text}: {status}, {', '.join(parts)}"

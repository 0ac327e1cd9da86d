"""Which files' rewriting makes a check worse: tried out, one part of the files after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nonce_migrate.errors import ProjectError
from nonce_migrate.transaction.apply import put_in_place
from nonce_migrate.transaction.journal import Write
from nonce_migrate.transaction.store import Store
from nonce_migrate.verify.bisect import fewest
from nonce_migrate.verify.outcome import regressions
from nonce_migrate.verify.trial import Baseline


class UnsteadyError(ProjectError):
    """The check is worse than before although nothing is changed, so it cannot tell."""


class _JudgedError(Exception):
    """Ends a trial, so that everything is put back. is_worse: what it found."""

    def __init__(self, is_worse: bool) -> None:
        self.is_worse = is_worse


def culprits(
    store: Store,
    paths: Sequence[str],
    writes_with: Callable[[frozenset[str]], Sequence[Write]],
    baseline: Baseline,
    tell: Callable[[str], None],
) -> tuple[str, ...]:
    """The fewest of the files that have to be rewritten for the check to be worse.

    Needs the lock. Each part is written, tried and put back, with a journal like any run.
    writes_with: the writes of a plan that rewrites these files alone (and what has to come with
    them). tell: takes a line for each trial. Raises UnsteadyError, ProjectError.
    """

    def is_worse() -> bool:
        return bool(regressions(baseline.before, baseline.check.run(store.root)))

    def judge() -> None:
        raise _JudgedError(is_worse())

    def fails(part: frozenset[str]) -> bool:
        writes = writes_with(part)
        result = False
        if writes:
            try:
                put_in_place(store, writes, judge)
            except _JudgedError as judged:
                result = judged.is_worse
        tell(f"bisect: {len(part)} of {len(paths)} files: {'worse' if result else 'as before'}")
        return result

    if is_worse():
        raise UnsteadyError(
            f"{baseline.check.text}: now it is worse even with nothing changed, so it does not "
            "tell of the migration: make it give the same each time"
        )
    return fewest(paths, fails)

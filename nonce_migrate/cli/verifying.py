"""--verify and --bisect of `apply`: the checks, and what is said where one goes worse."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from nonce_migrate.cli.care import Care
from nonce_migrate.cli.output import complain, screen_of, tell
from nonce_migrate.errors import ProjectError
from nonce_migrate.reports.diff import diff_screen
from nonce_migrate.reports.verify_report import render_regressions
from nonce_migrate.reports.wording import visible
from nonce_migrate.verify.command import ShellCommand
from nonce_migrate.verify.culprits import UnsteadyError, culprits
from nonce_migrate.verify.imports import ImportCheck
from nonce_migrate.verify.suspects import suspects
from nonce_migrate.verify.trial import Baseline, Check, WorseError, compare, take_baseline

if TYPE_CHECKING:
    from nonce_migrate.engine import Options
    from nonce_migrate.plans import Plan
    from nonce_migrate.transaction.journal import Write
    from nonce_migrate.transaction.store import Store

_IMPORTS = "imports"
_MOST_DIFFS = 3


class Verification:
    """The checks of one run. commands: for the shell, or the word `imports`.

    writes_of: the writes of the plan in which those files are left as they are.
    """

    def __init__(
        self,
        options: Options,
        care: Care,
        commands: Sequence[str],
        writes_keeping: Callable[[frozenset[str]], Sequence[Write]],
    ) -> None:
        self._options = options
        self._care = care
        self._checks = [_check(options, text, care.time_limit_s) for text in commands]
        self._writes_keeping = writes_keeping
        self._baselines: tuple[Baseline, ...] = ()

    def before(self) -> None:
        """Runs all checks on the project as it is."""
        self._baselines = take_baseline(self._options.root, self._checks, complain)

    def after(self) -> None:
        """Runs them again. Raises WorseError."""
        compare(self._options.root, self._baselines, complain)

    def explain(self, error: WorseError, plan: Plan, store: Store) -> None:
        """Says what got worse and which rewriting did it; everything has been put back."""
        tell(render_regressions(error.found))
        paths = [change.path for change in plan.changes]
        if not self._care.bisect:
            named = suspects(self._options.root, error.found, paths)
            _show_suspects(named, plan)
            return
        complain(f"bisect: looking for the fewest of {len(paths)} files that make it fail")

        def writes_with(part: frozenset[str]) -> Sequence[Write]:
            return self._writes_keeping(frozenset(paths) - part)

        try:
            found = culprits(store, paths, writes_with, error.baseline, complain)
        except UnsteadyError as unsteady:
            complain(str(unsteady))
            return
        names = ", ".join(map(visible, found))
        complain(f"bisect: it fails with the rewriting of {names}, and not with less")
        _show_diffs(found, plan)


def _check(options: Options, text: str, limit_s: float) -> Check:
    if not text.strip():
        raise ProjectError("--verify: the command is empty")
    if text.strip() != _IMPORTS:
        return ShellCommand(text, limit_s)
    from nonce_migrate.discover import walk

    files = walk(options.root, (*options.profile.exclude, *options.exclude)).files
    return ImportCheck(files, options.profile.roots, limit_s)


def _show_suspects(named: Sequence[str], plan: Plan) -> None:
    if not named:
        complain("no rewritten file is in the traceback; --bisect finds the one that does it")
        return
    names = ", ".join(map(visible, named))
    complain(f"rewritten files in the traceback, the nearest first: {names}")
    if len(named) > 1:
        complain("--bisect finds the one that does it")
    _show_diffs(named, plan)


def _show_diffs(paths: Sequence[str], plan: Plan) -> None:
    changes = {change.path: change for change in plan.changes}
    for path in paths[:_MOST_DIFFS]:
        tell(diff_screen((changes[path],), screen_of(sys.stderr)).rstrip("\n"))
    if len(paths) > _MOST_DIFFS:
        complain(f"{len(paths) - _MOST_DIFFS} more diffs: see apply --dry-run")

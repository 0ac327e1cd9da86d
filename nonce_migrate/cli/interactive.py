"""`apply --interactive`: shows the diff of each file and asks."""

from __future__ import annotations

import sys
from collections.abc import Callable
from enum import StrEnum

import click

from nonce_migrate.cli.output import complain, print_text, screen_of
from nonce_migrate.errors import ProjectError
from nonce_migrate.plans import ChangeKind, FileChange, Plan
from nonce_migrate.reports.diff import diff_screen
from nonce_migrate.reports.wording import visible


class Answer(StrEnum):
    """What the user may say to a file."""

    YES = "y"
    NO = "n"
    ALL = "a"
    QUIT = "q"


_HELP = {
    Answer.YES: "write this file",
    Answer.NO: "leave it as it is; what hangs on it, too",
    Answer.ALL: "write this file and all that follow",
    Answer.QUIT: "write nothing at all",
}


def require_terminal() -> None:
    """Raises ProjectError where nobody can see the diff or answer."""
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout)):
        raise ProjectError("--interactive: needs a terminal to ask on")


def choose(
    plan: Plan, keep: Callable[[frozenset[str]], Plan]
) -> tuple[Plan, frozenset[str]] | None:
    """The plan with the files that the user agreed to, and those that are left; None to quit.

    keep: plans again with files left as they are. A file that is left can change what becomes of
    others (the clients of its re-exports); those are shown once more. The manager is not asked
    for: it comes with the first file that needs it.
    """
    asker = _Asker()
    kept: frozenset[str] = frozenset()
    while True:
        declined = asker.declined(plan)
        if declined is None:
            return None
        if not declined:
            return plan, kept
        kept |= declined
        plan = keep(kept)


class _Asker:
    """What was agreed to so far: paths with the content that was shown."""

    def __init__(self) -> None:
        self.agreed: dict[str, bytes] = {}
        self.agrees_to_all = False

    def declined(self, plan: Plan) -> frozenset[str] | None:
        """Asks for each file that was not agreed to as it is; None to quit."""
        declined = set()
        changes = [c for c in plan.changes if c.kind is not ChangeKind.MANAGER]
        for number, change in enumerate(changes, start=1):
            if self.agrees_to_all or self.agreed.get(change.path) == change.after:
                continue
            if change.path in self.agreed:
                complain(f"{visible(change.path)}: other than shown before, since a file is left")
            answer = _ask(change, f"{number} of {len(changes)}")
            if answer is Answer.QUIT:
                return None
            if answer is Answer.NO:
                declined.add(change.path)
                continue
            self.agrees_to_all = answer is Answer.ALL
            self.agreed[change.path] = change.after
        return frozenset(declined)


def _ask(change: FileChange, place: str) -> Answer:
    print_text(diff_screen((change,), screen_of(sys.stdout)))
    while True:
        text = f"Write {visible(change.path)} ({place})? [y]es, [n]o, [a]ll, [q]uit"
        said = click.prompt(text, prompt_suffix=": ", default="", show_default=False)
        for answer in Answer:
            if said.strip().lower() in (answer.value, answer.name.lower()):
                return answer
        for answer, meaning in _HELP.items():
            print_text(f"  {answer.value}: {meaning}\n")

"""Finds runs that were cut short and settles them, before anybody reads or writes the project.

An apply that was cut short is rolled back, since nobody saw its end; an undo is finished.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from nonce_migrate.errors import ProjectError
from nonce_migrate.transaction.back import Back, aside_lines, put_back
from nonce_migrate.transaction.disk import Disk
from nonce_migrate.transaction.lock import PATIENCE_S, BusyError, locked
from nonce_migrate.transaction.store import Phase, Run, Store
from nonce_migrate.visible import visible

_CUT_SHORT = frozenset(Phase) - {Phase.DONE}


@dataclass(frozen=True, slots=True)
class Recovered:
    """A run that was cut short, in its phase then, and what was put back."""

    run: Run
    back: Back

    @property
    def lines(self) -> list[str]:
        """What happened, for a person."""
        files = len(self.back.restored)
        if self.run.phase in (Phase.UNDOING, Phase.FORCING):
            first = f"an undo was cut short: finished it; {files} files were still to be put back"
        elif files:
            first = f"an apply was cut short: rolled it back; {files} files are as they were before"
        else:
            first = "an apply was cut short before it changed a file: nothing had to be put back"
        return [first, *aside_lines(self.back)]


def settle(root: Path, disk: Disk | None = None) -> list[Recovered]:
    """Settles what was cut short. Waits for a run that is at work, where it is half done.

    Raises ProjectError where that cannot be done: then the project is a mixture and must not be
    read.
    """
    store = Store(root, disk or Disk())
    half_done = [run for run in store.runs() if run.phase in _CUT_SHORT]
    if not half_done:
        return []
    # A run whose result is on trial has all its files in place, and may be looked at meanwhile.
    is_whole = all(run.phase is Phase.CHECKING for run in half_done)
    try:
        with locked(store, 0 if is_whole else PATIENCE_S):
            return recover(store)
    except BusyError:
        if is_whole:
            return []
        raise


def recover(store: Store) -> list[Recovered]:
    """Settles every run that was cut short, the newest first; needs the lock."""
    recovered = []
    for run in reversed(store.runs()):
        if run.phase in _CUT_SHORT:
            back = _recover(store, run)
            if run.phase is not Phase.GONE:
                recovered.append(Recovered(run, back))
    return recovered


def _recover(store: Store, run: Run) -> Back:
    try:
        journal = store.journal(run)
        if run.phase is Phase.GONE or journal is None:
            store.drop(run)
            return Back((), ())
        return put_back(store, run, journal, over_edits=run.phase is Phase.FORCING)
    except OSError as error:
        raise ProjectError(
            f"{visible(str(error.filename2 or error.filename or store.root))}: {error.strerror}: "
            "an earlier run was cut short and cannot be put back now, so some files may be new and "
            "some old: clear the cause and run any command again"
        ) from None

"""Takes back the newest run."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from nonce_migrate.errors import ProjectError
from nonce_migrate.transaction.back import Back, State, leads_astray, put_back, state_of
from nonce_migrate.transaction.journal import Entry, Journal, Role, digest_of
from nonce_migrate.transaction.store import Phase, Run, Store
from nonce_migrate.visible import visible


class Edited(Enum):
    """What to do with files that were edited since: give up, leave those alone, put them back."""

    REFUSE = auto()
    LEAVE = auto()
    RESTORE = auto()


class EditedSinceError(ProjectError):
    """Files were edited since the run, so nothing was undone."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo did. left: how many more runs can be undone. started: of the run, UTC."""

    started: str
    back: Back
    left: int


def undo(store: Store, edited: Edited) -> Undone | None:
    """Restores bytes, modes and times of the newest run's files, and removes what it made.

    Needs the lock, with nothing cut short. None where there is nothing to undo. Raises
    EditedSinceError naming the files edited since, ProjectError where images are missing or the
    disk fails (the next command goes on then).
    """
    done = [run for run in store.runs() if run.phase is Phase.DONE]
    if not done:
        return None
    run = done[-1]
    journal = store.journal(run)
    if journal is None:
        raise ProjectError(f"{run.folder}: its journal is gone, so it cannot be undone")
    states = {entry: state_of(store.root, run, entry) for entry in journal.entries}
    _check_images(run, journal, states)
    changed = [e for e in journal.entries if states[e] is State.EDITED and e.role is Role.SOURCE]
    if changed and edited is Edited.REFUSE:
        raise EditedSinceError(_told(store, changed))
    is_forced = edited is Edited.RESTORE
    try:
        run = store.move(run, Phase.FORCING if is_forced else Phase.UNDOING)
        back = put_back(store, run, journal, over_edits=is_forced)
    except OSError as error:
        name = visible(str(error.filename2 or error.filename or store.root))
        raise ProjectError(
            f"{name}: {error.strerror}: the undo is not finished: clear the cause; any command of "
            "nonce-migrate on this project then finishes it"
        ) from None
    return Undone(journal.started, back, len(done) - 1)


def newest_writes(store: Store) -> dict[str, str]:
    """The SHA-256 of what each file was last given by a run that can be undone."""
    written: dict[str, str] = {}
    for run in store.runs():
        journal = store.journal(run) if run.phase is Phase.DONE else None
        if journal is not None:
            written.update((entry.path, entry.after) for entry in journal.entries)
    return written


def _check_images(run: Run, journal: Journal, states: dict[Entry, State]) -> None:
    lost = [
        f"{visible(entry.path)}: the old version, {run.image(entry.image)}, is missing or changed"
        for entry in journal.entries
        if entry.image
        and states[entry] is not State.BEFORE
        and digest_of(run.image(entry.image)) != entry.before
    ]
    if lost:
        raise ProjectError("\n".join([*lost, "nothing was undone"]))


def _told(store: Store, changed: list[Entry]) -> str:
    lines = []
    for entry in changed:
        is_gone = not leads_astray(store.root, entry) and not entry.place(store.root).exists()
        what = "removed" if is_gone else "edited"
        lines.append(f"{visible(entry.path)}: {what} since apply wrote it")
    lines.append(
        "nothing was undone; --skip-edited puts back all other files, --force these too "
        "(the edited versions are put aside, not lost)"
    )
    return "\n".join(lines)

"""Puts many files in place: all of them or none, whatever happens in between.

The order, which makes that so: the journal is on stable storage before anything is made; each new
content and each image of an old file is, before the first file is replaced; the replacements are,
before the run counts as done. Files are replaced one by one, each in one step.
"""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from nonce_migrate.errors import ProjectError
from nonce_migrate.transaction.back import Back, aside_lines, leads_astray, put_back
from nonce_migrate.transaction.gates import (
    GateError,
    check_unchanged,
    check_writable,
    settle_places,
)
from nonce_migrate.transaction.journal import Entry, Journal, Write, digest, digest_of
from nonce_migrate.transaction.staging import stage, sync_folders
from nonce_migrate.transaction.store import Phase, Run, Store
from nonce_migrate.visible import visible


def put_in_place(
    store: Store, writes: Sequence[Write], trial: Callable[[], None] | None = None
) -> None:
    """Writes the files, in the order given, and keeps them where the trial raises nothing.

    Needs the lock. trial: runs when all are in place. Whatever it raises is raised again after
    everything was put back. Raises GateError for files that must not be written, ProjectError
    where the disk fails; nothing is changed then.
    """
    writes = settle_places(store.root, writes)
    check_writable(store.root, writes)
    check_unchanged(store.root, writes)
    if not writes:
        return
    journal = _plan(store.root, writes)
    with _or_back(store, journal):
        run = store.start(journal)
        stage(store, run, journal, writes)
        for entry, write in zip(journal.entries, writes, strict=True):
            _replace(store, run, entry, write)
        sync_folders(store, journal)
        _check_images(run, journal)
        if trial is not None:
            run = store.move(run, Phase.CHECKING)
            trial()
        store.move(run, Phase.DONE)


@contextmanager
def _or_back(store: Store, journal: Journal) -> Iterator[None]:
    """Puts everything back where the block fails."""
    finished = {run.number for run in store.runs()}
    try:
        yield
    except BaseException as error:
        lines = aside_lines(_roll_back(store, journal, finished))
        if isinstance(error, OSError):
            lines.insert(0, f"{_name(error, store)}: {error.strerror}: nothing was written")
            raise ProjectError("\n".join(lines)) from None
        if isinstance(error, ProjectError):
            error.args = ("\n".join([str(error), *lines]),)
        raise


def _roll_back(store: Store, journal: Journal, finished: set[int]) -> Back:
    """Raises ProjectError where even that fails; the next command then goes on with it."""
    try:
        run = next((run for run in store.runs() if run.number not in finished), None)
        if run is None:
            return Back((), ())
        over_edits = run.phase is not Phase.WRITING
        if run.phase is Phase.DONE:
            run = _reopen(store, run)
        _require_folders(store, journal)
        return put_back(store, run, journal, over_edits=over_edits)
    except OSError as error:
        raise ProjectError(
            f"{_name(error, store)}: {error.strerror}: writing failed, and so did putting back "
            "what was written: clear the cause; any command of nonce-migrate on this project then "
            "rolls back the rest"
        ) from None


def _reopen(store: Store, run: Run) -> Run:
    """Takes the last step back. Raises ProjectError where it stays: then all files are new."""
    try:
        return store.move(run, Phase.WRITING)
    except OSError as error:
        raise ProjectError(
            f"{_name(error, store)}: {error.strerror}: all files are in place, but the disk failed "
            "after the last step: `nonce-migrate undo` gives the old ones back"
        ) from None


def _require_folders(store: Store, journal: Journal) -> None:
    """A folder that vanished this moment may come back, with what was written in it."""
    for entry in journal.entries:
        if entry.image:
            entry.place(store.root).parent.stat()


def _name(error: OSError, store: Store) -> str:
    return visible(str(error.filename2 or error.filename or store.root))


def _plan(root: Path, writes: Sequence[Write]) -> Journal:
    """The journal of a run that is to begin. Raises OSError."""
    token = secrets.token_hex(4)
    entries = []
    for index, write in enumerate(writes, start=1):
        exists = write.before is not None or os.path.lexists(root / write.path)
        before = root / write.path
        entries.append(
            Entry(
                path=write.path,
                role=write.role,
                staged=f".nonce-migrate-{token}-{index:04}",
                image=f"{index:04}" if exists else "",
                before=digest_of(before) or "" if exists else "",
                after="" if write.after is None else digest(write.after),
                mode=stat.S_IMODE(before.stat().st_mode) if exists else 0,
            )
        )
    started = datetime.now(UTC).isoformat(timespec="seconds")
    return Journal(started, tuple(entries), _missing_folders(root, writes))


def _missing_folders(root: Path, writes: Sequence[Write]) -> tuple[str, ...]:
    missing: dict[str, None] = {}
    for write in writes:
        folder, new = (root / write.path).parent, []
        while not folder.exists():
            new.append(folder)
            folder = folder.parent
        for path in reversed(new):
            inside = path.is_relative_to(root)
            missing[path.relative_to(root).as_posix() if inside else str(path)] = None
    return tuple(missing)


def _replace(store: Store, run: Run, entry: Entry, write: Write) -> None:
    """Puts one file in place or takes it away, if what is there is still what was planned for."""
    place = entry.place(store.root)
    now = digest_of(place)
    if leads_astray(store.root, entry) or (now or "") != entry.before:
        raise GateError(
            f"{visible(write.path)}: changed while it was written: nothing was written; "
            "run apply again"
        )
    if write.after is None:
        store.disk.remove(place)
    else:
        store.disk.replace(entry.waiting(store.root), place)


def _check_images(run: Run, journal: Journal) -> None:
    """An edit in the moment of replacing went into the image: then the image is what counts."""
    for entry in journal.entries:
        if entry.image and digest_of(run.image(entry.image)) != entry.before:
            raise GateError(
                f"{visible(entry.path)}: changed while it was written: nothing was written; "
                "run apply again"
            )

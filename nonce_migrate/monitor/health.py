"""What is wrong with a sequence on disk, and what an operator should know besides."""

from __future__ import annotations

from collections.abc import Iterator

from nonce_migrate.monitor.processes import Sharing
from nonce_migrate.monitor.reading import StateFile, Unusable
from nonce_migrate.monitor.record import BACKUP_NAME, STATE_NAME
from nonce_migrate.monitor.scale import Scale, lead_seconds, scale_of
from nonce_migrate.monitor.sequence import Reading

# The lead at which the manager's recovery stops jumping.
_MOST_LEAD_S = 600


def problems(reading: Reading, sharing: Sharing | None) -> tuple[str, ...]:
    """What makes the state unfit to be trusted as it is, each with its consequence or cure."""
    if reading.is_untouched:
        return ()
    return (*_of_files(reading), *_of_ceiling(reading), *_of_processes(sharing))


def _of_files(reading: Reading) -> Iterator[str]:
    refused = [file for file in (reading.state, reading.backup) if isinstance(file, Unusable)]
    for file in refused:
        yield f"{file.path.name}: {file.reason}; put a regular file or nothing in its place"
    if not reading.has_record:
        if not refused:
            yield (
                "no state file has a valid record; the next start goes on about 11 minutes ahead "
                "of the clock; check with `nonce-migrate state show`"
            )
        return
    ceiling = "the next start goes on above the ceiling"
    if reading.state is None:
        yield f"{STATE_NAME} is missing; {ceiling}"
    elif isinstance(reading.state, StateFile) and not reading.state.whole:
        yield f"{STATE_NAME} is damaged; {ceiling}"
    if reading.backup is None:
        yield f"{BACKUP_NAME} is missing; a bot that draws makes a new one within about 5 s"
    elif isinstance(reading.backup, StateFile) and _is_damaged_backup(reading.backup):
        yield f"{BACKUP_NAME} is damaged; a power cut now could lose nonces"


def _is_damaged_backup(backup: StateFile) -> bool:
    """A backup begins with one record, so only a later one has to be whole."""
    if backup.newest is not None and backup.newest.generation == 1:
        return False
    return not backup.whole


def _of_ceiling(reading: Reading) -> Iterator[str]:
    if reading.top and reading.kept and reading.kept.ceiling < reading.top.last:
        yield (
            f"the ceiling in {BACKUP_NAME} is below the last nonce; a power cut now could lose "
            "nonces"
        )


def _of_processes(sharing: Sharing | None) -> Iterator[str]:
    for process in sharing.processes if sharing else ():
        if process.has_lock and process.stopped:
            yield (
                f"process {process.pid} is stopped and has the lock, so no other draws a nonce; "
                f"let it go on (kill -CONT {process.pid}) or end it"
            )


def notes(reading: Reading) -> tuple[str, ...]:
    """What is no fault of the state, and good to know."""
    return tuple(_notes(reading))


def _notes(reading: Reading) -> Iterator[str]:
    top = reading.top
    if top is None:
        return
    if any(reading.boot) and not reading.is_this_boot:
        yield "written before this boot; the next start goes on above the ceiling"
    scale = scale_of(top.last, reading.read_ns)
    if scale is None:
        yield "the last nonce is near the clock at no known scale"
    elif scale is not Scale.US:
        yield f"the nonces are in {scale.label}; the manager goes on with last + 1"
    elif lead_seconds(top.last, scale, reading.read_ns) >= _MOST_LEAD_S:
        yield (
            "10 minutes or more ahead of the clock: recovery jumps no further; most likely another "
            "program uses this key at a larger scale"
        )
    if isinstance(reading.state, StateFile) and reading.state.mode & 0o077:
        yield f"{STATE_NAME} is open to other users (mode {reading.state.mode:04o})"

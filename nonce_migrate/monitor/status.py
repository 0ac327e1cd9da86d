"""The state of a running bot, from two readings a moment apart."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from nonce_migrate.monitor.health import notes, problems
from nonce_migrate.monitor.processes import Sharing, sharing
from nonce_migrate.monitor.reading import StateFile
from nonce_migrate.monitor.record import STATE_NAME, Record
from nonce_migrate.monitor.scale import Scale, lead_seconds, scale_of
from nonce_migrate.monitor.sequence import Reading


class Condition(StrEnum):
    """ok: fit to be trusted. none: nothing has been drawn here yet. unhealthy: see problems."""

    OK = "ok"
    NONE = "none"
    UNHEALTHY = "unhealthy"


class Backend(StrEnum):
    """What keeps the sequence."""

    FILE = "file"
    REDIS = "redis"


@dataclass(frozen=True, slots=True)
class Rate:
    """Draws between two readings; a batch counts as one. seconds: how far apart they were."""

    draws: int
    seconds: float

    @property
    def per_second(self) -> float:
        return self.draws / self.seconds


@dataclass(frozen=True, slots=True)
class Status:
    """What the state tells; None is what it does not.

    where: the state directory, or the address of the server. read_ns: by the clock of this machine,
    or of the server. lead_seconds: of the last nonce over that clock, negative behind it. writes:
    of the state file, one for each draw, since it was made. *_ns: since the epoch.
    ceiling_above_last: in nonces. persistence_ok: a ceiling at or above the last nonce is kept.
    moved_since_recovery: seconds of nonce space since the last recovery that jumped.
    """

    backend: Backend
    where: str
    condition: Condition
    read_ns: int
    last: int | None = None
    scale: Scale | None = None
    lead_seconds: float | None = None
    rate: Rate | None = None
    writes: int | None = None
    drawn_at_ns: int | None = None
    ceiling_above_last: int | None = None
    ceiling_saved_at_ns: int | None = None
    recovered: int | None = None
    moved_since_recovery: float | None = None
    persistence_ok: bool | None = None
    sharing: Sharing | None = None
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def state_file(self) -> str | None:
        return str(Path(self.where, STATE_NAME)) if self.backend is Backend.FILE else None


def status_of(earlier: Reading, later: Reading) -> Status:
    """What two readings of one directory tell, and who shares it now."""
    file = later.state if isinstance(later.state, StateFile) else None
    who = sharing(file.identity) if file else None
    wrong = problems(later, who)
    if later.is_untouched:
        return Status(
            Backend.FILE, str(later.directory), Condition.NONE, later.read_ns, sharing=who
        )
    top, kept = later.top, later.kept
    scale = scale_of(top.last, later.read_ns) if top else None
    backup = later.backup if isinstance(later.backup, StateFile) else None
    return Status(
        backend=Backend.FILE,
        where=str(later.directory),
        condition=Condition.UNHEALTHY if wrong else Condition.OK,
        read_ns=later.read_ns,
        last=top.last if top else None,
        scale=scale,
        lead_seconds=lead_seconds(top.last, scale, later.read_ns) if top and scale else None,
        rate=_rate(earlier, later),
        writes=top.generation if top else None,
        drawn_at_ns=file.changed_ns if file and top else None,
        ceiling_above_last=kept.ceiling - top.last if top and kept else None,
        ceiling_saved_at_ns=backup.changed_ns if backup and kept else None,
        recovered=(top.recovered or None) if top else None,
        moved_since_recovery=_moved(top, scale),
        persistence_ok=(kept is not None and kept.ceiling >= top.last) if top else None,
        sharing=who,
        problems=wrong,
        notes=notes(later),
    )


def _rate(earlier: Reading, later: Reading) -> Rate | None:
    """None where the file was made or replaced between the readings."""
    before, after = earlier.state, later.state
    if not isinstance(before, StateFile) or not isinstance(after, StateFile):
        return None
    if before.identity != after.identity or not before.newest or not after.newest:
        return None
    draws, seconds = after.newest.generation - before.newest.generation, later.moment
    seconds -= earlier.moment
    return Rate(draws, seconds) if draws >= 0 and seconds > 0 else None


def _moved(top: Record | None, scale: Scale | None) -> float | None:
    if top is None or scale is None or not top.recovered:
        return None
    return (top.last - top.recovered) / scale.value

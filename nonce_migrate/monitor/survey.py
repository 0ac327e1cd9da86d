"""Every state file that counts for a project, and what becomes of it at the next start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from nonce_migrate.monitor.legacy import LegacyFile, legacy_files
from nonce_migrate.monitor.locate import Place
from nonce_migrate.monitor.reading import StateFile, Unusable
from nonce_migrate.monitor.record import Record
from nonce_migrate.monitor.scale import Scale, mask, scale_of
from nonce_migrate.monitor.sequence import Reading, goes_on_from_state, next_start

_FURTHER = "its backup has a higher ceiling"


class Kind(StrEnum):
    SEQUENCE = "sequence"
    BACKUP = "backup"
    LEGACY = "legacy state"


class Use(StrEnum):
    """What a start of the bot now would do with a file."""

    DECIDES = "decides"
    IN_USE = "in use"
    RESERVE = "in reserve"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Row:
    """One file. nonce: of a backup, its ceiling; None where none can be read. age_seconds: since
    it was last written, None where that is not known."""

    path: Path
    kind: Kind
    use: Use
    reason: str
    nonce: int | None = None
    scale: Scale | None = None
    age_seconds: float | None = None


def survey(place: Place, reading: Reading) -> tuple[Row, ...]:
    """The rows of the sequence first, then those of the legacy managers in the order of reading."""
    own = tuple(_own(reading))
    return (*own, *_legacy(reading, tuple(legacy_files(place.legacy_directories))))


def _own(reading: Reading) -> Iterator[Row]:
    from_state = goes_on_from_state(reading)
    above = next_start(reading)
    for kind, file in ((Kind.SEQUENCE, reading.state), (Kind.BACKUP, reading.backup)):
        if file is None:
            continue
        if isinstance(file, Unusable):
            yield Row(file.path, kind, Use.IGNORED, file.reason)
            continue
        record = file.newest
        if record is None:
            reason = "empty" if not file.size else "damaged: no valid record in it"
            yield Row(file.path, kind, Use.IGNORED, reason, age_seconds=_age(file, reading))
            continue
        nonce = record.last if kind is Kind.SEQUENCE else record.ceiling
        decides = from_state == (kind is Kind.SEQUENCE) and above in (nonce, record.ceiling)
        use, reason = _fate(reading, kind, record, from_state=from_state, decides=decides)
        scale = scale_of(nonce, reading.read_ns)
        yield Row(file.path, kind, use, reason, nonce, scale, _age(file, reading))


def _fate(
    reading: Reading, kind: Kind, record: Record, *, from_state: bool, decides: bool
) -> tuple[Use, str]:
    if kind is Kind.BACKUP:
        if from_state:
            return Use.RESERVE, "the ceiling, for a power cut or a damaged state file"
        use = Use.DECIDES if decides else Use.IGNORED
        return use, "nonces go on above this ceiling" if decides else "below the other file"
    if from_state:
        return Use.DECIDES, "nonces go on above it"
    why = _why_not_from_state(reading)
    if record.ceiling == next_start(reading):
        return Use.DECIDES, f"{why}: nonces go on above its ceiling, {mask(record.ceiling)}"
    if why == _FURTHER:
        return Use.IN_USE, f"a running bot goes on above it; a start does not, as {why}"
    return Use.IGNORED, f"{why}: the ceiling of the backup counts"


def _why_not_from_state(reading: Reading) -> str:
    if isinstance(reading.state, StateFile) and not reading.state.whole:
        return "damaged in one slot"
    if not reading.is_this_boot:
        return "not written since this boot"
    return _FURTHER if reading.kept else "its backup has no record"


def _legacy(reading: Reading, files: tuple[LegacyFile, ...]) -> Iterator[Row]:
    above = next_start(reading)
    best = max((file.nonce for file in files if file.nonce is not None), default=0)
    decided = False
    for file in files:
        use, reason = Use.IGNORED, file.reason
        if file.nonce is None:
            yield Row(file.path, Kind.LEGACY, use, reason, age_seconds=_since(file, reading))
            continue
        if above is not None:
            reason = _against_sequence(file.nonce, above)
        elif file.nonce == best and file.nonce > 0 and not decided:
            decided, use, reason = True, Use.DECIDES, "nonces start above it, or at the clock"
        else:
            reason = "not the highest"
        scale = scale_of(file.nonce, reading.read_ns)
        age = _since(file, reading)
        yield Row(file.path, Kind.LEGACY, use, reason, file.nonce, scale, age)


def _against_sequence(nonce: int, above: int) -> str:
    if nonce <= above:
        return "the sequence is above it already"
    return (
        "above the sequence, and read at a first start alone; if it was drawn with this key, use "
        "`nonce-migrate state import` on it"
    )


def _age(file: StateFile, reading: Reading) -> float:
    return (reading.read_ns - file.changed_ns) / 10**9


def _since(file: LegacyFile, reading: Reading) -> float | None:
    return None if file.changed_ns is None else (reading.read_ns - file.changed_ns) / 10**9

"""The sequence of a state directory at one moment, and where its next start would go on."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from nonce_migrate.errors import ProjectError
from nonce_migrate.monitor.reading import StateFile, Unusable, read_state_file
from nonce_migrate.monitor.record import BACKUP_NAME, STATE_NAME, Record

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Reading:
    """Both state files of a directory. boot: 16 bytes, zeros where unknown. read_ns: since the
    epoch. moment: seconds of a clock that only grows."""

    directory: Path
    state: StateFile | Unusable | None
    backup: StateFile | Unusable | None
    boot: bytes
    read_ns: int
    moment: float

    @property
    def top(self) -> Record | None:
        """The newest record of the state file."""
        return self.state.newest if isinstance(self.state, StateFile) else None

    @property
    def kept(self) -> Record | None:
        """The newest record of the backup file."""
        return self.backup.newest if isinstance(self.backup, StateFile) else None

    @property
    def has_record(self) -> bool:
        return self.top is not None or self.kept is not None

    @property
    def is_untouched(self) -> bool:
        """Whether no nonce has been drawn here yet: the files are missing or empty."""
        files = (self.state, self.backup)
        return all(f is None or (isinstance(f, StateFile) and not f.size) for f in files)

    @property
    def is_this_boot(self) -> bool:
        """Whether the state file was written since the machine started, as far as that is known."""
        return self.top is not None and any(self.boot) and self.top.boot == self.boot


def read_sequence(directory: Path) -> Reading:
    """Reads both files, the backup second: its ceiling is at or above what the first one said.

    Raises ProjectError where this user cannot read one.
    """
    reading = read_sequence_files(directory)
    for file in (reading.state, reading.backup):
        if isinstance(file, Unusable) and not file.is_refused:
            raise ProjectError(f"{file.path}: {file.reason}; run this as the user of the bot")
    return reading


def read_sequence_files(directory: Path) -> Reading:
    """As `read_sequence`, with a file that this user cannot read as Unusable."""
    state = read_state_file(directory / STATE_NAME)
    read_ns, moment = time.time_ns(), time.monotonic()
    backup = read_state_file(directory / BACKUP_NAME)
    return Reading(directory, state, backup, _boot_id(), read_ns, moment)


def next_start(reading: Reading) -> int | None:
    """The nonce above which a bot started now goes on, None where there is no record.

    By the manager's rule: the last nonce where all is as it left it, the ceiling otherwise.
    """
    top, kept = reading.top, reading.kept
    if top and goes_on_from_state(reading):
        return top.last
    return max((record.ceiling for record in (top, kept) if record), default=None)


def goes_on_from_state(reading: Reading) -> bool:
    """Whether the state file decides, and not the ceiling."""
    top, kept = reading.top, reading.kept
    if top is None or kept is None or not isinstance(reading.state, StateFile):
        return False
    return reading.state.whole and reading.is_this_boot and kept.ceiling <= top.ceiling


def _boot_id() -> bytes:
    try:
        text = _BOOT_ID.read_text(encoding="ascii").strip()
        return bytes.fromhex(text.replace("-", ""))[:16].ljust(16, b"\0")
    except (OSError, ValueError):
        return bytes(16)

# nonce-migrate: consolidated nonce manager
"""The one source of Kraken nonces of this bot, shared by its threads, processes and restarts.

Kraken accepts a request only if its nonce is above every nonce it has accepted for that API key
before. So there must be one counter, and it may never go back. Use it so::

    manager = get_nonce_manager(api_key, api_secret)       # both optional; one object per process
    nonce = manager.get_nonce("orders")                    # str of microseconds
    answer = await manager.make_authenticated_api_call("/0/private/Balance")

What counts for Kraken is the order of arrival. Two requests in flight may overtake each other, so
`make_authenticated_api_call` sends one at a time per key, across the processes of this host.

Environment, read when the first nonce is drawn:

NONCE_STATE_DIR   directory of the state files, shared by all processes of one key (default: the
                  project's root; a relative one is taken from there)
NONCE_FLOOR       integer; nonces start above it
NONCE_VOLATILE    1: where the state cannot be kept, go on from memory alone, with a warning
NONCE_REDIS_URL   keep the counter in Redis (package `redis`), for several hosts. It orders nonces,
                  not arrivals: one key per host is better. To go back to files, set NONCE_FLOOR
KRAKEN_API_URL    base URL of the API, for tests

Order of reading: errors, state files, sequences, where they start, what a process shares, manager,
Kraken client, module functions, legacy names.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import hmac
import http.client
import importlib
import inspect
import json
import logging
import os
import re
import stat
import struct
import sys
import threading
import time
import types
import urllib.parse
import warnings
import zlib
from collections import Counter, OrderedDict
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Callable, Iterable, Iterator, NamedTuple, TypeVar, cast

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]
try:
    import msvcrt
except ImportError:  # POSIX
    msvcrt = None  # type: ignore[assignment]

__all__ = [
    "MIN_INCREMENT_US", "RECOVERY_BUFFER_US", "ConsolidatedNonceManager", "KrakenAPIError",
    "KrakenCredentialsError", "KrakenInvalidNonceError", "KrakenNonceFixer", "KrakenNonceManager",
    "KrakenRateLimitError", "KrakenUnknownOutcomeError", "NonceGenerationError", "NonceManager",
    "NonceStateError", "NonceWebSocketWrapper", "UnifiedKrakenNonceManager",
    "WebSocketNonceCoordinator", "get_next_nonce", "get_nonce", "get_nonce_async",
    "get_nonce_coordinator", "get_nonce_manager", "get_unified_nonce_manager",
    "initialize_enhanced_nonce_manager",
]  # fmt: skip
__version__ = "4.0.0"

MIN_INCREMENT_US = 10_000  # the step of system 2; kept for callers that read it
RECOVERY_BUFFER_US = 60_000_000
_RESERVE_US = 5_000_000  # how far beyond the sequence the ceiling on stable storage is set
_MAX_LEAD_US = 600_000_000  # recovery does not jump when it is further ahead of the clock than this
_NONCE_LIMIT = 1 << 63
_LOCK_TIMEOUT_S = 30.0  # a lock holder that is stopped must not hang this bot for ever
_CALL_LOCK_TIMEOUT_S = 300.0
_CALL_TRIES = 5
_MAX_CONNECTIONS = 1024
_MAX_BATCH = 100_000
_DEFAULT_STALE_S = 3600.0

logger = logging.getLogger(__name__)
_M = TypeVar("_M", bound="ConsolidatedNonceManager")


class NonceGenerationError(Exception):
    """No nonce could be made; none was issued."""


class NonceStateError(NonceGenerationError):
    """The state cannot be kept, so no nonce was issued; the text names the file and the cure."""


class KrakenAPIError(Exception):
    """A signed call failed.

    `errors`: Kraken's own error strings, empty where there was no such answer. `retry_after`:
    seconds after which the same request may be sent again, None where it must not be.
    """

    def __init__(
        self, message: str, errors: Iterable[str] = (), retry_after: float | None = None
    ) -> None:
        super().__init__(message)
        self.errors, self.retry_after = list(errors), retry_after


class KrakenCredentialsError(KrakenAPIError):
    """The key or the secret is missing or malformed; nothing was sent."""


class KrakenInvalidNonceError(KrakenAPIError):
    """Kraken went on answering EAPI:Invalid nonce, or did so once for an order."""


class KrakenRateLimitError(KrakenAPIError):
    """Kraken asks for fewer requests."""


class KrakenUnknownOutcomeError(KrakenAPIError):
    """The request was sent, and nobody knows whether it was carried out. Query before acting."""


class _WouldWaitError(Exception):
    """The nonce cannot be had without waiting."""


def _now_us() -> int:
    return time.time_ns() // 1000


def _mask(nonce: int | str | None) -> str | None:
    """`nonce` with its middle left out, for logs and status."""
    text = str(nonce)
    return None if nonce is None else text if len(text) <= 8 else f"{text[:4]}...{text[-4:]}"


def _as_nonce(value: object) -> int | None:
    """`value` as a nonce, or None where it is none."""
    if isinstance(value, str) and value.isdecimal() and len(value) <= 19:
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < _NONCE_LIMIT:
        return value
    return None


# State files. Two records stand in each, written in turn, each in a page of its own: a write that
# is cut short can spoil one, never both.

_STATE_FILES = ("kraken_nonce_sequence.dat", "kraken_nonce_sequence.bak")
_MAGIC = b"KNONCE\x00\x04"
_BODY = struct.Struct("<8s16sQQQQQ")
_CRC = struct.Struct("<I")
_RECORD_SIZE = _BODY.size + _CRC.size
_SLOT = 4096
_LOCK_BYTE = 1 << 30  # msvcrt locks are mandatory, so the locked byte lies beyond the data


class _Record(NamedTuple):
    """One state of the sequence. `ceiling`: no nonce above it has been issued."""

    boot: bytes  # 16, zero where unknown
    generation: int
    last: int
    ceiling: int
    drawn: int  # the last nonce that was no recovery's
    recovered: int  # the nonce of the last recovery that jumped


def _encode(boot: bytes, generation: int, last: int, ceiling: int, drawn: int, jump: int) -> bytes:
    body = _BODY.pack(_MAGIC, boot, generation, last, ceiling, drawn, jump)
    return body + _CRC.pack(zlib.crc32(body))


def _decode(slots: Iterable[bytes]) -> list[_Record]:
    """The undamaged records of two slots, the newest last."""
    records = []
    for slot, raw in enumerate(slots):
        body, checksum = raw[: _BODY.size], raw[_BODY.size :]
        if len(raw) == _RECORD_SIZE and checksum == _CRC.pack(zlib.crc32(body)):
            magic, *fields = _BODY.unpack(body)
            record = _Record(*fields)
            if magic == _MAGIC and record.generation & 1 == slot and record.last < _NONCE_LIMIT:
                records.append(record)
    return sorted(records, key=lambda record: record.generation)


def _boot_id() -> bytes:
    """16 bytes that differ from boot to boot; zeros where the system gives none."""
    try:
        with open("/proc/sys/kernel/random/boot_id", "rb") as file:
            text = file.read().decode().strip().replace("-", "")
        return bytes.fromhex(text)[:16].ljust(16, b"\0")
    except (OSError, ValueError):
        return bytes(16)


if hasattr(os, "pread") and hasattr(os, "pwrite"):
    _pread, _pwrite = os.pread, os.pwrite
else:  # Windows; callers hold a thread lock, so that the file position is theirs

    def _pread(fd: int, length: int, offset: int, /) -> bytes:
        os.lseek(fd, offset, os.SEEK_SET)
        return os.read(fd, length)

    def _pwrite(fd: int, data: Any, offset: int, /) -> int:
        os.lseek(fd, offset, os.SEEK_SET)
        return os.write(fd, data)


def _flock(fd: int, *, hold: bool) -> bool:
    """Takes the lock of `fd`, or gives it back; False where another process has it. Raises OSError
    where locks do not work."""
    try:
        if fcntl is not None:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB if hold else fcntl.LOCK_UN)
        elif msvcrt is not None:
            os.lseek(fd, _LOCK_BYTE, os.SEEK_SET)
            windows: Any = msvcrt
            windows.locking(fd, windows.LK_NBLCK if hold else windows.LK_UNLCK, 1)
        else:
            raise OSError("this platform has no file locks")
    except OSError as error:
        if hold and not isinstance(error, (BlockingIOError, PermissionError)):
            raise
        return False
    return True


def _lock(fd: int, path: str, cancelled: threading.Event | None = None) -> None:
    """Waits for the lock of `fd`, or until `cancelled`. Raises NonceStateError after a while."""
    longest = _LOCK_TIMEOUT_S if cancelled is None else _CALL_LOCK_TIMEOUT_S
    end, pause = time.monotonic() + longest, 20e-6
    while not _flock(fd, hold=True) and not (cancelled and cancelled.is_set()):
        if time.monotonic() > end:
            raise NonceStateError(
                f"{path}: another process has had its lock for {longest:.0f} s; is it stopped?"
            )
        time.sleep(pause)
        pause = min(pause * 1.5, 0.002 if cancelled is None else 0.05)


def _open_private(path: str) -> int:
    """Opens the regular file `path`, not through a symlink; made where missing, 0600."""
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    flags = os.O_RDWR | os.O_CREAT
    for name in ("O_NOFOLLOW", "O_CLOEXEC", "O_BINARY", "O_NONBLOCK"):
        flags |= getattr(os, name, 0)
    fd = os.open(path, flags, 0o600)
    info = os.fstat(fd)
    if not stat.S_ISREG(info.st_mode):
        os.close(fd)
        raise OSError("it is not a regular file")
    if info.st_mode & 0o077 and hasattr(os, "fchmod"):
        with contextlib.suppress(OSError):  # another user's file
            os.fchmod(fd, 0o600)
    return fd


def _state_error(path: str, error: OSError) -> NonceStateError:
    return NonceStateError(
        f"nonce state {path}: {error.strerror or error}. Make it a file that this user can write, "
        "with space on its disk; or set NONCE_STATE_DIR, or NONCE_VOLATILE=1 for memory alone"
    )


class _StateFile:
    """One of the two state files. Its methods raise OSError."""

    def __init__(self, path: str) -> None:
        self.path, self.fd, self._identity = path, -1, (0, 0)
        self.slots = [b"", b""]  # as last read or written here

    def open(self) -> None:
        self.close()
        self.fd = _open_private(self.path)
        info = os.fstat(self.fd)
        self._identity = (info.st_ino, info.st_dev)

    def close(self) -> None:
        if self.fd >= 0:
            with contextlib.suppress(OSError):
                os.close(self.fd)
        self.fd = -1

    def in_place(self) -> bool:
        """Whether it is open, and has not been deleted or replaced since."""
        if self.fd < 0 or os.name == "nt":  # Windows lets nobody delete an open file
            return self.fd >= 0
        try:
            info = os.stat(self.path)
        except FileNotFoundError:
            return False
        return (info.st_ino, info.st_dev) == self._identity

    def read(self) -> list[_Record]:
        self.slots = [_pread(self.fd, _RECORD_SIZE, slot * _SLOT) for slot in (0, 1)]
        return _decode(self.slots)

    def changed(self, slot: int) -> bool:
        return _pread(self.fd, _RECORD_SIZE, slot * _SLOT) != self.slots[slot]

    def write(self, slot: int, raw: bytes) -> None:
        if _pwrite(self.fd, raw, slot * _SLOT) != len(raw):
            raise OSError("the disk is full")
        self.slots[slot] = raw

    def sync(self, *, directory: bool) -> None:
        """Returns when its data, and its entry in the directory, are on stable storage."""
        os.fsync(self.fd)
        if fcntl is not None and hasattr(fcntl, "F_FULLFSYNC"):  # macOS: fsync stops at the cache
            fcntl.fcntl(self.fd, fcntl.F_FULLFSYNC)
        if directory and os.name != "nt":  # Windows cannot open a directory
            fd = os.open(os.path.dirname(self.path), os.O_RDONLY)
            try:
                os.fsync(fd)
            finally:
                os.close(fd)


def _kept_on_disk(directory: Path) -> int:
    """The highest ceiling in the state files of `directory`, read only; 0 where there is none."""
    ceilings = [0]
    for name in _STATE_FILES:
        with contextlib.suppress(OSError), (directory / name).open("rb") as file:
            raw = file.read(2 * _SLOT)
            slots = (raw[start:][:_RECORD_SIZE] for start in (0, _SLOT))
            ceilings += [record.ceiling for record in _decode(slots)]
    return max(ceilings)


# Sequences.


class _Recovery(NamedTuple):
    """A wish to jump: because of a failed nonce or, if `forced`, in any case."""

    own: int | None  # the last nonce the reporting connection drew, if any in this process
    failed: int | None  # the nonce that was refused, if told
    ahead: int = RECOVERY_BUFFER_US
    forced: bool = False


_NO_JUMP = _Recovery(own=0, failed=None)
_Report = Callable[["NonceStateError | None"], None]  # told whether the state was kept


class _Sequence:
    """The sequence, in memory; subclasses keep it. Callers hold the lock of `_Runtime`, which is
    re-entrant: a signal handler may draw in the middle of a draw of its own thread. The inner draw
    then is complete in itself, and the outer one is done again above it."""

    backend = "memory"

    def __init__(self, where: str) -> None:
        self.where = self.state_file = where
        self.last = self.drawn = self.recovered = 0
        self.jumped = self.capped = False
        self.saved_at = 0.0
        self._wait = True
        self._forked = self._loaded = self._held = self._locked = False
        self._interrupted = 0

    def take(self, count: int = 1, recovery: _Recovery | None = None, wait: bool = True) -> int:
        """Issues `count` consecutive nonces and gives the first.

        Raises _WouldWaitError where it would have to wait and `wait` is false, NonceStateError
        where they cannot be kept, NonceGenerationError at the end of the number space.
        """
        nested, self._held = self._held, True
        self._wait = wait
        try:
            if not self._locked:
                self._acquire()
                self._locked = True
            while True:
                self._interrupted = 0
                self._refresh()
                now = time.time_ns() // 1000
                if recovery is None:
                    first = self.last + 1
                    if now > first:
                        first = now
                    final = drawn = first + count - 1
                    recovered = self.recovered
                else:
                    first = final = self._after_failure(recovery, now)
                    drawn = self.drawn
                    recovered = final if self.jumped else self.recovered
                if final >= _NONCE_LIMIT:
                    raise NonceGenerationError("this API key has no nonce left; make a new key")
                self._commit(final, drawn, recovered)
                if not self._interrupted:
                    return first
                self.last = max(self.last, self._interrupted)
                self._rewrite()
        except OSError as error:
            self._loaded = False
            raise _state_error(self.state_file, error) from error
        finally:
            if nested:
                self._interrupted = max(self.last, 1)
            else:  # in this order a handler may draw between any two
                self._held = False
                self._locked = False
                self._release()

    def _after_failure(self, recovery: _Recovery, now: int) -> int:
        """The nonce that answers a report; one failure, however often reported, jumps once."""
        self.jumped = self.capped = False
        base = max(self.last, now)
        if recovery.failed is not None and recovery.failed <= self.last:
            new = recovery.failed >= self.recovered
        else:
            new = (self.drawn if recovery.own is None else recovery.own) > self.recovered
        if recovery.forced or new:
            self.capped = not recovery.forced and base - now >= _MAX_LEAD_US
            self.jumped = not self.capped
        return base + recovery.ahead if self.jumped else max(self.last + 1, now)

    def raise_above(self, nonce: int) -> None:
        self.last = max(self.last, nonce)

    def save(self) -> None:
        """Makes sure that a power cut loses nothing that was issued. Raises NonceStateError."""

    def close(self) -> None:
        """Gives its files back; the next draw opens them again."""

    def abandon(self) -> None:
        """In a forked child: forgets what is the parent's, without unlocking it."""
        self._forked, self._held, self._locked = True, False, False

    def _acquire(self) -> None:
        if self._forked:
            raise NonceStateError(
                "NONCE_VOLATILE: nonces in memory alone cannot be shared with a forked child; "
                f"make {self.where} writable or set NONCE_STATE_DIR"
            )

    def _commit(self, final: int, drawn: int, recovered: int) -> None:
        self.last, self.drawn, self.recovered = final, drawn, recovered

    def _refresh(self) -> None: ...
    def _release(self) -> None: ...
    def _rewrite(self) -> None: ...


class _FileSequence(_Sequence):
    """The sequence in a directory that processes share.

    The state file has the last nonce, written (not synced) before it is returned: a killed process
    loses nothing, because the kernel has it. The backup file has a ceiling about 5 s ahead, synced
    before any nonce above the old one is issued: a power cut loses nothing. After a reboot, or with
    the state file damaged, the sequence goes on above the ceiling. As soon as half of the reserve
    is used, a thread renews it.
    """

    backend = "file"

    def __init__(self, directory: Path, first_start: Callable[[], int], report: _Report) -> None:
        super().__init__(str(directory))
        self._state, self._backup = (_StateFile(str(directory / name)) for name in _STATE_FILES)
        self.state_file = self._state.path
        self._first_start, self._report = first_start, report
        self._boot = _boot_id()
        self.abandon()

    def abandon(self) -> None:
        self._held = self._locked = False
        self._backup_lock = threading.RLock()
        self.close()

    def close(self) -> None:
        with self._backup_lock:  # no renewal may be left with the number of a closed file
            self._state.close()
            self._backup.close()
            self._loaded = self._renewing = False
            self._generation = self._ceiling = self._renew_at = self._granted = 0
            self._next_renewal = 0.0

    def save(self) -> None:
        if not self._held:  # else in a signal handler within a draw: what was issued is in the file
            self.take(recovery=_NO_JUMP)
            self._reserve(self.last)

    def _must_wait(self) -> None:
        if not self._wait:
            raise _WouldWaitError

    def _acquire(self) -> None:
        if self._state.fd < 0:
            self._must_wait()
            self._state.open()
        if not _flock(self._state.fd, hold=True):
            self._must_wait()
            _lock(self._state.fd, self.state_file)

    def _release(self) -> None:
        if self._state.fd >= 0:
            _flock(self._state.fd, hold=False)

    def _refresh(self) -> None:
        """Takes over what other processes have done since the last draw."""
        for _ in range(5):
            if self._state.in_place():
                break
            self._must_wait()
            logger.warning("nonce state %s was deleted or replaced; going on", self.state_file)
            self.close()
            self._state.open()
            _lock(self._state.fd, self.state_file)
        else:
            raise OSError("its file system gives it a new identity all the time; use another")
        # Whoever writes next writes over the older record; if that stands, nobody has.
        if not self._loaded or self._state.changed(self._generation + 1 & 1):
            self._load()

    def _load(self) -> None:
        """Takes over what the files say; what cannot be trusted is replaced by the ceiling."""
        records = self._state.read()
        top = records[-1] if records else None
        whole = len(records) == 2 and records[1].generation == records[0].generation + 1
        if top and whole and self._loaded and top.generation > self._generation:
            self._adopt(top)
            return
        self._must_wait()
        with self._locked_backup() as backup:
            kept = next(reversed(backup.read()), None)
        same_boot = top is not None and any(top.boot) and top.boot == self._boot
        if top and kept and whole and same_boot and kept.ceiling <= top.ceiling:
            self._adopt(top)
            return
        if not top and not kept:
            self.raise_above(self._start_without_record())
        elif not whole:
            logger.error("nonce state %s is damaged; going on above its ceiling", self.state_file)
        for record in filter(None, (top, kept)):
            self._merge(record, record.ceiling)
        self._generation = top.generation if top else self._generation
        self._reserve(self.last + 1)
        self._rewrite()
        self._state.sync(directory=True)
        self._loaded = True

    def _adopt(self, record: _Record) -> None:
        self._merge(record, record.last)
        self._generation, self._loaded = record.generation, True
        self._set_ceiling(max(self._ceiling, record.ceiling))

    def _merge(self, record: _Record, last: int) -> None:
        self.last = max(self.last, last)
        self.drawn = max(self.drawn, record.drawn)
        self.recovered = max(self.recovered, record.recovered)

    def _start_without_record(self) -> int:
        """What to start above where no record is left: the legacy state; where there were records,
        also what recovery could have led the clock by."""
        last = self._first_start()
        if any((*self._state.slots, *self._backup.slots)):
            last = max(last, _now_us()) + _MAX_LEAD_US + RECOVERY_BUFFER_US + _RESERVE_US
            logger.error(
                "nonce state %s and its backup are damaged; going on 11 min ahead of the clock. If "
                "Kraken answers EAPI:Invalid nonce, set NONCE_FLOOR to the highest nonce known",
                self.state_file,
            )
        return last

    def _commit(self, final: int, drawn: int, recovered: int) -> None:
        if final >= self._renew_at:
            self._extend(final)
        generation = self._generation + 1
        raw = _encode(self._boot, generation, final, self._ceiling, drawn, recovered)
        self._state.write(generation & 1, raw)
        if not self._interrupted:  # else an inner draw came before the write, which is stale
            self._generation = generation
            self.last, self.drawn, self.recovered = final, drawn, recovered

    def _rewrite(self) -> None:
        for _ in range(2):
            self._generation += 1
            fields = (self._generation, self.last, self._ceiling, self.drawn, self.recovered)
            self._state.write(self._generation & 1, _encode(self._boot, *fields))

    # The ceiling.

    def _set_ceiling(self, ceiling: int) -> None:
        self._ceiling, self._renew_at = ceiling, ceiling - _RESERVE_US // 2

    def _extend(self, nonce: int) -> None:
        """Sees to a ceiling at or above `nonce`, and that a higher one is on its way."""
        if self._granted > self._ceiling:
            self._set_ceiling(self._granted)
        if nonce > self._ceiling:
            self._must_wait()
            self._reserve(nonce)
        due = nonce >= self._renew_at and time.monotonic() >= self._next_renewal
        if due and not self._renewing:
            self._renewing = True
            try:
                threading.Thread(target=self._renew, name="nonce-ceiling", daemon=True).start()
            except RuntimeError:  # the interpreter is shutting down; reserved when needed, then
                self._renewing = False

    def _reserve(self, nonce: int) -> None:
        self._set_ceiling(self._keep_ceiling(nonce))

    def _renew(self) -> None:
        try:
            with self._backup_lock:
                if self._state.fd >= 0:
                    self._granted = max(self._granted, self._keep_ceiling(self.last))
        except NonceStateError as error:
            self._report(error)
            self._next_renewal = time.monotonic() + 1.0
        finally:
            self._renewing = False

    @contextlib.contextmanager
    def _locked_backup(self) -> Iterator[_StateFile]:
        backup = self._backup
        with self._backup_lock:
            try:
                if not backup.in_place():
                    backup.open()
                _lock(backup.fd, backup.path)
                try:
                    yield backup
                finally:
                    _flock(backup.fd, hold=False)
            except OSError as error:
                raise _state_error(backup.path, error) from error

    def _keep_ceiling(self, nonce: int) -> int:
        """Writes a ceiling above `nonce` and the clock to the backup file, syncs it and gives it. A
        failed sync is not believed, and not left standing. Raises NonceStateError."""
        ceiling = max(nonce, _now_us()) + _RESERVE_US
        with self._locked_backup() as backup:
            known = backup.read()
            generation = known[-1].generation + 1 if known else 1
            highest = max(ceiling, known[-1].ceiling if known else 0)
            fields = (generation, self.last, highest, self.drawn, self.recovered)
            before, size = backup.slots[generation & 1], os.fstat(backup.fd).st_size
            try:
                backup.write(generation & 1, _encode(self._boot, *fields))
                backup.sync(directory=not known)
            except OSError:
                with contextlib.suppress(OSError):
                    backup.write(generation & 1, before)
                    os.ftruncate(backup.fd, size)
                raise
        self.saved_at = time.time()
        self._report(None)
        return ceiling


class _RedisSequence(_Sequence):
    """The sequence in Redis: max(last + 1, the server's clock), in one script. What this process
    has seen is a floor of every request, so that a failover to an older replica cannot go back."""

    backend = "redis"
    _KEY = "kraken-nonce-sequence"
    # Numbers are strings here: a Lua number is a double. HINCRBY is exact to 2^63 - 1.
    _SCRIPT = """
local floor, count, mode, own, failed, ahead, lead = unpack(ARGV)
local function less(a, b) return #a < #b or (#a == #b and a < b) end
if redis.replicate_commands then pcall(redis.replicate_commands) end
local time = redis.call('TIME')
local now = time[1] .. string.format('%06d', time[2])
local state = redis.call('HMGET', KEYS[1], 'last', 'drawn', 'recovered')
local last, drawn, recovered = state[1] or '0', state[2] or '0', state[3] or '0'
if less(last, floor) then last = floor end
local base = less(last, now) and now or last
local new = mode == 'force'
if mode == 'recover' and failed ~= '' and not less(last, failed) then
  new = not less(failed, recovered)
elseif mode == 'recover' then
  new = less(recovered, own == '' and drawn or own)
end
local limit = string.format('%.0f', tonumber(now) + tonumber(lead))
local capped = new and mode ~= 'force' and not less(base, limit)
local jumped = new and not capped
redis.call('HSET', KEYS[1], 'last', base)
redis.call('HINCRBY', KEYS[1], 'last', jumped and ahead or less(last, now) and '0' or '1')
local first = redis.call('HGET', KEYS[1], 'last')
redis.call('HINCRBY', KEYS[1], 'last', count - 1)
local final = redis.call('HGET', KEYS[1], 'last')
if mode == 'draw' then redis.call('HSET', KEYS[1], 'drawn', final) end
if jumped then redis.call('HSET', KEYS[1], 'recovered', first) end
return {first, final, jumped and 1 or 0, capped and 1 or 0}
"""

    def __init__(self, url: str, report: _Report) -> None:
        self._report = report
        try:
            redis = importlib.import_module("redis")
        except ImportError as error:
            raise NonceStateError("NONCE_REDIS_URL is set: install the package `redis`") from error
        self._errors: tuple[type[Exception], ...] = (redis.RedisError, OSError)
        try:
            parts = urllib.parse.urlsplit(url)
            super().__init__(f"{parts.scheme}://{parts.hostname}:{parts.port or 6379}{parts.path}")
            self._client = redis.Redis.from_url(
                url,
                socket_timeout=2.0,
                socket_connect_timeout=2.0,
                retry=redis.retry.Retry(redis.backoff.NoBackoff(), 1),
                decode_responses=True,
            )
        except ValueError as error:
            raise NonceStateError(f"NONCE_REDIS_URL is no redis:// address: {error}") from None

    def take(self, count: int = 1, recovery: _Recovery | None = None, wait: bool = True) -> int:
        if not wait:
            raise _WouldWaitError
        arguments: list[object] = [str(self.last), count, "draw", "", "", 0, _MAX_LEAD_US]
        if recovery is not None:
            told = ["" if nonce is None else str(nonce) for nonce in recovery[:2]]
            arguments[2:6] = ["force" if recovery.forced else "recover", *told, recovery.ahead]
        try:
            reply = self._client.eval(self._SCRIPT, 1, self._KEY, *arguments)
        except self._errors as error:
            raise NonceStateError(
                f"Redis at {self.where} gave no nonce ({type(error).__name__}: {error}); none is "
                "made without it. Make it reachable, or unset NONCE_REDIS_URL"
            ) from error
        first, final, jumped, capped = map(int, reply)
        self.raise_above(final)
        self.jumped, self.capped, self.saved_at = bool(jumped), bool(capped), time.time()
        self._report(None)
        return first

    def abandon(self) -> None:
        """Nothing to do: the client opens connections of its own in a forked child."""


# Where a sequence starts: the state directory, and what the five legacy managers left on disk.

_LEGACY_NAME = re.compile(
    r"(?:unified_|consolidated_)?nonce_state(?:_[^.]+)?"
    r"\.(?:json|tmp|backup|bak)(?:[._](?:backup|bak|tmp|old|orig)[\w.-]*)?"
)
_LEGACY_SIZE = 16 << 20


def _project_root() -> Path:
    """The parent of `src`, else the nearest folder with a project's marks, else this one."""
    here = Path(__file__).resolve()
    marks = ("pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", ".git")
    above_src = (parent.parent for parent in here.parents if parent.name == "src")
    marked = (parent for parent in here.parents if any((parent / mark).exists() for mark in marks))
    return next(above_src, None) or next(marked, here.parent)


def _state_directory() -> Path:
    given = os.environ.get("NONCE_STATE_DIR")
    if given:
        return _project_root() / Path(given).expanduser()
    if os.name == "nt" and os.path.isdir("D:/"):
        return Path("D:/trading_data")
    return _project_root()


def _legacy_directories() -> list[Path]:
    # On POSIX the legacy managers took D: for a folder of the current directory.
    drive = Path("D:/trading_data")
    return [_state_directory(), _project_root(), _project_root() / drive, drive]


def _volatile() -> bool:
    return os.environ.get("NONCE_VOLATILE", "").lower() in ("1", "true", "yes")


def _most_nonce() -> int:
    """The highest credible nonce: a day ahead of now, in nanoseconds."""
    return min(_NONCE_LIMIT - 1, time.time_ns() + 86_400 * 10**9)


def _floor_by_hand() -> int:
    """NONCE_FLOOR, 0 where unset. Raises NonceStateError where it is no credible nonce."""
    text = os.environ.get("NONCE_FLOOR", "").strip()
    floor = _as_nonce(text) if text else 0
    if floor is None or floor > _most_nonce():
        raise NonceStateError(
            "NONCE_FLOOR is no integer from 1 to a day ahead of now in ns; correct or unset it"
        )
    return floor


def _read_legacy(path: Path) -> int:
    """`last_nonce` of a legacy state file. Raises OSError (unreadable), ValueError (nonsense)."""
    fd = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(fd, "rb") as file:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            raise OSError("not a regular file")
        raw = file.read(_LEGACY_SIZE + 1)
    if len(raw) > _LEGACY_SIZE:
        raise ValueError("larger than any state file")
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError):
        raise ValueError("not JSON") from None
    nonce = data.get("last_nonce") if isinstance(data, dict) else None
    if type(nonce) is not int or not 0 <= nonce <= _most_nonce():
        raise ValueError("last_nonce is no integer from 0 to a day ahead of now in nanoseconds")
    return nonce


def _legacy_files(directories: Iterable[Path]) -> Iterator[Path]:
    for directory in {os.path.realpath(directory): directory for directory in directories}.values():
        try:
            names = sorted(os.listdir(directory))
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            logger.warning("legacy nonce state: %s: cannot be read: %s", directory, error.strerror)
            continue
        yield from (directory / name for name in names if _LEGACY_NAME.fullmatch(name))


def _carry_over(directories: Iterable[Path]) -> int:
    """The highest nonce in the legacy state files of `directories`, 0 where there is none."""
    best, decisive = 0, None
    for path in _legacy_files(directories):
        try:
            nonce = _read_legacy(path)
        except OSError as error:
            logger.warning("legacy nonce state: %s: cannot be read: %s", path, error)
        except ValueError as error:
            logger.warning("legacy nonce state: %s: ignored: %s", path, error)
        else:
            if nonce > best:
                best, decisive = nonce, path
    if decisive is not None:
        logger.warning("nonces start above %s, carried over from %s", _mask(best), decisive)
    return best


# What a process has, whatever objects stand before it.


class _Connection:
    """What is known of one connection."""

    __slots__ = ("drawn", "failed", "last_nonce", "refused", "seen", "successful", "total")

    def __init__(self) -> None:
        self.total = self.successful = self.failed = 0
        self.drawn: int | None = None  # the last nonce that was no recovery's
        self.last_nonce: int | None = None
        self.refused: int | None = None  # the last nonce marked as refused
        self.seen = time.monotonic()

    def last_access(self) -> float:
        return time.time() - (time.monotonic() - self.seen)

    def stats(self) -> dict[str, Any]:
        used = datetime.fromtimestamp(self.last_access()).isoformat()
        return {
            "total_nonces": self.total,
            "successful": self.successful,
            "failed": self.failed,
            "success_rate": self.successful / self.total if self.total else 0,
            "last_nonce": None if self.last_nonce is None else str(self.last_nonce),
            "last_timestamp": None if self.last_nonce is None else used,
        }


class _Runtime:
    """The sequence, the connections, the counters and the credentials, under one lock."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.worker = ThreadPoolExecutor(1, "nonce")  # for what may not block an event loop
        self.objects: dict[type, ConsolidatedNonceManager] = {}
        self.clients: dict[tuple[str, str], _KrakenClient] = {}
        self._floors: dict[str, int] = {}
        self._sequence: _Sequence | None = None
        self._hooked = False
        self.reset()

    def reset(self) -> None:
        """Back to the state before the first nonce, but for how far the sequences are."""
        with self.lock:
            self.close()
            self.objects.clear()
            self.connections: OrderedDict[str, _Connection] = OrderedDict()
            self.counts: Counter[str] = Counter()
            self.stale_after, self.next_purge = _DEFAULT_STALE_S, 0.0
            self.carry_from: list[Path] = []
            self.client: _KrakenClient | None = None
            self.api_key: str | None = None
            self.given_url: str | None = None
            self.started = time.monotonic()
            self.base_nonce = 0
            self.last_error: str | None = None
            self.persistence_ok = True

    def close(self) -> None:
        with self.lock:
            if self._sequence is not None:
                self._floors[self._sequence.where] = self._sequence.last
                self._sequence.close()
                self._sequence = None

    def _after_fork(self) -> None:
        self.lock = threading.RLock()
        self.worker = ThreadPoolExecutor(1, "nonce")
        for client in self.clients.values():
            client.abandon()
        if self._sequence is not None:
            self._sequence.abandon()

    # The sequence.

    def view(self) -> _Sequence:
        """The sequence; before the first nonce, one that shows where it is going to be."""
        if self._sequence is not None:
            return self._sequence
        nothing = _Sequence(str(_state_directory()))
        nothing.backend = "redis" if os.environ.get("NONCE_REDIS_URL") else "file"
        return nothing

    def _open(self) -> _Sequence:
        if not self._hooked and hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._after_fork)
            self._hooked = True
        directory, places = _state_directory(), [*_legacy_directories(), *self.carry_from]
        url = os.environ.get("NONCE_REDIS_URL")
        sequence: _Sequence
        if url:
            sequence = _RedisSequence(url, self.report)
            sequence.raise_above(max(_carry_over(places), _kept_on_disk(directory)))
        else:
            sequence = _FileSequence(directory, lambda: _carry_over(places), self.report)
            if self.carry_from:
                sequence.raise_above(_carry_over(self.carry_from))
        return self._begin(sequence)

    def _degrade(self, broken: _Sequence | None) -> _Sequence:
        memory = _Sequence(str(_state_directory()))
        if broken is not None and broken.drawn:
            memory.drawn, memory.recovered = broken.drawn, broken.recovered
            memory.raise_above(broken.last)
        else:
            memory.raise_above(_kept_on_disk(_state_directory()))
            memory.raise_above(_carry_over([*_legacy_directories(), *self.carry_from]))
        logger.warning("NONCE_VOLATILE: the nonces of this process are in memory alone from now on")
        self.persistence_ok = False
        return self._begin(memory)

    def _begin(self, sequence: _Sequence) -> _Sequence:
        sequence.raise_above(max(_floor_by_hand(), self._floors.get(sequence.where, 0)))
        self._sequence = sequence
        return sequence

    def report(self, error: NonceStateError | None) -> None:
        """Notes that the state was, or was not, kept."""
        self.persistence_ok = error is None and self.view().backend != "memory"
        if error is not None:
            if self.last_error != str(error):
                logger.error("%s", error)
            self.last_error = str(error)

    def _take(self, count: int = 1, recovery: _Recovery | None = None, wait: bool = True) -> int:
        sequence = self._sequence
        try:
            if sequence is None:
                if not wait:
                    raise _WouldWaitError
                sequence = self._open()
            return sequence.take(count, recovery, wait)
        except NonceStateError as error:
            self.report(error)
            if not _volatile() or self.view().backend != "file":
                raise
            return self._degrade(sequence).take(count, recovery, wait)

    def carry_over_from(self, directory: Path) -> None:
        with self.lock:
            if directory not in self.carry_from:
                self.carry_from.append(directory)
                nonce = _carry_over([directory]) if self._sequence is not None else 0
                if self._sequence is not None and nonce > self._sequence.last:
                    self._sequence.raise_above(nonce)
                    self._take(recovery=_NO_JUMP)

    def save(self) -> None:
        with self.lock:
            if self.view().backend == "memory":
                logger.warning("NONCE_VOLATILE: nothing to save, the nonces are in memory alone")
            try:
                if self._sequence is not None:
                    self._sequence.save()
            except NonceStateError as error:
                self.report(error)
                raise

    # Draws.

    def _issue(self, who: str, count: int, recovery: _Recovery | None, wait: bool) -> int:
        first = self._take(count, recovery, wait)
        connection = self.connection(who)
        connection.total += count
        connection.last_nonce = first + count - 1
        if recovery is None:
            connection.drawn = connection.last_nonce
        self.counts["nonces"] += count
        return first

    def draw(self, connection_id: str, count: int = 1, wait: bool = True) -> int:
        """The first of `count` consecutive nonces. Raises as `_Sequence.take`."""
        if not self.lock.acquire(wait):
            raise _WouldWaitError
        try:
            return self._issue(connection_id, count, None, wait)
        finally:
            self.lock.release()

    def recover(self, connection_id: str, failed: int | None) -> int:
        """The nonce to go on with after Kraken refused one."""
        with self.lock:
            known = self.connections.get(connection_id) or _Connection()
            if failed is None and (known.refused or 0) > (known.drawn or 0):
                failed = known.refused  # the nonce of a recovery
            nonce = self._issue(connection_id, 1, _Recovery(known.drawn, failed), True)
            assert self._sequence is not None
            self.counts["recoveries"] += 1
            self.counts["jumps"] += self._sequence.jumped
            if self._sequence.capped:
                ahead = (nonce - _now_us()) // 1_000_000
                self.last_error = (
                    f"EAPI:Invalid nonce on {connection_id}, {ahead} s ahead of the clock: most "
                    "likely another program uses this API key with nonces at a larger scale. Give "
                    "each its own key, or set NONCE_FLOOR above its nonces"
                )
                logger.error("%s", self.last_error)
            elif self._sequence.jumped:
                logger.warning("nonce refused on %s; jumped to %s", connection_id, _mask(nonce))
            return nonce

    def jump(self, connection_id: str, ahead: int) -> None:
        with self.lock:
            self.counts["resets"] += 1
            self._issue(connection_id, 1, _Recovery(None, None, ahead, forced=True), True)

    # Connections: the most recently used, at most _MAX_CONNECTIONS of them.

    def connection(self, connection_id: str) -> _Connection:
        """The connection, known from now on. The caller locks."""
        connection = self.connections.get(connection_id)
        if connection is None:
            connection = self.connections[connection_id] = _Connection()
            self.base_nonce = self.base_nonce or self.view().last
            if len(self.connections) > _MAX_CONNECTIONS:
                self.drop(next(iter(self.connections)), "evicted")
        else:
            self.connections.move_to_end(connection_id)
        connection.seen = now = time.monotonic()
        if now >= self.next_purge:
            self.purge()
        return connection

    def purge(self) -> None:
        """Drops the connections not used for `stale_after` seconds."""
        now = time.monotonic()
        self.next_purge = now + min(60.0, self.stale_after / 4)
        while self.connections:
            connection_id, oldest = next(iter(self.connections.items()))
            if now - oldest.seen <= self.stale_after:
                break
            self.drop(connection_id, "stale")

    def drop(self, connection_id: str, reason: str) -> None:
        del self.connections[connection_id]
        self.counts[reason] += 1

    def mark(self, connection_id: str, nonce: int | None, accepted: bool, refused: bool) -> None:
        with self.lock:
            connection = self.connection(connection_id)
            connection.successful += accepted
            connection.failed += not accepted
            self.counts["successful" if accepted else "failed"] += 1
            if refused:
                connection.refused = nonce

    # Credentials.

    @property
    def api_url(self) -> str:
        return self.given_url or os.environ.get("KRAKEN_API_URL") or _API_URL

    @property
    def known_key(self) -> str | None:
        return self.client.api_key if self.client else self.api_key

    def client_for(self, api_key: str, api_secret: str) -> _KrakenClient:
        with self.lock:
            pair = (api_key, api_secret)
            if pair not in self.clients:
                self.clients[pair] = _KrakenClient(self, api_key, api_secret)
            return self.clients[pair]

    def set_credentials(self, api_key: str | None, api_secret: str | None) -> None:
        """Adds what is given to what is there. Raises ValueError for a second account."""
        with self.lock:
            key = api_key or self.known_key
            other = self.client is not None and self.client.api_key != key
            if key is None:
                raise ValueError("an API secret was given without its API key")
            if other and api_secret is None:
                logger.warning("another API key, without its secret: signed calls keep the first")
            elif other:
                raise ValueError(
                    "this manager signs with another API key; for a second account use "
                    "KrakenNonceFixer(key, secret), to change it use "
                    "initialize_enhanced_nonce_manager(key, secret)"
                )
            elif api_secret is not None:
                self.client = self.client_for(key, api_secret)
            self.api_key = key


# The manager.

_runtime = _Runtime()
# What the legacy systems kept in attributes, by the public way to it.
_PUBLIC_WAYS = {
    "get_nonce() for the next nonce, get_status()['current_nonce'] for where it is, NONCE_FLOOR or "
    "reset_nonce_state(seconds) to move it forward": ("_last_nonce", "_base_nonce"),
    "get_status()['nonce_fixer_available']; KrakenNonceFixer(key, secret)": ("_nonce_fixer",),
    "get_connection_stats(connection_id)": ("_connection_nonces", "_last_access"),
    "get_statistics() or get_status()": ("_stats", "_state"),
    "get_status()['state_file']": ("_state_file", "nonce_file"),
    "force_save()": ("_save_state",),
    "nothing: the state is read at every draw": ("_load_state",),
    "get_status()['current_nonce'], which is masked already": ("_mask_nonce",),
    "the environment variable NONCE_STATE_DIR": ("storage_dir",),
    "your own configuration; the manager shows no key": ("api_key",),
    "get_auth_status()['api_key_hash']": ("api_key_hash",),
    "reset_instance()": ("_instance",),
}
_PUBLIC_WAY = {name: way for way, names in _PUBLIC_WAYS.items() for name in names}
_LEGACY_KEYWORDS = {
    "cleanup_after_seconds": "stale_after_seconds=SECONDS",
    "storage_dir": "carry_over_from=DIRECTORY, and NONCE_STATE_DIR for where new state goes",
    "nonce_manager": "nothing: the manager is its own coordinator",
}


def _way(name: str) -> str:
    return f"use {_PUBLIC_WAY[name]}" if name in _PUBLIC_WAY else "it is not part of the manager"


class _OneObject(type):
    """Makes one object per class, whoever asks, and the aliases other names of the same one."""

    _alias: bool

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        return _object_of(cls, args, kwargs)

    def __instancecheck__(cls, instance: object) -> bool:
        return super().__instancecheck__(instance) or (
            cls._alias and isinstance(instance, ConsolidatedNonceManager)
        )

    @property
    def _instance(cls) -> Any:
        return _runtime.objects.get(ConsolidatedNonceManager if cls._alias else cls)

    @_instance.setter
    def _instance(cls, value: Any) -> None:
        """Code in the field assigns None to start anew; that must not start a second sequence."""
        if value is None:
            _runtime.reset()
        elif isinstance(value, ConsolidatedNonceManager):
            _runtime.objects[ConsolidatedNonceManager if cls._alias else cls] = value
        else:
            raise AttributeError("patch get_instance or get_nonce_manager rather than _instance")

    @_instance.deleter
    def _instance(cls) -> None:
        """Nothing to do; unittest.mock deletes what it has set."""


def _object_of(cls: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The object of `cls`, made where there is none. It warns at the caller's caller."""
    if cls._alias:
        warnings.warn(
            f"{cls.__name__} is an old name of ConsolidatedNonceManager; use get_nonce_manager()",
            DeprecationWarning,
            stacklevel=3,
        )
        cls = ConsolidatedNonceManager
    for name in kwargs.keys() & _LEGACY_KEYWORDS.keys():
        if cls is ConsolidatedNonceManager:
            raise TypeError(f"{name} is a legacy manager's; here it is {_LEGACY_KEYWORDS[name]}")
    one = _runtime.objects.get(cls)
    if one is None:
        with _runtime.lock:
            if cls not in _runtime.objects:
                one = type.__call__(cls, *args, **kwargs)
                return _runtime.objects.setdefault(cls, one)
            one = _runtime.objects[cls]
    if any(value is not None for value in (*args, *kwargs.values())):
        cls.__init__(one, *args, **kwargs)
    return one


def _check_arguments(api_key: object, api_secret: object, stale_after: object) -> None:
    """Raises TypeError, with the way out, for what only a legacy constructor took."""
    if isinstance(api_key, (int, float)):
        way = f"for the age of stale connections write stale_after_seconds={api_key}"
        raise TypeError(f"the first argument is an API key; {way}")
    if not isinstance(api_key, (str, type(None))):
        way = "no manager has to be passed: call get_nonce_manager()"
        raise TypeError(f"the first argument is an API key, not a {type(api_key).__name__}; {way}")
    if _is_directory(api_secret):
        way = "for the state files of a legacy manager write carry_over_from=DIRECTORY"
        raise TypeError(f"the second argument is the API secret, not a directory; {way}")
    if not isinstance(api_secret, (str, type(None))):
        raise TypeError(f"the API secret is a str, not a {type(api_secret).__name__}")
    number = isinstance(stale_after, (int, float)) and not isinstance(stale_after, bool)
    if stale_after is not None and not (number and cast(float, stale_after) > 0):
        raise TypeError(f"stale_after_seconds is a number above 0, not {stale_after!r}")


def _is_directory(value: object) -> bool:
    if not isinstance(value, str):
        return isinstance(value, os.PathLike)
    try:
        secret = len(base64.b64decode(value, validate=True)) >= 32
    except ValueError:
        secret = False
    is_path = "\\" in value or re.match("[A-Za-z]:/", value) is not None or os.path.isdir(value)
    return is_path or ("/" in value and not secret)


class ConsolidatedNonceManager(metaclass=_OneObject):
    """The nonces of this process; one object per class, all on one sequence.

    api_key, api_secret: needed for signed calls only; what is given later is added.
    stale_after_seconds: connections unused for so long are forgotten (default 3600).
    carry_over_from: a further directory with state files of a legacy manager to start above.

    Raises TypeError for what only a legacy manager took, ValueError for a second account.
    """

    MIN_INCREMENT_US = MIN_INCREMENT_US
    RECOVERY_BUFFER_US = RECOVERY_BUFFER_US
    _alias = False

    def __init_subclass__(cls, *, alias: bool = False, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls._alias = alias

    def __init__(
        self,
        api_key: str | None = None,
        api_secret: str | None = None,
        *,
        stale_after_seconds: float | None = None,
        carry_over_from: str | os.PathLike[str] | None = None,
    ) -> None:
        _check_arguments(api_key, api_secret, stale_after_seconds)
        if stale_after_seconds is not None:
            _runtime.stale_after, _runtime.next_purge = float(stale_after_seconds), 0.0
        if api_key or api_secret:
            _runtime.set_credentials(api_key, api_secret)
        if carry_over_from is not None:
            _runtime.carry_over_from(Path(os.fspath(carry_over_from)))

    def __setattr__(self, name: str, value: object) -> None:
        own = any(name in cls.__dict__ for cls in type(self).__mro__)
        subclassed = type(self) is not ConsolidatedNonceManager and name not in _PUBLIC_WAY
        if not own and not subclassed:
            raise AttributeError(f"{name} cannot be set on {type(self).__name__}: {_way(name)}")
        object.__setattr__(self, name, value)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"{type(self).__name__} has no {name}: {_way(name)}")

    def __repr__(self) -> str:
        return (
            f"<{type(self).__name__} backend={_runtime.view().backend} "
            f"nonces={_runtime.counts['nonces']} state={_runtime.view().state_file!r}>"
        )

    @classmethod
    def get_instance(cls: type[_M], *args: Any, **options: Any) -> _M:
        """The one object; the arguments are the constructor's."""
        return cast("_M", _object_of(cls, args, options))

    @classmethod
    def reset_instance(cls) -> None:
        """For tests: forgets counters, connections and credentials and reads the environment anew.
        The sequence goes on; it never starts over."""
        _runtime.reset()

    # Nonces. Each returns a str of decimal digits, and raises NonceStateError where the state
    # cannot be kept.

    def get_nonce(self, connection_id: str = "default") -> str:
        """The next nonce: above all issued before, by any process, and not below the clock (us)."""
        return str(_runtime.draw(connection_id))

    def get_enhanced_nonce(self, connection_id: str = "enhanced") -> str:
        """`get_nonce`: there is one sequence."""
        return self.get_nonce(connection_id)

    def get_next_nonce(self, connection_id: str = "default") -> str:
        """`get_nonce`."""
        return self.get_nonce(connection_id)

    async def get_nonce_async(self, connection_id: str = "default") -> str:
        """`get_nonce` without blocking the event loop."""
        own = getattr(self.get_nonce, "__func__", None)
        if own is ConsolidatedNonceManager.__dict__["get_nonce"]:  # not overridden, not patched
            with contextlib.suppress(_WouldWaitError):
                nonce = _runtime.draw(connection_id, wait=False)
                if not _runtime.counts["nonces"] & 31:  # a tight loop of one task lets others run
                    await asyncio.sleep(0)
                return str(nonce)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(_runtime.worker, self.get_nonce, connection_id)

    def get_batch_nonces(self, connection_id: str, count: int) -> list[int]:
        """`count` (0 to 100,000) consecutive nonces, int as in system 1. Send them in order."""
        if isinstance(count, bool) or not isinstance(count, int) or not 0 <= count <= _MAX_BATCH:
            raise ValueError(f"count must be an integer from 0 to {_MAX_BATCH}, not {count!r}")
        if not count:
            return []
        first = _runtime.draw(connection_id, count)
        _runtime.counts["batches"] += 1
        return list(range(first, first + count))

    def recover_from_error(
        self, connection_id: str = "default", failed_nonce: str | int | None = None
    ) -> str:
        """The nonce to go on with after EAPI:Invalid nonce.

        A new failure moves the sequence RECOVERY_BUFFER_US ahead; further reports of the same one
        give the next nonce. A report is new if `failed_nonce` was issued since the last jump or,
        where that is not given, if the connection has drawn since. So pass `failed_nonce`.
        """
        return str(_runtime.recover(connection_id, _as_nonce(failed_nonce)))

    def handle_invalid_nonce_error(
        self, connection_id: str = "default", failed_nonce: str | int | None = None
    ) -> str:
        """`recover_from_error`."""
        nonce = _as_nonce(connection_id)
        if nonce is not None and nonce > 10**12 and failed_nonce is None:
            warnings.warn(
                "handle_invalid_nonce_error takes a connection id first; write failed_nonce=NONCE",
                DeprecationWarning,
                stacklevel=2,
            )
            return self.recover_from_error(failed_nonce=nonce)
        return self.recover_from_error(connection_id, failed_nonce)

    def reset_nonce(self, connection_id: str = "default") -> str:
        """`recover_from_error`."""
        return self.recover_from_error(connection_id)

    # Connections.

    def register_connection(
        self, connection_id: str, error_handler: Callable[..., Any] | None = None
    ) -> None:
        """Makes the connection known before its first nonce. `error_handler` is not called, nor
        was it by the legacy coordinator."""
        with _runtime.lock:
            _runtime.connection(connection_id)

    def cleanup_connection(self, connection_id: str) -> None:
        """Forgets the connection; the totals keep what it counted."""
        with _runtime.lock:
            if connection_id in _runtime.connections:
                _runtime.drop(connection_id, "removed")

    def mark_nonce_success(self, connection_id: str, nonce: str | int) -> None:
        """Counts a nonce that Kraken accepted."""
        _runtime.mark(connection_id, _as_nonce(nonce), accepted=True, refused=False)

    def mark_nonce_failed(self, connection_id: str, nonce: str | int, error: str = "") -> None:
        """Counts a nonce that failed; with "nonce" in `error`, the next recovery of the connection
        takes it for the failed one."""
        refused = "nonce" in str(error).lower()
        _runtime.mark(connection_id, _as_nonce(nonce), accepted=False, refused=refused)

    def get_connection_stats(self, connection_id: str) -> dict[str, Any]:
        """Counts of one connection, zeros where it is not known; `last_nonce` in full."""
        with _runtime.lock:
            known = _runtime.connections.get(connection_id) or _Connection()
            return {"connection_id": connection_id, **known.stats()}

    # State.

    def get_status(self) -> dict[str, Any]:
        """How the manager is, for an operator; fit for JSON, without a full nonce or a secret."""
        run = _runtime
        with run.lock:
            run.purge()
            now = run.view()
            ahead = round((now.last - _now_us()) / 1e6, 6) if now.last else 0.0
            counts, connections = run.counts, run.connections
            stats = {str(name): known.stats() for name, known in connections.items()}
            for known in stats.values():
                known["last_nonce"] = _mask(known["last_nonce"])
                known["count"] = known["total_nonces"]  # what system 2 called it
            saved = datetime.fromtimestamp(now.saved_at).isoformat() if now.saved_at else None
            return {
                "current_nonce": _mask(now.last or None),
                "total_generated": counts["nonces"],
                "error_recoveries": counts["recoveries"],
                "active_connections": len(connections),
                "connection_stats": stats,
                "time_until_current": ahead,
                "last_save": saved,
                "state_file": now.state_file,
                "uptime_seconds": round(time.monotonic() - run.started, 3),
                "nonce_fixer_available": run.client is not None,
                "version": __version__,
                "backend": now.backend,
                "persistence_ok": run.persistence_ok,
                "last_error": run.last_error,
                "seconds_ahead_of_clock": max(0.0, ahead),
                "recovery_jumps": counts["jumps"],
                "total_successful": counts["successful"],
                "total_failed": counts["failed"],
                "stale_after_seconds": run.stale_after,
                "credentials": "complete" if run.client else "key only" if run.api_key else None,
            }

    def force_save(self) -> None:
        """Returns when a power cut would lose no nonce issued so far. Raises NonceStateError."""
        _runtime.save()

    def close(self) -> None:
        """Saves and closes the files; the next nonce opens them again."""
        self.force_save()
        _runtime.close()

    # Signed calls.

    @property
    def api_url(self) -> str:
        """Base URL of Kraken's API, https, or http to this machine."""
        return _runtime.api_url

    @api_url.setter
    def api_url(self, url: str | None) -> None:
        _runtime.given_url = url

    async def make_authenticated_api_call(
        self,
        uri_path: str,
        params: dict[str, Any] | None = None,
        *,
        json_body: bool = False,
        otp: str | None = None,
        retry_order: bool = False,
        timeout: float = 30.0,
        connection_id: str = "rest",
    ) -> dict[str, Any]:
        """Calls a private endpoint (`/0/private/...`) and gives Kraken's answer, {"error",
        "result"}.

        Calls with one key follow each other, issue to answer, over all processes of this host. A
        request that could not be sent is tried again, up to 5 times with growing pauses, and so is
        a read whose answer was lost. Anything else, an order above all, is never sent again once it
        may have arrived; `retry_order` allows it where Kraken refused the nonce or the rate, and so
        did nothing. `timeout` is in seconds, for each step on the network.

        Raises KrakenCredentialsError, KrakenInvalidNonceError, KrakenRateLimitError,
        KrakenUnknownOutcomeError or another KrakenAPIError; NonceStateError; ValueError, TypeError
        for arguments. A task cancelled before its turn sends nothing; later, it is under way.
        """
        if _runtime.client is None:
            raise KrakenCredentialsError(
                "signed calls need api_key and api_secret: get_nonce_manager(api_key, api_secret)"
            )
        return await _runtime.client.call(
            _Request(uri_path, params, json_body, otp, retry_order, timeout, connection_id)
        )

    # What the legacy systems had besides, with their old results.

    @property
    def nonce_manager(self) -> ConsolidatedNonceManager:
        """Itself; the coordinator of system 4 held the manager here."""
        return self

    def __enter__(self: _M) -> _M:
        return self

    def __exit__(self, *_: object) -> None:
        self.force_save()

    def cleanup(self) -> None:
        """`force_save`."""
        self.force_save()

    def remove_connection(self, connection_id: str) -> None:
        """`cleanup_connection`."""
        self.cleanup_connection(connection_id)

    def get_auth_nonce(self, connection_id: str) -> str:
        """`get_nonce`."""
        return self.get_nonce(connection_id)

    def create_auth_message(self, connection_id: str, api_key: str) -> dict[str, Any]:
        """The subscribe message of system 4."""
        nonce = self.get_auth_nonce(connection_id)
        subscription = {"name": "ownTrades", "token": api_key}
        return {"event": "subscribe", "reqid": nonce, "subscription": subscription}

    def handle_nonce_error(
        self, connection_id: str, nonce: str | int, error_message: str
    ) -> dict[str, Any]:
        """What to do about an error: {"action": "retry", "new_nonce", "reset"} or
        {"action": "escalate", "error"}."""
        message = str(error_message).lower()
        self.mark_nonce_failed(connection_id, nonce, message)
        if "invalid nonce" in message:
            fresh = self.recover_from_error(connection_id, nonce)
            return {"action": "retry", "new_nonce": fresh, "reset": True}
        if "already seen nonce" in message:
            fresh = self.get_auth_nonce(connection_id)
            return {"action": "retry", "new_nonce": fresh, "reset": False}
        return {"action": "escalate", "error": error_message}

    def get_all_stats(self) -> dict[str, Any]:
        """System 4: the statistics of all connections."""
        with _runtime.lock:
            connections = {name: self.get_connection_stats(name) for name in _runtime.connections}
        return {
            "active_connections": len(connections),
            "nonce_manager_stats": self.get_statistics(),
            "connections": connections,
        }

    async def monitor_nonce_health(self, interval: float = 60) -> None:
        """System 4: until cancelled, warns of connections with under 80 % success, and forgets the
        stale ones, every `interval` seconds."""
        while True:
            await asyncio.sleep(interval)
            with _runtime.lock:
                _runtime.purge()
            for name, stats in self.get_all_stats()["connections"].items():
                rate, failed = stats["success_rate"], stats["failed"]
                if stats["total_nonces"] > 10 and rate < 0.8:
                    logger.warning("%s: %.0f %% success, %d failed", name, 100 * rate, failed)

    def reset_connection(self, connection_id: str) -> None:
        """System 1: moves 10 ms ahead, which moves the shared sequence."""
        _runtime.jump(connection_id, 10_000)

    def reset_nonce_state(self, buffer_seconds: float = 60) -> None:
        """System 3: moves the sequence `buffer_seconds` (0 to 86,400) ahead."""
        if isinstance(buffer_seconds, bool) or not 0 <= buffer_seconds <= 86_400:
            raise ValueError(f"buffer_seconds must be from 0 to 86400, not {buffer_seconds!r}")
        _runtime.jump("default", max(1, int(buffer_seconds * 1_000_000)))

    def get_statistics(self) -> dict[str, Any]:
        """System 1's statistics; nonces are int and in full."""
        with _runtime.lock:
            counts, connections = _runtime.counts, _runtime.connections
            return {
                "total_nonces": counts["nonces"],
                "active_connections": len(connections),
                "base_nonce": _runtime.base_nonce,
                "connections": {
                    name: {
                        "current_nonce": known.last_nonce,
                        "last_access": known.last_access(),
                        "count": known.total,
                    }
                    for name, known in connections.items()
                },
                "resets": counts["resets"] + counts["recoveries"],
                "batch_operations": counts["batches"],
                "removed_connections": counts["removed"],
                "auto_cleaned": counts["stale"],
                "time_jumps": counts["jumps"],
                **{f"connection_{name}": known.total for name, known in connections.items()},
            }

    def get_auth_status(self) -> dict[str, Any]:
        """System 3's get_status; `last_nonce` is int and in full."""
        with _runtime.lock:
            key, now = _runtime.known_key, _now_us()
            return {
                "api_key_hash": hashlib.sha256(key.encode()).hexdigest()[:16] if key else "",
                "last_nonce": _runtime.view().last,
                "counter": _runtime.counts["nonces"],
                "current_time_us": now,
                "time_diff_us": _runtime.view().last - now,
                "nonce_file": _runtime.view().state_file,
                "file_exists": os.path.exists(_runtime.view().state_file),
                "version": __version__,
                "last_saved": _runtime.view().saved_at,
            }

    def validate_nonce_sequence(self, connection_id: str, nonces: list[int]) -> bool:
        """System 1: whether each nonce is the one before + 1."""
        return list(nonces) == [nonces[0] + step for step in range(len(nonces))]

    def validate_nonce(self, nonce: str | int) -> bool:
        """System 3: whether `nonce` is at most 24 h behind and 1 h ahead of now, in us."""
        value, now = _as_nonce(nonce), _now_us()
        return value is not None and now - 86_400_000_000 <= value <= now + 3_600_000_000

    def test_enhanced_nonce_system(self) -> dict[str, Any]:
        """System 2's self-test; it draws up to 18 nonces."""
        missing = {"success": False, "error": "KrakenNonceFixer not initialized"}
        return {
            "unified_manager_test": _self_test(self.get_nonce, 5, "nonces_generated"),
            "nonce_fixer_test": _self_test(_runtime.draw, 10, "nonces_generated")
            if _runtime.client
            else missing,
            "integration_test": _self_test(self.get_enhanced_nonce, 3, "enhanced_nonces_generated"),
        }


def _self_test(draw: Callable[[str], object], count: int, counted: str) -> dict[str, Any]:
    try:
        nonces = [int(str(draw(f"test_{number}"))) for number in range(count)]
    except NonceGenerationError as error:
        return {"success": False, "error": str(error)}
    increasing = all(before < after for before, after in zip(nonces, nonces[1:]))  # noqa: B905, RUF007
    return {
        "success": True,
        counted: count,
        "sequence_valid": increasing,
        "sequence_increasing": increasing,
        "nonce_range": f"{_mask(nonces[0])} - {_mask(nonces[-1])}",
        "first_nonce": nonces[0],
        "last_nonce": nonces[-1],
        "range_span": nonces[-1] - nonces[0],
        "base_nonce": _runtime.base_nonce,
    }


# The Kraken client. One request at a time per key: what counts is the order of arrival.

_API_URL = "https://api.kraken.com"
_USER_AGENT = f"consolidated-nonce-manager/{__version__}"
# Endpoints that change nothing, so that a lost answer may be asked for again.
_READS = re.compile(
    "(Trade)?Balance|BalanceEx|CreditLines|(Open|Closed|Query)Orders|OrderAmends|TradesHistory|"
    "QueryTrades|OpenPositions|(Query)?Ledgers|TradeVolume|(Export|Deposit|Withdraw)Status|"
    "(Deposit|Withdraw)Methods|WithdrawAddresses|WithdrawInfo|GetWebSocketsToken|GetApiKeyInfo|"
    "Earn/(Strategies|Allocations|AllocateStatus|DeallocateStatus)"
)
# They may be sent again when Kraken refused them before acting: doing them twice does no harm.
_CANCELS = re.compile("CancelOrder|CancelOrderBatch|CancelAll|CancelAllOrdersAfter")
# What Kraken's errors amount to; any other is final.
_ERRORS: tuple[tuple[str, type[KrakenAPIError]], ...] = (
    ("Invalid nonce", KrakenInvalidNonceError),
    ("Rate limit exceeded|^EService:Throttled", KrakenRateLimitError),
    (
        "^EService:Unavailable|^EService:Busy|^EService:Timeout|^EGeneral:Internal error",
        KrakenUnknownOutcomeError,
    ),
)
_FIRST_PAUSE_S = {KrakenInvalidNonceError: 0.5, KrakenRateLimitError: 2.0}


def _text(value: object) -> str:
    """A parameter's value as Kraken reads it. Raises TypeError."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (float, Decimal)):
        return format(Decimal(str(value)), "f")  # no 1e-05
    if isinstance(value, (str, int)):
        return str(value)
    if isinstance(value, (list, tuple)) and not any(isinstance(x, (dict, list)) for x in value):
        return ",".join(_text(item) for item in value)
    raise TypeError(f"a {type(value).__name__} does not fit a form; pass json_body=True")


def _signature(secret: bytes, path: str, nonce: int, body: bytes) -> str:
    """API-Sign, as in Kraken's documentation of REST authentication."""
    message = path.encode() + hashlib.sha256(str(nonce).encode() + body).digest()
    return base64.b64encode(hmac.new(secret, message, hashlib.sha512).digest()).decode()


class _Request:
    """One request of a caller; its nonce is drawn when its turn comes. Raises ValueError for a path
    that is no private endpoint, TypeError for a value that does not fit its body."""

    def __init__(
        self,
        path: str,
        params: dict[str, Any] | None = None,
        json_body: bool = False,
        otp: str | None = None,
        retry_order: bool = False,
        timeout: float = 30.0,
        connection_id: str = "rest",
    ) -> None:
        if not re.fullmatch(r"/\d+/private/[A-Za-z][A-Za-z0-9/]*", path):
            raise ValueError(f"{path!r} is no private endpoint such as /0/private/Balance")
        fields = {**(params or {}), "otp": otp} if otp is not None else params or {}
        self.fields = {k: v for k, v in fields.items() if v is not None and k != "nonce"}
        self.path, self.json_body, self.timeout = path, json_body, timeout
        self.connection_id = connection_id
        endpoint = path.rpartition("/private/")[2]
        self.read = _READS.fullmatch(endpoint) is not None
        self.harmless = self.read or retry_order or _CANCELS.fullmatch(endpoint) is not None
        self.refused: int | None = None  # the nonce of the last try, where Kraken refused it
        self.encode(0)

    def encode(self, nonce: int) -> tuple[bytes, str]:
        """The body and its content type."""
        fields = {"nonce": str(nonce), **self.fields}
        if self.json_body:
            return json.dumps(fields, default=_text).encode(), "application/json"
        form = urllib.parse.urlencode([(key, _text(value)) for key, value in fields.items()])
        return form.encode(), "application/x-www-form-urlencoded"

    def failure(
        self, kind: type[KrakenAPIError], text: str, errors: Iterable[str] = ()
    ) -> KrakenAPIError:
        """The error to raise, with the pause after which this request may be sent again."""
        text = f"{self.path}: {text}"
        if kind is not KrakenUnknownOutcomeError:
            return kind(text, errors, _FIRST_PAUSE_S.get(kind) if self.harmless else None)
        if self.read:
            return KrakenAPIError(text, errors, 0.5)
        text += (
            "; it is not known whether it was carried out, so it was not sent again. Query first"
        )
        return kind(text, errors)

    def outcome(self, status: int, raw: bytes) -> dict[str, Any] | KrakenAPIError:
        """What Kraken's answer means. Its HTTP status is 200 for errors too."""
        try:
            data: dict[str, Any] = json.loads(raw)
            errors = [str(error) for error in data["error"]]
        except (ValueError, KeyError, TypeError, RecursionError):
            kind = KrakenAPIError if 300 <= status < 500 else KrakenUnknownOutcomeError
            kind = KrakenRateLimitError if status == 429 else kind
            return self.failure(kind, f"HTTP status {status} without an answer of Kraken's")
        for warning in (error for error in errors if error.startswith("W")):
            logger.warning("Kraken warns: %s", warning)
        fatal = [error for error in errors if not error.startswith("W")]
        if not fatal:
            return data
        kinds = (kind for what, kind in _ERRORS if any(re.search(what, error) for error in fatal))
        return self.failure(next(kinds, KrakenAPIError), ", ".join(fatal), fatal)


class _KrakenClient:
    """Signed calls with one API key."""

    def __init__(self, runtime: _Runtime, api_key: str, api_secret: str) -> None:
        self.api_key, self.api_secret = api_key, api_secret
        self._runtime = runtime
        self._lock_fd = -1
        self.abandon()

    def abandon(self) -> None:
        """In a forked child: forgets what is the parent's, without unlocking it."""
        self._worker = ThreadPoolExecutor(1, "kraken-call")  # one call after the other
        if self._lock_fd >= 0:
            os.close(self._lock_fd)
            self._lock_fd = -1

    async def call(self, request: _Request) -> dict[str, Any]:
        """The parsed answer. Raises as `make_authenticated_api_call`."""
        secret, loop = self._secret(), asyncio.get_running_loop()
        for attempt in range(_CALL_TRIES):
            cancelled = threading.Event()
            try:
                return await loop.run_in_executor(
                    self._worker, self._send, request, secret, cancelled
                )
            except asyncio.CancelledError:
                cancelled.set()
                raise
            except KrakenAPIError as error:
                if error.retry_after is None or attempt + 1 == _CALL_TRIES:
                    raise
                pause = error.retry_after * 2**attempt
                logger.warning("%s; again in %.1f s", error, pause)
            await asyncio.sleep(pause)
        raise AssertionError("unreachable")

    def _secret(self) -> bytes:
        if not (self.api_key and self.api_key.isascii() and self.api_key.isprintable()):
            raise KrakenCredentialsError("the API key is empty or has characters no key has")
        try:
            secret = base64.b64decode(self.api_secret, validate=True)
        except ValueError:
            secret = b""
        if not secret:
            raise KrakenCredentialsError(
                "the API secret is not base64; copy the private key as Kraken shows it"
            )
        return secret

    def _send(self, request: _Request, secret: bytes, cancelled: threading.Event) -> dict[str, Any]:
        """One request, from the issue of its nonce to its answer, while no other is under way."""
        runtime, who = self._runtime, request.connection_id
        with self._turn(cancelled):
            if cancelled.is_set():
                raise KrakenAPIError("cancelled")
            with contextlib.closing(_connect(runtime.api_url, request.timeout)) as connection:
                failed, request.refused = request.refused, None
                nonce = runtime.draw(who) if failed is None else runtime.recover(who, failed)
                body, content_type = request.encode(nonce)
                headers = {
                    "API-Key": self.api_key,
                    "API-Sign": _signature(secret, request.path, nonce, body),
                    "Content-Type": content_type,
                    "User-Agent": _USER_AGENT,
                }
                try:
                    connection.request("POST", request.path, body=body, headers=headers)
                    response = connection.getresponse()
                    answer = request.outcome(response.status, response.read())
                except (OSError, http.client.HTTPException, asyncio.TimeoutError) as error:
                    text = f"no answer ({type(error).__name__}: {error})"
                    raise request.failure(KrakenUnknownOutcomeError, text) from error
            if isinstance(answer, KrakenInvalidNonceError):
                request.refused = nonce
            if isinstance(answer, dict) or answer.errors:
                runtime.mark(who, nonce, accepted=request.refused is None, refused=False)
            if isinstance(answer, KrakenAPIError):
                raise answer
            return answer

    @contextlib.contextmanager
    def _turn(self, cancelled: threading.Event) -> Iterator[None]:
        """Waits until no process of this host has a request of this key under way, or until it is
        cancelled."""
        digest = hashlib.sha256(self.api_key.encode()).hexdigest()[:12]
        path = str(_state_directory() / f"kraken_call_{digest}.lock")
        try:
            try:
                self._lock_fd = _open_private(path)
                _lock(self._lock_fd, path, cancelled)
            except OSError as error:
                if self._runtime.view().backend == "file" and not _volatile():
                    raise _state_error(path, error) from error
                logger.warning("%s: %s; calls are ordered in this process alone", path, error)
            yield
        finally:
            if self._lock_fd >= 0:
                _flock(self._lock_fd, hold=False)
                os.close(self._lock_fd)
                self._lock_fd = -1


def _connect(url: str, timeout: float) -> http.client.HTTPConnection:
    """An open connection to the API. Raises KrakenAPIError where there is none to be had,
    ValueError for a bad URL."""
    parts = urllib.parse.urlsplit(url)
    local = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")
    if not parts.hostname or parts.path not in ("", "/") or not (local or parts.scheme == "https"):
        raise ValueError(
            f"KRAKEN_API_URL {url!r} is no base URL such as {_API_URL}, or http to this machine"
        )
    kind = http.client.HTTPConnection if local else http.client.HTTPSConnection
    connection = kind(parts.hostname, parts.port, timeout=timeout)
    try:
        connection.connect()
    except (OSError, http.client.HTTPException) as error:
        connection.close()
        text = f"cannot connect to {parts.netloc} ({type(error).__name__}: {error})"
        raise KrakenAPIError(f"{text}; nothing was sent", retry_after=0.5) from error
    return connection


class KrakenNonceFixer:
    """Signed calls with a key of one's own, for a bot of several accounts, on the one sequence."""

    def __init__(self, api_key: str, api_secret: str) -> None:
        self._client = _runtime.client_for(api_key, api_secret)

    def get_guaranteed_unique_nonce(self) -> str:
        """The next nonce of the one sequence."""
        return str(_runtime.draw("fixer"))

    async def make_authenticated_api_call(
        self, uri_path: str, params: dict[str, Any] | None = None, **options: Any
    ) -> dict[str, Any]:
        """As `ConsolidatedNonceManager.make_authenticated_api_call`, with this key."""
        return await self._client.call(_Request(uri_path, params, **options))

    def test_nonce_fix(self) -> dict[str, Any]:
        """Draws ten nonces and says whether they increase."""
        return _self_test(_runtime.draw, 10, "nonces_generated")


# Module functions.


def get_nonce_manager(
    api_key: str | None = None,
    api_secret: str | None = None,
    *,
    stale_after_seconds: float | None = None,
    carry_over_from: str | os.PathLike[str] | None = None,
) -> ConsolidatedNonceManager:
    """The one manager of this process; the arguments are its constructor's."""
    return ConsolidatedNonceManager.get_instance(
        api_key,
        api_secret,
        stale_after_seconds=stale_after_seconds,
        carry_over_from=carry_over_from,
    )


get_unified_nonce_manager = get_nonce_manager
get_nonce_coordinator = get_nonce_manager


def initialize_enhanced_nonce_manager(api_key: str, api_secret: str) -> ConsolidatedNonceManager:
    """The one manager, from now on with these credentials in place of any it had."""
    with _runtime.lock:
        _runtime.client = None
        return get_nonce_manager(api_key, api_secret)


def get_nonce(connection_id: str = "default") -> str:
    """`ConsolidatedNonceManager.get_nonce` of the one manager."""
    return get_nonce_manager().get_nonce(connection_id)


def get_next_nonce(connection_id: str = "default") -> str:
    """`get_nonce`."""
    return get_nonce_manager().get_next_nonce(connection_id)


async def get_nonce_async(connection_id: str = "default") -> str:
    """`ConsolidatedNonceManager.get_nonce_async` of the one manager."""
    return await get_nonce_manager().get_nonce_async(connection_id)


# Legacy names. Making one gives the one manager, with a DeprecationWarning.


class UnifiedKrakenNonceManager(ConsolidatedNonceManager, alias=True):
    """Old name of ConsolidatedNonceManager (system 2)."""


class KrakenNonceManager(ConsolidatedNonceManager, alias=True):
    """Old name of ConsolidatedNonceManager (system 1)."""


class NonceManager(ConsolidatedNonceManager, alias=True):
    """Old name of ConsolidatedNonceManager (system 3)."""

    @classmethod
    def cleanup_all_instances(cls) -> None:
        """System 3: saves."""
        _runtime.save()


class WebSocketNonceCoordinator(ConsolidatedNonceManager, alias=True):
    """Old name of ConsolidatedNonceManager (system 4)."""


class NonceWebSocketWrapper:
    """System 4: adds a `reqid` to the subscribe messages of a WebSocket connection.

    `coordinator`: the manager, or whatever has its connection methods and `get_auth_nonce`, plain
    or as a coroutine.
    """

    def __init__(self, websocket: Any, coordinator: Any) -> None:
        self.websocket, self.coordinator = websocket, coordinator
        self.connection_id = f"ws_{id(websocket)}"
        coordinator.register_connection(self.connection_id)

    async def send_authenticated(self, message: dict[str, Any]) -> None:
        """Sends `message` as JSON, with a fresh `reqid` (set in it) if it subscribes without
        one."""
        if message.get("event") == "subscribe" and "reqid" not in message:
            draw = self.coordinator.get_auth_nonce
            if isinstance(self.coordinator, ConsolidatedNonceManager):  # it may wait for a process
                loop = asyncio.get_running_loop()
                nonce = await loop.run_in_executor(_runtime.worker, draw, self.connection_id)
            else:
                nonce = draw(self.connection_id)
            message["reqid"] = await nonce if inspect.isawaitable(nonce) else nonce
        await self.websocket.send(json.dumps(message))

    async def close(self) -> None:
        """Closes the connection and forgets it."""
        await self.websocket.close()
        self.coordinator.cleanup_connection(self.connection_id)


def _share() -> None:
    """Loaded under two names (src.utils.x and utils.x), this file is one module in all but name:
    the second takes over every object of the first, so that classes, errors and the one manager
    are the same."""
    registry = sys.modules.setdefault(
        "_consolidated_nonce_manager", types.ModuleType("_consolidated_nonce_manager")
    )
    mine = {name: value for name, value in globals().items() if not name.startswith("__")}
    loaded: dict[str, dict[str, Any]] = registry.__dict__.setdefault("loaded", {})
    globals().update(loaded.setdefault(os.path.realpath(__file__), mine))


_share()

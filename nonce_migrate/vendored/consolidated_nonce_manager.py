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
NONCE_REDIS_URL   keep the counter in Redis (package `redis`), for several hosts. That orders
                  nonces, not their arrival: one key per host is the better way. On the way back
                  to files, set NONCE_FLOOR
KRAKEN_API_URL    base URL of the API, for tests

Order of reading: errors, the record on disk, sequences, carry-over, runtime, Kraken client,
manager, module functions, legacy names.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import enum
import hashlib
import hmac
import http.client
import importlib
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
    "MIN_INCREMENT_US",
    "RECOVERY_BUFFER_US",
    "ConsolidatedNonceManager",
    "KrakenAPIError",
    "KrakenCredentialsError",
    "KrakenInvalidNonceError",
    "KrakenNonceFixer",
    "KrakenNonceManager",
    "KrakenRateLimitError",
    "KrakenUnknownOutcomeError",
    "NonceGenerationError",
    "NonceManager",
    "NonceStateError",
    "NonceWebSocketWrapper",
    "UnifiedKrakenNonceManager",
    "WebSocketNonceCoordinator",
    "get_next_nonce",
    "get_nonce",
    "get_nonce_async",
    "get_nonce_coordinator",
    "get_nonce_manager",
    "get_unified_nonce_manager",
    "initialize_enhanced_nonce_manager",
]
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
_T = TypeVar("_T")


class NonceGenerationError(Exception):
    """No nonce could be made; none was issued."""


class NonceStateError(NonceGenerationError):
    """The state of the sequence cannot be kept, so no nonce was issued; the text names the file and
    the cure."""


class KrakenAPIError(Exception):
    """A signed call failed. `errors` are Kraken's own error strings, empty where there was no such
    answer."""

    def __init__(self, message: str, errors: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.errors = list(errors)


class KrakenCredentialsError(KrakenAPIError):
    """The key or the secret is missing or malformed; nothing was sent."""


class KrakenInvalidNonceError(KrakenAPIError):
    """Kraken went on answering EAPI:Invalid nonce, or did so for an order, which is not sent
    again."""


class KrakenRateLimitError(KrakenAPIError):
    """Kraken asks for fewer requests."""


class KrakenUnknownOutcomeError(KrakenAPIError):
    """The request was sent and its answer was lost: nobody knows whether it was carried out. Query
    before acting."""


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
    if isinstance(value, str) and value.isdigit() and len(value) <= 19:
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < _NONCE_LIMIT:
        return value
    return None


# The record on disk. Two of them stand in a file, written in turn, each in a page of its own: a
# write that is cut short can spoil one, never both.

_STATE_FILES = ("kraken_nonce_sequence.dat", "kraken_nonce_sequence.bak")
_MAGIC = b"KNONCE\x00\x04"
_BODY = struct.Struct("<8s16sQQQQQ")
_CRC = struct.Struct("<I")
_RECORD_SIZE = _BODY.size + _CRC.size
_SLOT = 4096
_LOCK_BYTE = 1 << 30  # msvcrt locks are mandatory, so the locked byte lies beyond the data


class _Record(NamedTuple):
    """One state of the sequence. `ceiling`: no nonce above it has been issued. `drawn`: the last
    nonce that was no recovery's. `recovered`: the nonce of the last recovery that jumped. `boot`:
    16 bytes, zero where unknown."""

    boot: bytes
    generation: int
    last: int
    ceiling: int
    drawn: int
    recovered: int

    def encode(self) -> bytes:
        body = _BODY.pack(_MAGIC, *self)
        return body + _CRC.pack(zlib.crc32(body))


def _decode(raw: bytes, slot: int) -> _Record | None:
    """The record in `raw`, or None where it is damaged or belongs elsewhere."""
    body, checksum = raw[: _BODY.size], raw[_BODY.size :]
    if len(raw) != _RECORD_SIZE or checksum != _CRC.pack(zlib.crc32(body)):
        return None
    magic, *fields = _BODY.unpack(body)
    record = _Record(*fields)
    valid = magic == _MAGIC and record.generation & 1 == slot and record.last < _NONCE_LIMIT
    return record if valid else None


def _boot_id() -> bytes:
    """16 bytes that differ from boot to boot; zeros where the system gives none (every start then
    counts as one)."""
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
            return bytes.fromhex(file.read().strip().replace("-", ""))[:16].ljust(16, b"\0")
    except (OSError, ValueError):
        return bytes(16)


if hasattr(os, "pread") and hasattr(os, "pwrite"):
    _pread, _pwrite = os.pread, os.pwrite
else:  # Windows; callers hold the thread lock, so that the file position is theirs

    def _pread(fd: int, length: int, offset: int, /) -> bytes:
        os.lseek(fd, offset, os.SEEK_SET)
        return os.read(fd, length)

    def _pwrite(fd: int, data: Any, offset: int, /) -> int:
        os.lseek(fd, offset, os.SEEK_SET)
        return os.write(fd, data)


def _try_lock(fd: int) -> bool:
    """Takes the advisory lock of `fd` unless another process has it. Raises OSError where locks do
    not work."""
    if fcntl is not None:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
    if msvcrt is None:
        raise OSError("this platform has no file locks")
    os.lseek(fd, _LOCK_BYTE, os.SEEK_SET)
    try:
        msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
    except OSError:
        return False
    return True


def _lock(
    fd: int,
    path: str,
    timeout: float = _LOCK_TIMEOUT_S,
    given_up: Callable[[], bool] = lambda: False,
) -> None:
    """Waits for the lock of `fd` or until it is given up. Raises NonceStateError after `timeout`
    seconds."""
    end, pause = time.monotonic() + timeout, 20e-6
    while not _try_lock(fd) and not given_up():
        if time.monotonic() > end:
            raise NonceStateError(
                f"{path}: another process has had its lock for {timeout:.0f} s; is it stopped?"
            )
        time.sleep(pause)
        pause = min(pause * 1.5, 0.002 if timeout <= _LOCK_TIMEOUT_S else 0.05)


def _unlock(fd: int) -> None:
    with contextlib.suppress(OSError):
        if fcntl is not None:
            fcntl.flock(fd, fcntl.LOCK_UN)
        elif msvcrt is not None:
            os.lseek(fd, _LOCK_BYTE, os.SEEK_SET)
            msvcrt.locking(fd, msvcrt.LK_UNLCK, 1)  # type: ignore[attr-defined,unused-ignore]


def _open_private(path: str) -> int:
    """Opens (creates) the regular file `path`, 0600, not through a symlink. Raises OSError."""
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


def _sync(fd: int) -> None:
    """Returns when the data of `fd` is on stable storage. Raises OSError."""
    os.fsync(fd)
    if fcntl is not None and hasattr(
        fcntl, "F_FULLFSYNC"
    ):  # macOS: fsync stops at the disk's cache
        fcntl.fcntl(fd, fcntl.F_FULLFSYNC)


class _Recovery(NamedTuple):
    """A wish to jump by `ahead` us: because of a failed nonce, or, if `forced`, in any case.

    `own` is the last nonce the reporting connection drew (None: none in this process), `failed` the
    nonce that was refused (None: not told).
    """

    own: int | None
    failed: int | None
    ahead: int = RECOVERY_BUFFER_US
    forced: bool = False


_NO_JUMP = _Recovery(own=0, failed=None)


class _Sequence:
    """The sequence, in memory; subclasses keep it. Callers hold the runtime's lock, which is
    re-entrant: a signal handler may draw in the middle of a draw of its own thread. The inner draw
    then is complete in itself, and the outer one is done again above it."""

    backend = "memory"

    def __init__(self, where: str) -> None:
        self.where = where
        self.last = self.drawn = self.recovered = 0
        self.jumped = self.capped = False
        self.saved_at = 0.0
        self._wait = True
        self._held = self._locked = False
        self._interrupted = 0

    def take(self, count: int = 1, recovery: _Recovery | None = None, wait: bool = True) -> int:
        """Issues `count` consecutive nonces and gives the first.

        Raises _WouldWaitError where it would have to wait and `wait` is false, NonceStateError
        where they cannot be kept, NonceGenerationError at the end of the number space.
        """
        nested = self._held
        self._held = True
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
                    final = first + count - 1
                    self._commit(final, final, self.recovered)
                else:
                    first = final = self._after_failure(recovery, now)
                    self._commit(final, self.drawn, final if self.jumped else self.recovered)
                if not self._interrupted:
                    return first
                self.last = max(self.last, self._interrupted)
                self._redo()
        finally:
            if nested:
                self._interrupted = max(self.last, 1)
            else:
                self._locked = False
                self._release()
                self._held = False
                if self._interrupted:  # an inner draw came between the two lines above
                    self._release()

    def _after_failure(self, recovery: _Recovery, now: int) -> int:
        """The nonce that answers a report, by point 5 of the contract: one failure moves the
        sequence once."""
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
        error = NonceStateError(
            "NONCE_VOLATILE: nonces that are in memory alone cannot be shared with a forked child; "
            f"make {self.where} writable or set NONCE_STATE_DIR"
        )

        def refuse(*_: object, **__: object) -> int:
            raise error

        self.take = refuse  # type: ignore[method-assign]

    def _acquire(self) -> None: ...
    def _refresh(self) -> None: ...
    def _release(self) -> None: ...
    def _redo(self) -> None: ...

    def _commit(self, final: int, drawn: int, recovered: int) -> None:
        if final >= _NONCE_LIMIT:
            raise NonceGenerationError("the nonces of this API key are used up; make a new key")
        self.last, self.drawn, self.recovered = final, drawn, recovered


class _FileSequence(_Sequence):
    """The sequence in a directory that processes share.

    The state file has the last nonce, written (not synced) before it is returned: a killed process
    loses nothing, because the kernel has it. The backup file has a ceiling about 5 s ahead, synced
    before any nonce above the old one is issued: a power cut loses nothing. After a reboot, or with
    the state file damaged, the sequence goes on above the ceiling. As soon as half of the reserve
    is used, a thread renews it.
    """

    backend = "file"

    def __init__(
        self,
        directory: Path,
        first_start: Callable[[], int],
        report: Callable[[NonceStateError | None], None],
    ) -> None:
        super().__init__(str(directory))
        self._path, self._backup_path = (str(directory / name) for name in _STATE_FILES)
        self._first_start = first_start
        self._report = report
        self._fd = self._backup_fd = -1
        self._backup_lock = threading.RLock()
        self._forget()

    def _forget(self) -> None:
        """Drops what a fork or another file in its place makes stale; the last nonce stays."""
        self._ident = (0, 0)
        self._loaded = False
        self._boot = bytes(16)
        self._generation = self._ceiling = self._renew_at = self._granted = 0
        self._older = self._newer = b""
        self._renewing = False
        self._next_renewal = 0.0
        self._epoch = object()

    @property
    def state_file(self) -> str:
        return self._path

    def _error(self, path: str, error: OSError) -> NonceStateError:
        reason = error.strerror or str(error)
        return NonceStateError(
            f"nonce state {path}: {reason}. Make it a regular file that this user can write, with "
            "space on its disk; or set NONCE_STATE_DIR to such a directory; or NONCE_VOLATILE=1 to "
            "run from memory alone"
        )

    def _acquire(self) -> None:
        try:
            if self._fd < 0:
                if not self._wait:
                    raise _WouldWaitError
                self._open()
            if not _try_lock(self._fd):
                if not self._wait:
                    raise _WouldWaitError
                _lock(self._fd, self._path)
        except OSError as error:
            raise self._error(self._path, error) from error

    def _release(self) -> None:
        if self._fd >= 0:
            _unlock(self._fd)

    def _open(self) -> None:
        os.makedirs(self.where, mode=0o700, exist_ok=True)
        self._fd = _open_private(self._path)
        info = os.fstat(self._fd)
        self._ident = (info.st_ino, info.st_dev)

    def _refresh(self) -> None:
        """Takes over what other processes have done since the last draw."""
        try:
            for _ in range(5):
                try:
                    info = os.stat(self._path)
                    if (info.st_ino, info.st_dev) == self._ident or os.name == "nt":
                        break  # Windows lets nobody delete an open file
                except FileNotFoundError:
                    pass
                self._replaced()
            else:
                raise OSError("its file system gives it a new identity all the time; use another")
            # Whoever writes next writes over the older record; if that stands, nobody has.
            if not self._loaded:
                self._load()
            elif _pread(self._fd, _RECORD_SIZE, (self._generation + 1 & 1) * _SLOT) != self._older:
                self._reload()
        except OSError as error:
            raise self._error(self._path, error) from error

    def _replaced(self) -> None:
        if not self._wait:
            raise _WouldWaitError
        logger.warning(
            "nonce state %s was deleted or replaced; going on with what is there now", self._path
        )
        self.close()
        self._open()
        _lock(self._fd, self._path)

    @staticmethod
    def _slots(fd: int) -> tuple[list[bytes], list[_Record]]:
        raws = [_pread(fd, _RECORD_SIZE, slot * _SLOT) for slot in (0, 1)]
        records = [record for slot in (0, 1) if (record := _decode(raws[slot], slot))]
        return raws, sorted(records, key=lambda record: record.generation)

    def _reload(self) -> None:
        raws, records = self._slots(self._fd)
        if self._whole(records) and records[1].generation > self._generation:
            self._adopt(raws, records[1])
        else:
            self._load()

    @staticmethod
    def _whole(records: list[_Record]) -> bool:
        return len(records) == 2 and records[1].generation == records[0].generation + 1

    def _adopt(self, raws: list[bytes], record: _Record) -> None:
        self._generation = record.generation
        self._newer, self._older = raws[record.generation & 1], raws[record.generation + 1 & 1]
        self.last = max(self.last, record.last)
        self.drawn = max(self.drawn, record.drawn)
        self.recovered = max(self.recovered, record.recovered)
        self._set_ceiling(max(self._ceiling, record.ceiling))

    def _set_ceiling(self, ceiling: int) -> None:
        self._ceiling, self._renew_at = ceiling, ceiling - _RESERVE_US // 2

    def _load(self) -> None:
        """Reads both files as at a start: what cannot be trusted is replaced by the ceiling."""
        if not self._wait:
            raise _WouldWaitError
        boot = _boot_id()
        raws, records = self._slots(self._fd)
        top, kept = records[-1] if records else None, self._read_backup()
        same_boot = top is not None and any(boot) and top.boot == boot
        if top and kept and self._whole(records) and same_boot and kept.ceiling <= top.ceiling:
            self._boot, self._loaded, self._ceiling = boot, True, 0
            self._adopt(raws, top)
            return
        known = [record for record in (top, kept) if record]
        if not known:
            self.raise_above(self._start_without_record(damaged=any(raws)))
        elif not self._whole(records):
            logger.error(
                "nonce state %s is damaged or missing; going on above its ceiling", self._path
            )
        for record in known:
            self.raise_above(record.ceiling)
            self.drawn = max(self.drawn, record.drawn)
            self.recovered = max(self.recovered, record.recovered)
        self._boot, self._generation = boot, top.generation if top else self._generation
        self._reserve(self.last + 1)
        self._redo()
        _sync(self._fd)
        self._sync_directory()
        self._loaded = True

    def _start_without_record(self, damaged: bool) -> int:
        """What to start above where neither file has a record: the legacy state, if this is the
        first start; where there were records, also what recovery could have led the clock by."""
        last = self._first_start()
        if not damaged and not os.path.getsize(self._backup_path):
            return last
        last = max(last, _now_us()) + _MAX_LEAD_US + RECOVERY_BUFFER_US + _RESERVE_US
        logger.error(
            "nonce state %s and its backup are both damaged; going on %d s ahead of the clock. If "
            "Kraken answers EAPI:Invalid nonce, set NONCE_FLOOR to the highest nonce you know of",
            self._path,
            (last - _now_us()) // 1_000_000,
        )
        return last

    def _redo(self) -> None:
        """Writes both slots anew."""
        for _ in range(2):
            self._generation += 1
            self._older = self._newer
            self._newer = self._write(self.last, self.drawn, self.recovered, self._generation)

    def _sync_directory(self) -> None:
        if os.name != "nt":  # Windows cannot open a directory
            fd = os.open(self.where, os.O_RDONLY)
            try:
                os.fsync(fd)
            finally:
                os.close(fd)

    def _write(self, last: int, drawn: int, recovered: int, generation: int) -> bytes:
        body = _BODY.pack(_MAGIC, self._boot, generation, last, self._ceiling, drawn, recovered)
        raw = body + _CRC.pack(zlib.crc32(body))
        if _pwrite(self._fd, raw, (generation & 1) * _SLOT) != _RECORD_SIZE:
            raise OSError("the disk is full")
        return raw

    def _commit(self, final: int, drawn: int, recovered: int) -> None:
        if final >= self._renew_at:
            if final >= _NONCE_LIMIT:
                raise NonceGenerationError("the nonces of this API key are used up; make a new key")
            self._extend(final)
        try:
            raw = self._write(final, drawn, recovered, self._generation + 1)
        except OSError as error:
            self._loaded = False
            raise self._error(self._path, error) from error
        if self._interrupted:  # an inner draw came before the write, which is stale
            return
        self._generation += 1
        self._older, self._newer = self._newer, raw
        self.last, self.drawn, self.recovered = final, drawn, recovered

    # The ceiling.

    def _extend(self, nonce: int) -> None:
        """Sees to a ceiling at or above `nonce` on stable storage, and that a higher one is on its
        way."""
        if self._granted > self._ceiling:
            self._set_ceiling(self._granted)
        if nonce > self._ceiling:
            if not self._wait:
                raise _WouldWaitError
            self._reserve(nonce)
        elif (
            nonce >= self._renew_at
            and not self._renewing
            and time.monotonic() >= self._next_renewal
        ):
            self._renewing = True
            try:
                threading.Thread(target=self._renew, name="nonce-ceiling", daemon=True).start()
            except (
                RuntimeError
            ):  # the interpreter is shutting down; the ceiling is then reserved when needed
                self._renewing = False

    def _reserve(self, nonce: int) -> None:
        ceiling = max(nonce, _now_us()) + _RESERVE_US
        self._keep_ceiling(ceiling)
        self._set_ceiling(ceiling)

    def _renew(self) -> None:
        epoch, ceiling = self._epoch, max(self.last, _now_us()) + _RESERVE_US
        try:
            self._keep_ceiling(ceiling, epoch)
            if epoch is self._epoch:
                self._granted = max(self._granted, ceiling)
        except NonceStateError as error:
            self._report(error)
            self._next_renewal = time.monotonic() + 1.0
        finally:
            self._renewing = False

    def _backup(self) -> int:
        """The backup file, opened anew where it is closed, deleted or replaced. Raises OSError."""
        if self._backup_fd >= 0:
            info = os.fstat(self._backup_fd)
            with contextlib.suppress(FileNotFoundError):
                there = os.stat(self._backup_path)
                if (info.st_ino, info.st_dev) == (there.st_ino, there.st_dev):
                    return self._backup_fd
            os.close(self._backup_fd)
            self._backup_fd = -1
        self._backup_fd = _open_private(self._backup_path)
        return self._backup_fd

    def _read_backup(self) -> _Record | None:
        try:
            records = self._slots(self._backup())[1]
        except OSError as error:
            raise self._error(self._backup_path, error) from error
        return records[-1] if records else None

    def _keep_ceiling(self, ceiling: int, epoch: object = None) -> None:
        """Writes `ceiling` to the backup file and syncs it. A failed sync is not believed, and not
        left standing: the old record is put back. Raises NonceStateError."""
        with self._backup_lock:
            try:
                if epoch is not None and epoch is not self._epoch:
                    return
                fd = self._backup()
                _lock(fd, self._backup_path)
                try:
                    self._write_ceiling(fd, ceiling)
                finally:
                    _unlock(fd)
            except OSError as error:
                raise self._error(self._backup_path, error) from error
        self.saved_at = time.time()
        self._report(None)

    def _write_ceiling(self, fd: int, ceiling: int) -> None:
        raws, records = self._slots(fd)
        generation = records[-1].generation + 1 if records else 1
        ceiling = max(ceiling, records[-1].ceiling if records else 0)
        slot = generation & 1
        record = _Record(self._boot, generation, self.last, ceiling, self.drawn, self.recovered)
        try:
            if _pwrite(fd, record.encode(), slot * _SLOT) != _RECORD_SIZE:
                raise OSError("the disk is full")
            _sync(fd)
            if not records:
                self._sync_directory()
        except OSError:
            with contextlib.suppress(OSError):
                if raws[slot]:
                    _pwrite(fd, raws[slot], slot * _SLOT)
                else:
                    os.ftruncate(fd, slot * _SLOT)
            raise

    def save(self) -> None:
        if self._held:  # from a signal handler within a draw: what was issued is in the file
            return
        self.take(recovery=_NO_JUMP)
        self._reserve(self.last)

    def close(self) -> None:
        with self._backup_lock:  # no renewal may be left with the number of a closed file
            for fd in (self._fd, self._backup_fd):
                if fd >= 0:
                    with contextlib.suppress(OSError):
                        os.close(fd)
            self._fd = self._backup_fd = -1
            self._forget()

    def abandon(self) -> None:
        self._backup_lock = threading.RLock()
        self.close()
        self._held = self._locked = False
        self._interrupted = 0


def _kept_on_disk(directory: Path) -> int:
    """The highest ceiling in the state files of `directory`, read only; 0 where there is none."""
    ceilings = [0]
    for name in _STATE_FILES:
        with contextlib.suppress(OSError), (directory / name).open("rb") as file:
            raw = file.read(2 * _SLOT)
            records = (_decode(raw[i * _SLOT :][:_RECORD_SIZE], i) for i in (0, 1))
            ceilings += [record.ceiling for record in records if record]
    return max(ceilings)


class _RedisSequence(_Sequence):
    """The sequence in Redis: max(last + 1, the server's clock), in one script. What this process
    has seen is a floor of every request, so that a failover to an older replica cannot go back."""

    backend = "redis"
    _KEY = "kraken-nonce-sequence"
    # Numbers are strings here: a Lua number is a double. HINCRBY is exact to 2^63 - 1.
    _SCRIPT = """
local floor, count, mode, own, failed, ahead, lead = unpack(ARGV)
local function less(a, b)
  if #a ~= #b then return #a < #b end
  return a < b
end
if redis.replicate_commands then pcall(redis.replicate_commands) end
local time = redis.call('TIME')
local now = time[1] .. string.format('%06d', time[2])
local state = redis.call('HMGET', KEYS[1], 'last', 'drawn', 'recovered')
local last, drawn, recovered = state[1] or '0', state[2] or '0', state[3] or '0'
if less(last, floor) then last = floor end
local base = less(last, now) and now or last
local jumped, capped = false, false
if mode ~= 'draw' then
  local new = mode == 'force'
  if failed ~= '' and not less(last, failed) then
    new = new or not less(failed, recovered)
  else
    new = new or less(recovered, own == '' and drawn or own)
  end
  local limit = string.format('%.0f', tonumber(now) + tonumber(lead))
  capped = new and mode ~= 'force' and not less(base, limit)
  jumped = new and not capped
end
if jumped then
  redis.call('HSET', KEYS[1], 'last', base)
  redis.call('HINCRBY', KEYS[1], 'last', ahead)
elseif less(last, now) then
  redis.call('HSET', KEYS[1], 'last', now)
else
  redis.call('HSET', KEYS[1], 'last', last)
  redis.call('HINCRBY', KEYS[1], 'last', '1')
end
local first = redis.call('HGET', KEYS[1], 'last')
if count ~= '1' then redis.call('HINCRBY', KEYS[1], 'last', count - 1) end
local final = redis.call('HGET', KEYS[1], 'last')
if mode == 'draw' then redis.call('HSET', KEYS[1], 'drawn', final) end
if jumped then redis.call('HSET', KEYS[1], 'recovered', first) end
return {first, final, jumped and 1 or 0, capped and 1 or 0}
"""

    def __init__(self, url: str, report: Callable[[NonceStateError | None], None]) -> None:
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
                retry=importlib.import_module("redis.retry").Retry(
                    importlib.import_module("redis.backoff").NoBackoff(), 1
                ),
                decode_responses=True,
            )
        except ValueError as error:
            raise NonceStateError(f"NONCE_REDIS_URL is no redis:// address: {error}") from None

    def take(self, count: int = 1, recovery: _Recovery | None = None, wait: bool = True) -> int:
        if not wait:
            raise _WouldWaitError
        mode, own, failed, ahead = "draw", "", "", 0
        if recovery is not None:
            mode, ahead = "force" if recovery.forced else "recover", recovery.ahead
            own = "" if recovery.own is None else str(recovery.own)
            failed = "" if recovery.failed is None else str(recovery.failed)
        try:
            first, final, jumped, capped = self._client.eval(
                self._SCRIPT,
                1,
                self._KEY,
                str(self.last),
                count,
                mode,
                own,
                failed,
                ahead,
                _MAX_LEAD_US,
            )
        except self._errors as error:
            raise NonceStateError(
                f"Redis at {self.where} did not give a nonce ({type(error).__name__}: {error}); "
                "none is made without it. Make it reachable, or unset NONCE_REDIS_URL"
            ) from error
        self.raise_above(int(final))
        self.jumped, self.capped, self.saved_at = bool(jumped), bool(capped), time.time()
        self._report(None)
        return int(first)

    def abandon(self) -> None:
        """Nothing to do: the client opens connections of its own in a forked child."""


# Carry-over: the state the five legacy managers left on disk.

_LEGACY_NAME = re.compile(
    r"(?:unified_|consolidated_)?nonce_state(?:_[^.]+)?"
    r"\.(?:json|tmp|backup|bak)(?:[._](?:backup|bak|tmp|old|orig)[\w.-]*)?"
)
_LEGACY_SIZE = 16 << 20


def _most_nonce() -> int:
    """The highest credible nonce: a day ahead of now, in nanoseconds."""
    return min(_NONCE_LIMIT - 1, time.time_ns() + 86_400 * 10**9)


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
    if type(nonce) is not int:
        raise ValueError("last_nonce is not an integer")
    if nonce < 0:
        raise ValueError("last_nonce is negative")
    if nonce > _most_nonce():
        raise ValueError("last_nonce is more than a day ahead of the clock at any scale")
    return nonce


def _carry_over(directories: Iterable[Path]) -> int:
    """The highest nonce in the legacy state files of `directories`, 0 where there is none. Logs
    the file that decides and those that cannot be used; changes none."""
    best, decisive = 0, None
    seen: set[str] = set()
    for directory in directories:
        if os.path.realpath(directory) in seen:
            continue
        seen.add(os.path.realpath(directory))
        try:
            names = sorted(os.listdir(directory))
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            logger.warning("legacy nonce state: %s: cannot be read: %s", directory, error.strerror)
            continue
        for name in filter(_LEGACY_NAME.fullmatch, names):
            try:
                nonce = _read_legacy(directory / name)
            except OSError as error:
                reason = error.strerror or str(error)
                logger.warning(
                    "legacy nonce state: %s: cannot be read: %s", directory / name, reason
                )
            except ValueError as error:
                logger.warning("legacy nonce state: %s: ignored: %s", directory / name, error)
            else:
                if nonce > best:
                    best, decisive = nonce, directory / name
    if decisive is not None:
        logger.warning("nonces start above %s, carried over from %s", _mask(best), decisive)
    return best


def _project_root() -> Path:
    """The bot's root, from the place of this file: the parent of `src`, else the nearest folder
    with a project's marks, else the folder of this file."""
    here = Path(__file__).resolve()
    for parent in here.parents:
        if parent.name == "src":
            return parent.parent
    marks = ("pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", ".git")
    for parent in here.parents:
        if any((parent / mark).exists() for mark in marks):
            return parent
    return here.parent


def _state_directory() -> Path:
    given = os.environ.get("NONCE_STATE_DIR")
    if given:
        return _project_root() / Path(given).expanduser()
    if os.name == "nt" and os.path.isdir("D:/"):
        return Path("D:/trading_data")
    return _project_root()


def _legacy_directories(state_directory: Path) -> list[Path]:
    # On POSIX the legacy managers took D: for a folder of the current directory.
    drive = Path("D:/trading_data")
    return [state_directory, _project_root(), _project_root() / drive, drive]


def _volatile() -> bool:
    return os.environ.get("NONCE_VOLATILE", "").lower() in ("1", "true", "yes")


def _floor_by_hand() -> int:
    """NONCE_FLOOR, 0 where unset. Raises NonceStateError where it is no credible nonce."""
    text = os.environ.get("NONCE_FLOOR", "").strip()
    if not text:
        return 0
    floor = _as_nonce(text)
    if floor is None or floor > _most_nonce():
        raise NonceStateError(
            "NONCE_FLOOR must be a positive integer, at most a day ahead of now in nanoseconds; "
            "correct it or unset it"
        )
    return floor


# The runtime: what one process has, whatever objects stand before it.


class _Connection:
    """What is known of one connection."""

    __slots__ = ("drawn", "failed", "last_nonce", "refused", "seen", "successful", "total")

    def __init__(self) -> None:
        self.total = self.successful = self.failed = 0
        self.drawn: int | None = None  # the last nonce that was no recovery's
        self.last_nonce: int | None = None
        self.refused: int | None = None  # the last nonce marked as refused
        self.seen = time.monotonic()


class _Worker:
    """One thread, made when first needed, for what may not block an event loop."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._pool: ThreadPoolExecutor | None = None

    async def run(self, function: Callable[..., _T], *args: Any) -> _T:
        with self._lock:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(1, thread_name_prefix=self._name)
            future = self._pool.submit(function, *args)
        return await asyncio.wrap_future(future)

    def abandon(self) -> None:
        self._lock, self._pool = threading.Lock(), None


class _Runtime:
    """The sequence, the connections and the counters of this process, under one lock."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.objects: dict[type, ConsolidatedNonceManager] = {}
        self.clients: dict[tuple[str, str], _KrakenClient] = {}
        self.worker = _Worker("nonce")
        self.call_locks: set[int] = set()
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
            self.stale_after = _DEFAULT_STALE_S
            self.carry_from: list[Path] = []
            self.client: _KrakenClient | None = None
            self.api_key: str | None = None
            self.given_url: str | None = None
            self.started, self._next_purge = time.monotonic(), 0.0
            self.base_nonce = 0
            self.last_error: str | None = None
            self.persistence_ok = True

    def close(self) -> None:
        with self.lock:
            if self._sequence is not None:
                self._floors[self._sequence.where] = self._sequence.last
                self._sequence.close()
                self._sequence = None

    # The sequence.

    def _open(self) -> _Sequence:
        if not self._hooked and hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._after_fork)
            self._hooked = True
        directory = _state_directory()
        places = [*_legacy_directories(directory), *self.carry_from]
        url = os.environ.get("NONCE_REDIS_URL")
        sequence: _Sequence
        if url:
            sequence = _RedisSequence(url, self.report)
            sequence.raise_above(max(_carry_over(places), _kept_on_disk(directory)))
        else:
            sequence = _FileSequence(directory, lambda: _carry_over(places), self.report)
            if self.carry_from:
                sequence.raise_above(_carry_over(self.carry_from))
        sequence.raise_above(max(_floor_by_hand(), self._floors.get(sequence.where, 0)))
        self._sequence = sequence
        return sequence

    def report(self, error: NonceStateError | None) -> None:
        """Notes that the state was, or was not, kept."""
        self.persistence_ok = error is None and self.backend != "memory"
        if error is not None:
            if self.last_error != str(error):
                logger.error("%s", error)
            self.last_error = str(error)

    @property
    def backend(self) -> str:
        if self._sequence is None:
            return "redis" if os.environ.get("NONCE_REDIS_URL") else "file"
        return self._sequence.backend

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
            if not _volatile() or self.backend != "file":
                raise
            return self._degrade(sequence).take(count, recovery, wait)

    def _degrade(self, broken: _Sequence | None) -> _Sequence:
        directory = _state_directory()
        memory = _Sequence(str(directory))
        memory.raise_above(max(_floor_by_hand(), self._floors.get(memory.where, 0)))
        if broken is not None and broken.drawn:
            memory.raise_above(broken.last)
            memory.drawn, memory.recovered = broken.drawn, broken.recovered
        else:
            memory.raise_above(_kept_on_disk(directory))
            memory.raise_above(_carry_over([*_legacy_directories(directory), *self.carry_from]))
        logger.warning("NONCE_VOLATILE: the nonces of this process are in memory alone from now on")
        self._sequence, self.persistence_ok = memory, False
        return memory

    @property
    def last(self) -> int:
        return self._sequence.last if self._sequence is not None else 0

    @property
    def state_file(self) -> str:
        if isinstance(self._sequence, _FileSequence):
            return self._sequence.state_file
        return self._sequence.where if self._sequence is not None else str(_state_directory())

    def saved_at(self) -> float:
        return self._sequence.saved_at if self._sequence is not None else 0.0

    def carry_over_from(self, directory: Path) -> None:
        with self.lock:
            if directory in self.carry_from:
                return
            self.carry_from.append(directory)
            if self._sequence is not None:
                nonce = _carry_over([directory])
                if nonce > self._sequence.last:
                    self._sequence.raise_above(nonce)
                    self._take(recovery=_NO_JUMP)

    def save(self) -> None:
        with self.lock:
            if self._sequence is None:
                return
            if self.backend == "memory":
                logger.warning("NONCE_VOLATILE: nothing to save, the nonces are in memory alone")
            try:
                self._sequence.save()
            except NonceStateError as error:
                self.report(error)
                raise

    def _after_fork(self) -> None:
        self.lock = threading.RLock()
        for fd in self.call_locks:
            with contextlib.suppress(OSError):
                os.close(fd)
        self.call_locks.clear()
        self.worker.abandon()
        for client in self.clients.values():
            client.abandon()
        if self._sequence is not None:
            self._sequence.abandon()

    # Draws.

    def draw(self, connection_id: str, count: int = 1, wait: bool = True) -> int:
        """`count` consecutive nonces for a connection; gives the first. Raises as
        `_Sequence.take`."""
        lock = self.lock
        if not lock.acquire(wait):
            raise _WouldWaitError
        try:
            first = self._take(count, None, wait)
            connection = self.connection(connection_id)
            connection.total += count
            connection.drawn = connection.last_nonce = first + count - 1
            self.counts["nonces"] += count
            return first
        finally:
            lock.release()

    async def draw_async(self, connection_id: str) -> int:
        try:
            nonce = self.draw(connection_id, 1, False)
        except _WouldWaitError:
            return await self.worker.run(self.draw, connection_id)
        if not self.counts["nonces"] & 31:  # a task that draws in a tight loop lets others run
            await asyncio.sleep(0)
        return nonce

    def recover(self, connection_id: str, failed: int | None) -> int:
        """The nonce to go on with after Kraken refused one."""
        with self.lock:
            known = self.connections.get(connection_id)
            own = known.drawn if known else None
            if failed is None and known and (known.refused or 0) > (known.drawn or 0):
                failed = known.refused  # the nonce of a recovery
            nonce = self._jump(connection_id, _Recovery(own, failed))
            assert self._sequence is not None
            self.counts["recoveries"] += 1
            self.counts["jumps"] += self._sequence.jumped
            if self._sequence.capped:
                self.last_error = (
                    f"EAPI:Invalid nonce on connection {connection_id!s}, with the nonces already "
                    f"{(nonce - _now_us()) // 1_000_000} s ahead of the clock: most likely "
                    "another program uses this API key with nonces at a larger scale. Give each "
                    "program its own key, or set NONCE_FLOOR above that program's nonces"
                )
                logger.error("%s", self.last_error)
            elif self._sequence.jumped:
                logger.warning("nonce refused on %s; jumped to %s", connection_id, _mask(nonce))
            return nonce

    def jump(self, connection_id: str, ahead: int) -> int:
        with self.lock:
            self.counts["resets"] += 1
            return self._jump(connection_id, _Recovery(None, None, ahead, True))

    def _jump(self, connection_id: str, recovery: _Recovery) -> int:
        nonce = self._take(recovery=recovery)
        connection = self.connection(connection_id)
        connection.total += 1
        connection.last_nonce = nonce
        self.counts["nonces"] += 1
        return nonce

    # Connections: the most recently used, at most _MAX_CONNECTIONS of them. The caller locks.

    def connection(self, connection_id: str) -> _Connection:
        connection = self.connections.get(connection_id)
        if connection is None:
            connection = self.connections[connection_id] = _Connection()
            self.base_nonce = self.base_nonce or self.last
            if len(self.connections) > _MAX_CONNECTIONS:
                self._drop(next(iter(self.connections)), "evicted")
        else:
            self.connections.move_to_end(connection_id)
        connection.seen = now = time.monotonic()
        if now >= self._next_purge:
            self.purge(now)
        return connection

    def purge(self, now: float) -> None:
        """Drops the connections not used for `stale_after` seconds."""
        self._next_purge = now + min(60.0, self.stale_after / 4)
        while self.connections:
            connection_id, oldest = next(iter(self.connections.items()))
            if now - oldest.seen <= self.stale_after:
                break
            self._drop(connection_id, "stale")

    def _drop(self, connection_id: str, reason: str) -> None:
        connection = self.connections.pop(connection_id)
        self.counts["successful"] += connection.successful
        self.counts["failed"] += connection.failed
        self.counts[reason] += 1

    def remove(self, connection_id: str) -> None:
        with self.lock:
            if connection_id in self.connections:
                self._drop(connection_id, "removed")

    # Credentials.

    @property
    def api_url(self) -> str:
        return self.given_url or os.environ.get("KRAKEN_API_URL") or _API_URL

    def client_for(self, api_key: str, api_secret: str) -> _KrakenClient:
        with self.lock:
            pair = (api_key, api_secret)
            if pair not in self.clients:
                self.clients[pair] = _KrakenClient(self, api_key, api_secret)
            return self.clients[pair]

    def set_credentials(self, api_key: str | None, api_secret: str | None) -> None:
        """Adds what is given to what is there. Raises ValueError for a second account."""
        with self.lock:
            key = api_key or (self.client.api_key if self.client else self.api_key)
            if key is None:
                raise ValueError("an API secret was given without its API key")
            if api_secret is not None:
                if self.client is not None and self.client.api_key != key:
                    raise ValueError(
                        "this manager already signs with another API key; for a second account use "
                        "KrakenNonceFixer(api_key, api_secret), to change it call "
                        "initialize_enhanced_nonce_manager(api_key, api_secret)"
                    )
                self.client = self.client_for(key, api_secret)
            elif self.client is not None and self.client.api_key != key:
                logger.warning("another API key, without its secret: signed calls keep the first")
            self.api_key = key

    # What it tells.

    def mark(
        self, connection_id: str, nonce: str | int, accepted: bool, refused: bool = False
    ) -> None:
        with self.lock:
            connection = self.connection(connection_id)
            if accepted:
                connection.successful += 1
                return
            connection.failed += 1
            if refused:
                connection.refused = _as_nonce(nonce)

    def stats_of(self, connection_id: str, masked: bool = False) -> dict[str, Any]:
        with self.lock:
            known = self.connections.get(connection_id) or _Connection()
            last = None if known.last_nonce is None else str(known.last_nonce)
            used = datetime.fromtimestamp(time.time() - (time.monotonic() - known.seen))
            return {
                "total_nonces": known.total,
                "successful": known.successful,
                "failed": known.failed,
                "success_rate": known.successful / known.total if known.total else 0,
                "last_nonce": _mask(last) if masked else last,
                "last_timestamp": None if last is None else used.isoformat(),
            }

    def status(self) -> dict[str, Any]:
        with self.lock:
            self.purge(time.monotonic())
            ahead = round((self.last - _now_us()) / 1e6, 6) if self.last else 0.0
            saved, kept = self.saved_at(), self.connections.values()
            return {
                "current_nonce": _mask(self.last) if self.last else None,
                "total_generated": self.counts["nonces"],
                "error_recoveries": self.counts["recoveries"],
                "active_connections": len(self.connections),
                "connection_stats": {
                    str(name): self.stats_of(name, masked=True) for name in self.connections
                },
                "time_until_current": ahead,
                "last_save": datetime.fromtimestamp(saved).isoformat() if saved else None,
                "state_file": self.state_file,
                "uptime_seconds": round(time.monotonic() - self.started, 3),
                "nonce_fixer_available": self.client is not None,
                "version": __version__,
                "backend": self.backend,
                "persistence_ok": self.persistence_ok,
                "last_error": self.last_error,
                "seconds_ahead_of_clock": max(0.0, ahead),
                "recovery_jumps": self.counts["jumps"],
                "total_successful": self.counts["successful"] + sum(c.successful for c in kept),
                "total_failed": self.counts["failed"] + sum(c.failed for c in kept),
                "connections_forgotten": sum(
                    self.counts[reason] for reason in ("evicted", "stale", "removed")
                ),
                "stale_after_seconds": self.stale_after,
                "credentials": "complete" if self.client else "key only" if self.api_key else None,
                "pid": os.getpid(),
            }

    def statistics(self) -> dict[str, Any]:
        with self.lock:
            statistics: dict[str, Any] = {
                "total_nonces": self.counts["nonces"],
                "active_connections": len(self.connections),
                "base_nonce": self.base_nonce,
                "connections": {
                    name: {
                        "current_nonce": known.last_nonce,
                        "last_access": time.time() - (time.monotonic() - known.seen),
                        "count": known.total,
                    }
                    for name, known in self.connections.items()
                },
                "resets": self.counts["resets"] + self.counts["recoveries"],
                "batch_operations": self.counts["batches"],
                "removed_connections": self.counts["removed"],
                "auto_cleaned": self.counts["stale"],
                "time_jumps": self.counts["jumps"],
            }
            for name, known in self.connections.items():
                statistics[f"connection_{name}"] = known.total
            return statistics

    def auth_status(self) -> dict[str, Any]:
        with self.lock:
            key = self.client.api_key if self.client else self.api_key
            digest = hashlib.sha256(key.encode()).hexdigest()[:16] if key else ""
            now = _now_us()
            return {
                "api_key_hash": digest,
                "last_nonce": self.last,
                "counter": self.counts["nonces"],
                "current_time_us": now,
                "time_diff_us": self.last - now,
                "nonce_file": self.state_file,
                "file_exists": os.path.exists(self.state_file),
                "version": __version__,
                "last_saved": self.saved_at(),
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


class _Outcome(enum.Enum):
    DONE = "done"
    REFUSED = "refused"
    INVALID_NONCE = "invalid nonce"
    LIMITED = "rate limit"
    UNAVAILABLE = "service unavailable"
    NOT_SENT = "not sent"
    LOST = "answer lost"


class _Answer(NamedTuple):
    outcome: _Outcome
    text: str = ""
    data: dict[str, Any] = {}  # noqa: RUF012  (never changed)
    errors: tuple[str, ...] = ()
    nonce: int = 0


class _Request(NamedTuple):
    path: str
    params: dict[str, Any]
    json_body: bool
    retry_order: bool
    timeout: float
    connection_id: str

    @property
    def endpoint(self) -> str:
        return self.path.rpartition("/private/")[2]

    def encode(self, nonce: int) -> tuple[bytes, str]:
        """The body and its content type. Raises TypeError for a value the form cannot hold."""
        fields = {"nonce": str(nonce), **self.params}
        if self.json_body:
            return json.dumps(fields, default=_text).encode(), "application/json"
        form = urllib.parse.urlencode([(key, _text(value)) for key, value in fields.items()])
        return form.encode(), "application/x-www-form-urlencoded"


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
    digest = hashlib.sha256(str(nonce).encode() + body).digest()
    return base64.b64encode(
        hmac.new(secret, path.encode() + digest, hashlib.sha512).digest()
    ).decode()


def _classify(status: int, raw: bytes, nonce: int) -> _Answer:
    """What Kraken's answer means. Its HTTP status is 200 for errors too."""
    try:
        data = json.loads(raw)
        errors = tuple(str(error) for error in data["error"])
    except (ValueError, KeyError, TypeError, RecursionError):
        text = f"HTTP status {status} without an answer of Kraken's"
        if status == 429:
            return _Answer(_Outcome.LIMITED, text, nonce=nonce)
        refused = 300 <= status < 500
        return _Answer(_Outcome.REFUSED if refused else _Outcome.LOST, text, nonce=nonce)
    fatal = tuple(error for error in errors if not error.startswith("W"))
    for warning in set(errors) - set(fatal):
        logger.warning("Kraken warns: %s", warning)
    text = ", ".join(fatal)
    outcome = _Outcome.REFUSED if fatal else _Outcome.DONE
    for error in fatal:
        if "Invalid nonce" in error:
            outcome = _Outcome.INVALID_NONCE
        elif "Rate limit exceeded" in error or error.startswith("EService:Throttled"):
            outcome = _Outcome.LIMITED
        elif error.startswith(
            ("EService:Unavailable", "EService:Busy", "EService:Timeout", "EGeneral:Internal error")
        ):
            outcome = _Outcome.UNAVAILABLE
    return _Answer(outcome, text, data, fatal, nonce)


class _KrakenClient:
    """Signed calls with one API key."""

    def __init__(self, runtime: _Runtime, api_key: str, api_secret: str) -> None:
        self.api_key, self.api_secret = api_key, api_secret
        self._runtime = runtime
        self._worker = _Worker("kraken-call")
        self.abandon()

    def abandon(self) -> None:
        self._worker.abandon()
        self._turn_lock = threading.Lock()

    async def call(self, request: _Request) -> dict[str, Any]:
        """The parsed answer. Raises as `make_authenticated_api_call`."""
        secret = self._secret()
        request.encode(0)  # a parameter that does not fit is said before anything is done
        failed: int | None = None
        for attempt in range(_CALL_TRIES):
            cancelled = threading.Event()
            try:
                answer = await self._worker.run(self._send, request, secret, failed, cancelled)
            except asyncio.CancelledError:
                cancelled.set()
                raise
            if answer.outcome is _Outcome.DONE:
                return answer.data
            delay = self._delay(request, answer, attempt)
            logger.warning("%s: %s; again in %.1f s", request.path, answer.text, delay)
            failed = answer.nonce if answer.outcome is _Outcome.INVALID_NONCE else None
            await asyncio.sleep(delay)
        raise AssertionError("unreachable")

    def _secret(self) -> bytes:
        if not (self.api_key and self.api_key.isascii() and self.api_key.isprintable()):
            raise KrakenCredentialsError("the API key is empty or has characters no key has")
        try:
            secret = base64.b64decode(self.api_secret, validate=True)
            if not secret:
                raise ValueError
            return secret
        except ValueError:
            raise KrakenCredentialsError(
                "the API secret is not base64; copy the private key as Kraken shows it"
            ) from None

    def _delay(self, request: _Request, answer: _Answer, attempt: int) -> float:
        """Seconds until the request is sent again. Raises where it is not."""
        outcome, name = answer.outcome, request.endpoint
        read = _READS.fullmatch(name) is not None
        harmless = read or _CANCELS.fullmatch(name) is not None or request.retry_order
        text = f"{request.path}: {answer.text}"
        more = attempt + 1 < _CALL_TRIES
        if outcome is _Outcome.NOT_SENT:
            if more:
                return float(0.5 * 2**attempt)
            raise KrakenAPIError(f"{text}; nothing was sent")
        if outcome is _Outcome.INVALID_NONCE:
            if more and harmless:
                return float(0.5 * 2**attempt)
            raise KrakenInvalidNonceError(f"{text} (invalid nonce)", answer.errors)
        if outcome is _Outcome.LIMITED:
            if more and harmless:
                return float(2 * 2**attempt)
            raise KrakenRateLimitError(text, answer.errors)
        if outcome in (_Outcome.LOST, _Outcome.UNAVAILABLE):
            if more and read:
                return float(0.5 * 2**attempt)
            if not read:
                raise KrakenUnknownOutcomeError(
                    f"{text}; it is not known whether it was carried out, so it was not sent "
                    "again. Query its state first",
                    answer.errors,
                )
        raise KrakenAPIError(text, answer.errors)

    def _send(
        self, request: _Request, secret: bytes, failed: int | None, cancelled: threading.Event
    ) -> _Answer:
        """One request, from the issue of its nonce to its answer, while no other is under way."""
        with self._turn(cancelled):
            if cancelled.is_set():
                return _Answer(_Outcome.NOT_SENT, "cancelled")
            connection = _connect(self._runtime.api_url, request.timeout)
            if isinstance(connection, str):
                return _Answer(_Outcome.NOT_SENT, connection)
            runtime, who = self._runtime, request.connection_id
            try:
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
                    answer = _classify(response.status, response.read(), nonce)
                except (OSError, http.client.HTTPException, asyncio.TimeoutError) as error:
                    text = f"no answer ({type(error).__name__}: {error})"
                    answer = _Answer(_Outcome.LOST, text, nonce=nonce)
                if answer.outcome is not _Outcome.LOST:
                    runtime.mark(who, nonce, answer.outcome is not _Outcome.INVALID_NONCE)
                return answer
            finally:
                connection.close()

    @contextlib.contextmanager
    def _turn(self, cancelled: threading.Event) -> Iterator[None]:
        """Waits until no thread and no process of this host has a request of this key under way,
        or until it is cancelled."""
        digest = hashlib.sha256(self.api_key.encode()).hexdigest()[:12]
        path = str(_state_directory() / f"kraken_call_{digest}.lock")
        locks = self._runtime.call_locks
        with self._turn_lock:
            fd = -1
            try:
                os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
                fd = _open_private(path)
                locks.add(fd)
                _lock(fd, path, _CALL_LOCK_TIMEOUT_S, cancelled.is_set)
            except OSError as error:
                if self._runtime.backend == "file" and not _volatile():
                    raise NonceStateError(f"{path}: {error.strerror or error}") from error
                logger.warning("%s: %s; calls are ordered in this process alone", path, error)
            try:
                yield
            finally:
                if fd in locks:  # not after a fork
                    locks.discard(fd)
                    _unlock(fd)
                    os.close(fd)


def _connect(url: str, timeout: float) -> http.client.HTTPConnection | str:
    """An open connection to the API, or why there is none. Raises ValueError for a bad URL."""
    parts = urllib.parse.urlsplit(url)
    if not parts.hostname or parts.path not in ("", "/"):
        raise ValueError(f"KRAKEN_API_URL {url!r} is no base URL such as {_API_URL}")
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        connection = http.client.HTTPSConnection(parts.hostname, parts.port, timeout=timeout)
    elif parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1"):
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout)
    else:
        raise ValueError(f"KRAKEN_API_URL {url!r}: https only, or http to this machine")
    try:
        connection.connect()
    except (OSError, http.client.HTTPException) as error:
        connection.close()
        return f"cannot connect to {parts.netloc} ({type(error).__name__}: {error})"
    return connection


# The manager.

_runtime = _Runtime()
_PUBLIC_WAY = {
    "_last_nonce": "get_nonce() draws the next nonce, get_status()['current_nonce'] shows where it "
    "is, NONCE_FLOOR or reset_nonce_state(seconds) moves it forward",
    "_base_nonce": "the sequence follows the clock; reset_nonce_state(seconds) moves it forward",
    "_nonce_fixer": "get_status()['nonce_fixer_available']; KrakenNonceFixer(key, secret)",
    "_connection_nonces": "get_connection_stats(connection_id)",
    "_last_access": "get_connection_stats(connection_id)",
    "_stats": "get_statistics() or get_status()",
    "_state": "get_status()",
    "_state_file": "get_status()['state_file']",
    "_save_state": "force_save()",
    "_load_state": "nothing: the state is read at every draw",
    "_mask_nonce": "get_status()['current_nonce'] is masked already",
    "nonce_file": "get_status()['state_file'] or get_auth_status()['nonce_file']",
    "storage_dir": "the environment variable NONCE_STATE_DIR",
    "api_key": "your own configuration; the manager shows no key",
    "api_key_hash": "get_auth_status()['api_key_hash']",
    "_instance": "reset_instance()",
}
_LEGACY_KEYWORDS = {
    "cleanup_after_seconds": "stale_after_seconds=SECONDS",
    "storage_dir": "carry_over_from=DIRECTORY, and NONCE_STATE_DIR for where new state goes",
    "nonce_manager": "nothing: the manager is its own coordinator",
}


def _way(name: str) -> str:
    return f"use {_PUBLIC_WAY[name]}" if name in _PUBLIC_WAY else "it is not part of the manager"


class _OneObject(type):
    """Makes one object per class, whoever asks, and the aliases other names of the same one."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        return _object_of(cls, args, kwargs, 3)

    def __instancecheck__(cls, instance: object) -> bool:
        return super().__instancecheck__(instance) or (
            "_alias" in cls.__dict__ and isinstance(instance, ConsolidatedNonceManager)
        )

    @property
    def _instance(cls) -> Any:
        return _runtime.objects.get(_unaliased(cls))

    @_instance.setter
    def _instance(cls, value: Any) -> None:
        """Code in the field assigns None to start anew; that must not start a second sequence."""
        if value is None:
            _runtime.reset()
        elif isinstance(value, ConsolidatedNonceManager):
            _runtime.objects[_unaliased(cls)] = value
        else:
            raise AttributeError("patch get_instance or get_nonce_manager rather than _instance")

    @_instance.deleter
    def _instance(cls) -> None:
        """Nothing to do; unittest.mock deletes what it has set."""


def _unaliased(cls: type) -> type:
    return ConsolidatedNonceManager if "_alias" in cls.__dict__ else cls


def _object_of(cls: Any, args: tuple[Any, ...], kwargs: dict[str, Any], stacklevel: int) -> Any:
    if "_alias" in cls.__dict__:
        warnings.warn(
            f"{cls.__name__} is an old name of ConsolidatedNonceManager; use get_nonce_manager()",
            DeprecationWarning,
            stacklevel=stacklevel,
        )
    cls = _unaliased(cls)
    for name in kwargs.keys() & _LEGACY_KEYWORDS.keys():
        if cls is ConsolidatedNonceManager:
            raise TypeError(f"{name} is a legacy manager's; here it is {_LEGACY_KEYWORDS[name]}")
    one = _runtime.objects.get(cls)
    if one is None:
        with _runtime.lock:
            one = _runtime.objects.get(cls)
            if one is None:
                one = type.__call__(cls, *args, **kwargs)
                return _runtime.objects.setdefault(cls, one)
    if any(value is not None for value in (*args, *kwargs.values())):
        cls.__init__(one, *args, **kwargs)
    return one


def _looks_like_directory(text: str) -> bool:
    if os.path.isdir(text) or re.match(r"[A-Za-z]:[\\/]", text) or "\\" in text:
        return True
    try:
        return "/" in text and len(base64.b64decode(text, validate=True)) < 32
    except ValueError:
        return "/" in text


class ConsolidatedNonceManager(metaclass=_OneObject):
    """The nonces of this process; one object per class, all on one sequence.

    api_key, api_secret: needed for signed calls only; what is given later is added.
    stale_after_seconds: connections unused for so long are forgotten (default 3600).
    carry_over_from: a further directory with state files of a legacy manager to start above.

    Raises TypeError for what only a legacy manager took, ValueError for a second account.
    """

    MIN_INCREMENT_US = MIN_INCREMENT_US
    RECOVERY_BUFFER_US = RECOVERY_BUFFER_US

    def __init__(
        self,
        api_key: str | None = None,
        api_secret: str | None = None,
        *,
        stale_after_seconds: float | None = None,
        carry_over_from: str | os.PathLike[str] | None = None,
    ) -> None:
        if isinstance(api_key, (int, float)):
            raise TypeError(
                f"the first argument is an API key; for the age of stale connections "
                f"write stale_after_seconds={api_key}"
            )
        if api_key is not None and not isinstance(api_key, str):
            raise TypeError(
                f"the first argument is an API key, not a {type(api_key).__name__}; "
                "no manager has to be passed: call get_nonce_manager()"
            )
        if isinstance(api_secret, os.PathLike) or (
            isinstance(api_secret, str) and _looks_like_directory(api_secret)
        ):
            raise TypeError(
                "the second argument is the API secret, not a directory; for the state "
                "files of a legacy manager write carry_over_from=DIRECTORY"
            )
        if api_secret is not None and not isinstance(api_secret, str):
            raise TypeError(f"the API secret is a str, not a {type(api_secret).__name__}")
        if stale_after_seconds is not None:
            seconds = stale_after_seconds
            if (
                isinstance(seconds, bool)
                or not isinstance(seconds, (int, float))
                or not seconds > 0
            ):
                raise TypeError(f"stale_after_seconds is a number above 0, not {seconds!r}")
            _runtime.stale_after, _runtime._next_purge = float(seconds), 0.0
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
            f"<{type(self).__name__} backend={_runtime.backend} "
            f"nonces={_runtime.counts['nonces']} state={_runtime.state_file!r}>"
        )

    @classmethod
    def get_instance(cls: type[_M], *args: Any, **options: Any) -> _M:
        """The one object; the arguments are the constructor's."""
        return cast("_M", _object_of(cls, args, options, 3))

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

    def get_next_nonce(self, connection_id: str = "default") -> str:
        """`get_nonce`."""
        return self.get_nonce(connection_id)

    def get_enhanced_nonce(self, connection_id: str = "enhanced") -> str:
        """`get_nonce`: there is one sequence."""
        return self.get_nonce(connection_id)

    async def get_nonce_async(self, connection_id: str = "default") -> str:
        """`get_nonce` without blocking the event loop."""
        own = getattr(self.get_nonce, "__func__", None)
        if own is not ConsolidatedNonceManager.__dict__["get_nonce"]:  # overridden or patched
            return await _runtime.worker.run(self.get_nonce, connection_id)
        return str(await _runtime.draw_async(connection_id))

    def get_batch_nonces(self, connection_id: str, count: int) -> list[int]:
        """`count` (0 to 100,000) consecutive nonces, as system 1 gave them: int. Send them in
        order."""
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
        _runtime.remove(connection_id)

    def mark_nonce_success(self, connection_id: str, nonce: str | int) -> None:
        """Counts a nonce that Kraken accepted."""
        _runtime.mark(connection_id, nonce, True)

    def mark_nonce_failed(self, connection_id: str, nonce: str | int, error: str = "") -> None:
        """Counts a nonce that failed; with "nonce" in `error`, the next recovery of the connection
        takes it for the failed one."""
        _runtime.mark(connection_id, nonce, False, refused="nonce" in str(error).lower())

    def get_connection_stats(self, connection_id: str) -> dict[str, Any]:
        """Counts of one connection, zeros where it is not known; `last_nonce` in full."""
        return {"connection_id": connection_id, **_runtime.stats_of(connection_id)}

    # State.

    def get_status(self) -> dict[str, Any]:
        """How the manager is, for an operator; fit for JSON, without a full nonce or a secret."""
        return _runtime.status()

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
        client = _runtime.client
        if client is None:
            raise KrakenCredentialsError(
                "signed calls need api_key and api_secret: get_nonce_manager(api_key, api_secret)"
            )
        request = _request(
            uri_path,
            params,
            json_body=json_body,
            otp=otp,
            retry_order=retry_order,
            timeout=timeout,
            connection_id=connection_id,
        )
        return await client.call(request)

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
        message = str(error_message)
        invalid, seen = "invalid nonce" in message.lower(), "already seen nonce" in message.lower()
        self.mark_nonce_failed(connection_id, nonce, message)
        if invalid:
            fresh = self.recover_from_error(connection_id, nonce)
            return {"action": "retry", "new_nonce": fresh, "reset": True}
        if seen:
            fresh = self.get_auth_nonce(connection_id)
            return {"action": "retry", "new_nonce": fresh, "reset": False}
        return {"action": "escalate", "error": error_message}

    def get_all_stats(self) -> dict[str, Any]:
        """System 4: the statistics of all connections."""
        with _runtime.lock:
            ids = list(_runtime.connections)
        return {
            "active_connections": len(ids),
            "nonce_manager_stats": self.get_statistics(),
            "connections": {name: self.get_connection_stats(name) for name in ids},
        }

    async def monitor_nonce_health(self, interval: float = 60) -> None:
        """System 4: until cancelled, warns of connections with under 80 % success, and forgets the
        stale ones, every `interval` seconds."""
        while True:
            await asyncio.sleep(interval)
            with _runtime.lock:
                _runtime.purge(time.monotonic())
                ids = list(_runtime.connections)
            for name in ids:
                stats = self.get_connection_stats(name)
                if stats["total_nonces"] > 10 and stats["success_rate"] < 0.8:
                    logger.warning(
                        "low success rate on %s: %.0f %%, %d failed",
                        name,
                        100 * stats["success_rate"],
                        stats["failed"],
                    )

    def reset_connection(self, connection_id: str) -> None:
        """System 1: moves 10 ms ahead, which moves the shared sequence."""
        _runtime.jump(connection_id, 10_000)

    def reset_nonce_state(self, buffer_seconds: float = 60) -> None:
        """System 3: moves the sequence `buffer_seconds` (0 to 86,400) ahead."""
        if isinstance(buffer_seconds, bool) or not 0 <= buffer_seconds <= 86_400:
            raise ValueError(f"buffer_seconds must be from 0 to 86400, not {buffer_seconds!r}")
        _runtime.jump("default", max(1, int(buffer_seconds * 1_000_000)))

    def remove_connection(self, connection_id: str) -> None:
        """`cleanup_connection`."""
        self.cleanup_connection(connection_id)

    def get_statistics(self) -> dict[str, Any]:
        """System 1's statistics; nonces are int and in full."""
        return _runtime.statistics()

    def get_auth_status(self) -> dict[str, Any]:
        """System 3's get_status; `last_nonce` is int and in full."""
        return _runtime.auth_status()

    def validate_nonce_sequence(self, connection_id: str, nonces: list[int]) -> bool:
        """System 1: whether each nonce is the one before + 1."""
        return all(after == before + 1 for before, after in zip(nonces, nonces[1:]))  # noqa: B905, RUF007

    def validate_nonce(self, nonce: str | int) -> bool:
        """System 3: whether `nonce` is at most 24 h behind and 1 h ahead of now, in us."""
        value, now = _as_nonce(nonce), _now_us()
        return value is not None and now - 86_400_000_000 <= value <= now + 3_600_000_000

    def test_enhanced_nonce_system(self) -> dict[str, Any]:
        """System 2's self-test; it draws eight nonces."""

        def tried(draw: Callable[[str], str], name: str, count: int, key: str) -> dict[str, Any]:
            try:
                nonces = [int(draw(f"{name}_{i}")) for i in range(count)]
            except NonceGenerationError as error:
                return {"success": False, "error": str(error)}
            span = f"{_mask(nonces[0])} - {_mask(nonces[-1])}"
            valid = all(a < b for a, b in zip(nonces, nonces[1:]))  # noqa: B905, RUF007
            return {"success": True, key: count, "sequence_valid": valid, "nonce_range": span}

        client = _runtime.client
        return {
            "unified_manager_test": tried(self.get_nonce, "test", 5, "nonces_generated"),
            "nonce_fixer_test": _fixer_test()
            if client
            else {"success": False, "error": "KrakenNonceFixer not initialized"},
            "integration_test": tried(
                self.get_enhanced_nonce, "integration_test", 3, "enhanced_nonces_generated"
            ),
        }


_M = TypeVar("_M", bound=ConsolidatedNonceManager)


def _request(
    uri_path: str,
    params: dict[str, Any] | None = None,
    *,
    json_body: bool = False,
    otp: str | None = None,
    retry_order: bool = False,
    timeout: float = 30.0,
    connection_id: str = "rest",
) -> _Request:
    if not re.fullmatch(r"/\d+/private/[A-Za-z][A-Za-z0-9/]*", uri_path):
        raise ValueError(f"{uri_path!r} is no private endpoint such as /0/private/Balance")
    fields = {key: value for key, value in (params or {}).items() if value is not None}
    fields.pop("nonce", None)  # it is drawn when the request's turn comes
    if otp is not None:
        fields["otp"] = otp
    return _Request(uri_path, fields, json_body, retry_order, timeout, connection_id)


def _fixer_test() -> dict[str, Any]:
    try:
        nonces = [_runtime.draw("fixer") for _ in range(10)]
    except NonceGenerationError as error:
        return {"success": False, "error": str(error)}
    return {
        "success": True,
        "nonces_generated": len(nonces),
        "sequence_increasing": all(a < b for a, b in zip(nonces, nonces[1:])),  # noqa: B905, RUF007
        "first_nonce": nonces[0],
        "last_nonce": nonces[-1],
        "range_span": nonces[-1] - nonces[0],
        "base_nonce": _runtime.base_nonce,
    }


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
        return await self._client.call(_request(uri_path, params, **options))

    def test_nonce_fix(self) -> dict[str, Any]:
        """Draws ten nonces and says whether they increase."""
        return _fixer_test()


class NonceWebSocketWrapper:
    """System 4: adds a `reqid` to the subscribe messages of a WebSocket connection."""

    def __init__(self, websocket: Any, coordinator: ConsolidatedNonceManager) -> None:
        self.websocket, self.coordinator = websocket, coordinator
        self.connection_id = f"ws_{id(websocket)}"
        coordinator.register_connection(self.connection_id)

    async def send_authenticated(self, message: dict[str, Any]) -> None:
        """Sends `message` as JSON, with a fresh `reqid` (set in it) if it subscribes without
        one."""
        if message.get("event") == "subscribe" and "reqid" not in message:
            message["reqid"] = await self.coordinator.get_nonce_async(self.connection_id)
        await self.websocket.send(json.dumps(message))

    async def close(self) -> None:
        """Closes the connection and forgets it."""
        await self.websocket.close()
        self.coordinator.cleanup_connection(self.connection_id)


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


class UnifiedKrakenNonceManager(ConsolidatedNonceManager):
    """Old name of ConsolidatedNonceManager (system 2)."""

    _alias = True


class KrakenNonceManager(ConsolidatedNonceManager):
    """Old name of ConsolidatedNonceManager (system 1)."""

    _alias = True


class NonceManager(ConsolidatedNonceManager):
    """Old name of ConsolidatedNonceManager (system 3)."""

    _alias = True

    @classmethod
    def cleanup_all_instances(cls) -> None:
        """System 3: saves."""
        _runtime.save()


class WebSocketNonceCoordinator(ConsolidatedNonceManager):
    """Old name of ConsolidatedNonceManager (system 4)."""

    _alias = True


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

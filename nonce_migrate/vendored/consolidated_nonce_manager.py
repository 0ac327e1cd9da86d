# nonce-migrate: consolidated nonce manager
"""The one source of Kraken nonces of this bot, shared by its threads, processes and restarts.

Kraken accepts a request only if its nonce is above every nonce it has accepted for that API key
before. So there must be one counter, and it may never go back. Use it so::

    manager = get_nonce_manager(api_key, api_secret)       # both optional; one object per process
    nonce = manager.get_nonce("orders")                    # str of microseconds
    answer = await manager.make_authenticated_api_call("/0/private/Balance")

What counts for Kraken is the order of arrival. Two requests in flight may overtake each other, so
`make_authenticated_api_call` sends one at a time per key, across the processes of this host.

Signal handlers may draw at any moment, also within a draw, and raise (from Python 3.11 on). The
first draw, and one after 5 s without any, wait for an fsync; no other does.

Environment, read when the first nonce is drawn:

NONCE_STATE_DIR   directory of the state files, shared by all processes of one key (default: the
                  project's root; a relative one is taken from there)
NONCE_FLOOR       integer; nonces start above it
NONCE_VOLATILE    1: where the state cannot be kept, go on from memory alone, with a warning
NONCE_REDIS_URL   keep the counter in Redis (package `redis`), for several hosts. It orders nonces,
                  not arrivals: one key per host is better. To go back to files, set NONCE_FLOOR
KRAKEN_API_URL    base URL of the API, for tests

Order of reading: errors, sequence, state, where it starts, manager, Kraken client, module
functions, legacy names.
"""

from __future__ import annotations

import _thread
import asyncio
import base64
import contextlib
import functools
import hashlib
import hmac
import http.client
import importlib
import inspect
import json
import logging
import os
import random
import re
import socket
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
    _msvcrt: Any = importlib.import_module("msvcrt")

__all__ = [
    "MIN_INCREMENT_US", "RECOVERY_BUFFER_US", "ConsolidatedNonceManager", "KrakenAPIError",
    "KrakenCredentialsError", "KrakenInvalidNonceError", "KrakenLockoutError", "KrakenNetworkError",
    "KrakenNonceFixer", "KrakenNonceManager", "KrakenPermissionError", "KrakenRateLimitError",
    "KrakenUnknownOutcomeError", "NonceGenerationError", "NonceManager", "NonceStateError",
    "NonceWebSocketWrapper", "UnifiedKrakenNonceManager", "WebSocketNonceCoordinator",
    "get_next_nonce", "get_nonce", "get_nonce_async", "get_nonce_coordinator", "get_nonce_manager",
    "get_unified_nonce_manager", "initialize_enhanced_nonce_manager",
]  # fmt: skip
__version__ = "4.0.0"

MIN_INCREMENT_US = 10_000  # the step of system 2; kept for callers that read it
RECOVERY_BUFFER_US = 60_000_000
_RESERVE_US = 5_000_000  # how far beyond the sequence the ceiling on stable storage is set
_MAX_LEAD_US = 600_000_000  # recovery does not jump when it is further ahead of the clock than this
_NONCE_LIMIT = 1 << 63
_LOCK_TIMEOUT_S = 30.0  # a lock holder that is stopped must not hang this bot for ever
_CALL_LOCK_TIMEOUT_S = 300.0
_MAX_CONNECTIONS = 1024
_MAX_BATCH = 100_000

logger = logging.getLogger(__name__)
_M = TypeVar("_M", bound="ConsolidatedNonceManager")


class NonceGenerationError(Exception):
    """No nonce could be made; none was issued."""


class NonceStateError(NonceGenerationError):
    """The state cannot be kept, so no nonce was issued; the text names the file and the cure."""


class KrakenAPIError(Exception):
    """A signed call failed. `errors`: Kraken's own error strings, empty where there was no such
    answer. `retry_after`: seconds after which the same request may be sent again, None where it
    must not be. `advice`: what to do next; it ends the message, too."""

    advice = "see Kraken's list of API errors"

    def __init__(
        self, message: str, errors: Iterable[str] = (), retry_after: float | None = None
    ) -> None:
        super().__init__(f"{message}; {self.advice}")
        self.errors, self.retry_after = list(errors), retry_after


class KrakenCredentialsError(KrakenAPIError):
    """The key or the secret is missing or malformed; nothing was sent."""

    advice = "get_nonce_manager(api_key, api_secret) takes both, as Kraken shows them"


class KrakenPermissionError(KrakenAPIError):
    """Kraken does not know the key or its signature, or the key may not do this."""

    advice = "check the key, its secret and its permissions in Kraken's settings"


class KrakenInvalidNonceError(KrakenAPIError):
    """Kraken went on answering EAPI:Invalid nonce, or did so once for an order."""

    advice = "if another program uses this key, give each its own; an order can be sent again"


class KrakenRateLimitError(KrakenAPIError):
    """Kraken asks for fewer requests."""

    advice = "send fewer requests; this one was not carried out"


class KrakenLockoutError(KrakenAPIError):
    """Kraken has locked the key out, or did so less than 15 minutes ago and nothing was sent."""

    advice = "calls stop for 15 minutes; ignore_lockout=True sends one all the same"


class KrakenNetworkError(KrakenAPIError):
    """Kraken could not be reached or gave no answer, and nothing was changed."""

    advice = "check the network and status.kraken.com"


class KrakenUnknownOutcomeError(KrakenAPIError):
    """The request was sent, and nobody knows whether it was carried out."""

    advice = "it is not known whether it was carried out, so it was not sent again; query first"


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


# The sequence: in memory, in files, or in Redis.


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
    is complete in itself, but leaves the file's lock to the outer one; that sees `_turn` changed
    and starts over, above it. What belongs together is kept in one tuple, set by one assignment.
    """

    backend = "memory"

    def __init__(self, where: str) -> None:
        self.where = self.state_file = where
        # generation, last, the last that was no recovery's, the last jump, and the two records in
        # the state file, the older first
        self._seen = (0, 0, 0, 0, b"", b"")
        self.jumped = self.capped = False  # what the last recovery did
        self.saved_at = 0.0
        self._turn = 0
        self._drawing = self._forked = False
        self._unlock: Callable[[], object] = bool  # in C, where no handler interrupts it

    @property
    def last(self) -> int:
        return self._seen[1]

    @property
    def drawn(self) -> int:
        return self._seen[2]

    def raise_above(self, nonce: int, like: _Sequence | None = None) -> None:
        """Makes sure that it goes on above `nonce`; with the recoveries of `like`."""
        generation, last, *_, older, newer = self._seen
        _, _, drawn, jump, *_ = (like or self)._seen
        self._seen = (generation, max(last, nonce), drawn, jump, older, newer)

    def take(self, count: int = 1, recovery: _Recovery | None = None, wait: bool = True) -> int:
        """Issues `count` consecutive nonces and gives the first.

        Raises _WouldWaitError where it would have to wait and `wait` is false, NonceStateError
        where they cannot be kept, NonceGenerationError at the end of the number space.
        """
        outer = self._drawing
        try:
            self._drawing = True
            while True:
                turn = self._turn = self._turn + 1
                self._enter(wait)
                _, last, drawn, jump, _, _ = self._seen
                now = time.time_ns() // 1000
                if recovery is None:
                    first = last + 1
                    if now > first:
                        first = now
                    final = drawn = first + count - 1
                else:
                    first = final = self._after_failure(recovery, now)
                    if self.jumped:
                        jump = final
                if final >= _NONCE_LIMIT:
                    raise NonceGenerationError("this API key has no nonce left; make a new key")
                if self._write(turn, final, drawn, jump, wait):
                    break
            self._drawing = outer
            if not outer:
                self._unlock()
            return first
        except BaseException as error:  # a signal handler may raise anything, anywhere
            self._drawing = outer
            if not outer:
                self._unlock()
            if isinstance(error, OSError):
                raise _state_error(self.state_file, error) from error
            raise

    def _after_failure(self, recovery: _Recovery, now: int) -> int:
        """The nonce that answers a report; one failure, however often reported, jumps once."""
        _, last, drawn, jump, _, _ = self._seen
        base = max(last, now)
        if recovery.failed is not None and recovery.failed <= last:
            new = recovery.failed >= jump
        else:
            new = (drawn if recovery.own is None else recovery.own) > jump
        self.capped = new and not recovery.forced and base - now >= _MAX_LEAD_US
        self.jumped = (recovery.forced or new) and not self.capped
        return base + recovery.ahead if self.jumped else max(last + 1, now)

    def save(self) -> None:
        """Makes sure that a power cut loses nothing that was issued. Raises NonceStateError."""

    def close(self) -> None:
        """Gives its files back; the next draw opens them again."""

    def abandon(self) -> None:
        """In a forked child: forgets what is the parent's, without unlocking it."""
        self._forked, self._drawing = True, False

    def _enter(self, wait: bool) -> None:
        if self._forked:
            raise NonceStateError(
                "NONCE_VOLATILE: nonces in memory alone cannot be shared with a forked child; "
                f"make {self.where} writable or set NONCE_STATE_DIR"
            )

    def _write(self, turn: int, final: int, drawn: int, jump: int, wait: bool) -> bool:
        if self._turn != turn:
            return False
        self._seen = (0, final, drawn, jump, b"", b"")
        return True


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
        self._state, self._backup = (_File(str(directory / name)) for name in _STATE_FILES)
        self.state_file = self._state.path
        self._first_start, self._report = first_start, report
        self._boot = _boot_id()
        self._slow = threading.RLock()  # of what is done by `_uninterrupted` and the renewals
        self._loaded, self._ceiling, self._next_renewal = False, 0, 0.0

    def abandon(self) -> None:
        self._slow, self._drawing = threading.RLock(), False
        self._close()

    def close(self) -> None:
        if not self._drawing:  # else in a signal handler, within a draw that needs them
            _uninterrupted(self._close)

    def _close(self) -> None:
        with self._slow:
            self._loaded, self._ceiling, self._next_renewal = False, 0, 0.0
            self._unlock = bool
            self._state.close()
            self._backup.close()

    def save(self) -> None:
        self._reserve(self.last)

    def _enter(self, wait: bool) -> None:
        """Locks the state file and takes over what other processes have done."""
        state = self._state
        if state.fd < 0 or not state.try_lock() or not state.in_place():
            self._wait_and_open(wait)
        # Whoever writes next writes over the older record; if that stands, nobody has.
        generation, _, _, _, older, _ = self._seen
        slot = (generation + 1 & 1) * _SLOT
        if not self._loaded or _pread(state.fd, _RECORD_SIZE, slot) != older:
            slots = state.read()
            if self._loaded and _are_whole(slots) and slots[1].generation > generation:
                self._adopt(slots)
            else:
                _unless(wait)
                _uninterrupted(self._load)

    def _wait_and_open(self, wait: bool) -> None:
        """Locks the state file where another process has it, or where it has to be opened first."""
        state = self._state
        for _ in range(5):
            _unless(wait)
            if state.fd >= 0:
                state.lock(_LOCK_TIMEOUT_S)
                if state.in_place():
                    return
                logger.warning("nonce state %s was deleted or replaced; going on", state.path)
            self._loaded = False
            _uninterrupted(self._open)
        raise OSError(_RESTLESS)

    def _open(self) -> None:
        with self._slow:
            if not self._state.in_place():
                self._state.open()
            self._unlock = self._state.unlock

    def _adopt(self, slots: list[_Slot]) -> None:
        """Goes on from the records of the state file, the newest last."""
        top, (_, last, drawn, jump, _, _) = slots[-1], self._seen
        drawn, jump = max(drawn, top.drawn), max(jump, top.jump)
        older = slots[0].raw if len(slots) == 2 else b""
        self._seen = (top.generation, max(last, top.last), drawn, jump, older, top.raw)
        self._ceiling = max(self._ceiling, top.ceiling)

    def _load(self) -> None:
        """Takes over what the files say; what cannot be trusted is replaced by the ceiling."""
        with self._slow:
            slots, boot = self._state.read(), self._boot
            with self._locked_backup() as backup:
                kept = backup.read()[-1:]
            top = slots[-1:]
            is_whole = _are_whole(slots)
            same_boot = is_whole and any(boot) and slots[-1].boot == boot
            if not (same_boot and kept and kept[0].ceiling <= slots[-1].ceiling):
                if not top and not kept:
                    self.raise_above(self._start_without_record())
                elif not is_whole:
                    logger.error(
                        "nonce state %s is damaged; going on above its ceiling", self.where
                    )
                for slot in (*kept, *top):
                    self._adopt([slot._replace(last=slot.ceiling)])
                self._keep_ceiling(self.last + 1)
                self._rewrite(top[0].generation if top else self._seen[0])
                slots = self._state.read()
            self._adopt(slots)
            self._loaded = True

    def _rewrite(self, generation: int) -> None:
        """Writes both records anew and syncs them."""
        for _ in range(2):
            generation += 1
            self._state.write(
                generation & 1, self._record(generation, self._ceiling, *self._seen[1:4])
            )
        self._state.sync(directory=True)

    def _start_without_record(self) -> int:
        """What to start above where no record is left: the legacy state; where there were records,
        also what recovery could have led the clock by."""
        last = self._first_start()
        if self._state.size() or self._backup.size():
            last = max(last, _now_us()) + _MAX_LEAD_US + RECOVERY_BUFFER_US + _RESERVE_US
            logger.error(
                "nonce state %s and its backup are damaged; going on 11 min ahead of the clock. If "
                "Kraken answers EAPI:Invalid nonce, set NONCE_FLOOR to the highest nonce known",
                self.state_file,
            )
        return last

    def _record(self, generation: int, ceiling: int, last: int, drawn: int, jump: int) -> bytes:
        body = _BODY.pack(_MAGIC, self._boot, generation, last, ceiling, drawn, jump)
        return body + _CRC.pack(zlib.crc32(body))

    def _write(self, turn: int, final: int, drawn: int, jump: int, wait: bool) -> bool:
        if final > self._ceiling - _RESERVE_US // 2:
            self._extend(final, wait)
        generation, _, _, _, _, newer = self._seen
        generation += 1
        raw = self._record(generation, self._ceiling, final, drawn, jump)
        if self._turn != turn:  # no handler runs between this and the writing
            return False
        if _pwrite(self._state.fd, raw, (generation & 1) * _SLOT) != _RECORD_SIZE:
            raise OSError("the disk is full")
        if self._turn == turn:
            self._seen = (generation, final, drawn, jump, newer, raw)
        return True

    def _extend(self, nonce: int, wait: bool) -> None:
        """Sees to a ceiling at or above `nonce`, and that a higher one is on its way."""
        if nonce > self._ceiling:
            _unless(wait)
            self._reserve(nonce)
        elif time.monotonic() >= self._next_renewal:
            self._next_renewal = time.monotonic() + 1.0
            with contextlib.suppress(RuntimeError):  # the interpreter is ending
                _thread.start_new_thread(self._renew, ())

    def _reserve(self, nonce: int) -> None:
        _uninterrupted(lambda: self._keep_ceiling(nonce))

    def _renew(self) -> None:
        with self._slow:
            if self._backup.fd >= 0:
                try:
                    self._keep_ceiling(self.last)
                except NonceStateError as error:
                    self._report(error)

    @contextlib.contextmanager
    def _locked_backup(self) -> Iterator[_File]:
        try:
            with self._backup.locked(_LOCK_TIMEOUT_S):
                yield self._backup
        except OSError as error:
            raise _state_error(self._backup.path, error) from error

    def _keep_ceiling(self, nonce: int) -> None:
        """Writes a ceiling above `nonce` and the clock to the backup file and syncs it. A failed
        sync is not believed, and not left standing. Raises NonceStateError."""
        with self._slow, self._locked_backup() as backup:
            known = backup.read()
            generation = known[-1].generation + 1 if known else 1
            ceiling = max(nonce, _now_us()) + _RESERVE_US
            ceiling = max([ceiling, *(slot.ceiling for slot in known)])
            raw = self._record(generation, ceiling, *self._seen[1:4])
            before, size = backup.raw(generation & 1), backup.size()
            try:
                backup.write(generation & 1, raw)
                backup.sync(directory=not known)
            except OSError:
                with contextlib.suppress(OSError):
                    backup.write(generation & 1, before)
                    os.ftruncate(backup.fd, size)
                raise
            self._ceiling, self.saved_at = ceiling, time.time()
            self._report(None)


def _unless(wait: bool) -> None:
    if not wait:
        raise _WouldWaitError


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
            retry = redis.retry.Retry(redis.backoff.NoBackoff(), 1)
            timeouts = {"socket_timeout": 2.0, "socket_connect_timeout": 2.0}
            self._client = redis.Redis.from_url(url, retry=retry, decode_responses=True, **timeouts)
        except ValueError as error:
            raise NonceStateError(f"NONCE_REDIS_URL is no redis:// address: {error}") from None

    def take(self, count: int = 1, recovery: _Recovery | None = None, wait: bool = True) -> int:
        _unless(wait)
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


def _uninterrupted(work: Callable[[], None]) -> None:
    """Does `work` where no signal handler can interrupt it: they run in the main thread alone, so
    that has it done by another. What a handler raises meanwhile is raised when it is done."""
    if threading.get_ident() != threading.main_thread().ident or sys.is_finalizing():
        work()
        return
    done, ticket = threading.Lock(), [work]  # whoever takes the ticket says whether it is done
    failures: list[BaseException] = []
    finished: list[bool] = []
    interrupt: BaseException | None = None

    def run() -> None:
        try:
            ticket.pop()()
        except BaseException as error:
            failures.append(error)
        finished.append(True)
        done.release()

    def cancelled() -> bool:
        with contextlib.suppress(IndexError):
            return bool(ticket.pop())
        return False

    done.acquire()
    try:
        _thread.start_new_thread(run, ())
    except BaseException as error:
        if isinstance(error, RuntimeError) and cancelled():  # the interpreter is ending
            work()
            return
        interrupt = error
    while not finished and (interrupt is None or not cancelled()):
        try:
            done.acquire()
        except BaseException as error:
            interrupt = error
    for failure in filter(None, (interrupt, *failures)):
        raise failure


# The state: two records stand in each file, written in turn, each in a page of its own. A write
# that is cut short can spoil one, never both.

_STATE_FILES = ("kraken_nonce_sequence.dat", "kraken_nonce_sequence.bak")
_MAGIC = b"KNONCE\x00\x04"
_BODY = struct.Struct("<8s16sQQQQQ")
_CRC = struct.Struct("<I")
_RECORD_SIZE = _BODY.size + _CRC.size
_SLOT = 4096
_WINDOWS = os.name == "nt"
_RESTLESS = "its file system gives it a new identity all the time; use another"
_LOCK_BYTE = 1 << 30  # msvcrt locks are mandatory, so the locked byte lies beyond the data


class _Slot(NamedTuple):
    """A record. `ceiling`: no nonce above it has been issued."""

    generation: int
    last: int
    ceiling: int
    drawn: int  # the last nonce that was no recovery's
    jump: int  # the nonce of the last recovery that jumped
    boot: bytes  # 16, zero where unknown
    raw: bytes


def _decode(raws: Iterable[bytes]) -> list[_Slot]:
    """The undamaged records of two slots, the newest last."""
    slots = []
    for number, raw in enumerate(raws):
        body, checksum = raw[: _BODY.size], raw[_BODY.size :]
        if len(raw) == _RECORD_SIZE and checksum == _CRC.pack(zlib.crc32(body)):
            magic, boot, *fields = _BODY.unpack(body)
            generation, last, ceiling, drawn, jump = fields
            slot = _Slot(generation, last, ceiling, drawn, jump, boot, raw)
            if magic == _MAGIC and slot.generation & 1 == number and slot.last < _NONCE_LIMIT:
                slots.append(slot)
    return sorted(slots)


def _are_whole(slots: list[_Slot]) -> bool:
    return len(slots) == 2 and slots[1].generation == slots[0].generation + 1


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


if fcntl is not None:
    _flock, _TAKE, _GIVE_BACK = fcntl.flock, fcntl.LOCK_EX | fcntl.LOCK_NB, fcntl.LOCK_UN
else:
    _TAKE, _GIVE_BACK = _msvcrt.LK_NBLCK, _msvcrt.LK_UNLCK

    def _flock(fd: int, mode: int, /) -> None:
        os.lseek(fd, _LOCK_BYTE, os.SEEK_SET)
        try:
            _msvcrt.locking(fd, mode, 1)
        except OSError:
            if mode == _TAKE:  # else it was not there
                raise


def _state_error(path: str, error: OSError) -> NonceStateError:
    return NonceStateError(
        f"nonce state {path}: {error.strerror or error}. Make it a file that this user can write, "
        "with space on its disk; or set NONCE_STATE_DIR, or NONCE_VOLATILE=1 for memory alone"
    )


class _File:
    """A file that processes share under an advisory lock, which dies with its process. Private to
    the user, and not opened through a symlink. Its methods raise OSError."""

    def __init__(self, path: str) -> None:
        self.path, self.fd = path, -1
        self.unlock: Callable[[], object] = bool  # gives the lock back, if it is there
        self._identity, self._replaced = (0, 0), -1

    def open(self) -> None:
        """Opens it, made where missing."""
        os.makedirs(os.path.dirname(self.path), mode=0o700, exist_ok=True)
        flags = os.O_RDWR | os.O_CREAT
        for name in ("O_NOFOLLOW", "O_CLOEXEC", "O_BINARY", "O_NONBLOCK"):
            flags |= getattr(os, name, 0)
        fd = os.open(self.path, flags, 0o600)
        info = os.fstat(fd)
        if not stat.S_ISREG(info.st_mode):
            os.close(fd)
            raise OSError("it is not a regular file")
        if info.st_mode & 0o077 and hasattr(os, "fchmod"):
            with contextlib.suppress(OSError):  # another user's file
                os.fchmod(fd, 0o600)
        # The one before stays open for now: a signal handler may be about to use its number.
        self.unlock()
        old, self._replaced = self._replaced, self.fd
        self._identity, self.fd = (info.st_ino, info.st_dev), fd
        self.unlock = functools.partial(_flock, fd, _GIVE_BACK)
        if old >= 0:
            os.close(old)

    def close(self) -> None:
        for fd in (self.fd, self._replaced):
            if fd >= 0:
                with contextlib.suppress(OSError):
                    os.close(fd)
        self.fd, self._replaced, self.unlock = -1, -1, bool

    def in_place(self) -> bool:
        """Whether it is open, and has not been deleted or replaced since."""
        if self.fd < 0 or _WINDOWS:  # which lets nobody delete an open file
            return self.fd >= 0
        try:
            info = os.stat(self.path)
        except FileNotFoundError:
            return False
        return (info.st_ino, info.st_dev) == self._identity

    def try_lock(self) -> bool:
        """Takes the lock, also where this process has it; False where another one has."""
        try:
            _flock(self.fd, _TAKE)
        except (BlockingIOError, PermissionError):
            return False
        return True

    def lock(self, longest: float, cancelled: threading.Event | None = None) -> None:
        """Waits for the lock, or until `cancelled`. Raises NonceStateError after `longest` s."""
        end, pause = time.monotonic() + longest, 20e-6
        while not self.try_lock() and not (cancelled and cancelled.is_set()):
            if time.monotonic() > end:
                raise NonceStateError(
                    f"{self.path}: another process has had its lock for {longest:.0f} s; is it "
                    "stopped?"
                )
            time.sleep(pause)
            pause = min(pause * 1.5, 0.002 if cancelled is None else 0.05)

    @contextlib.contextmanager
    def locked(self, longest: float, cancelled: threading.Event | None = None) -> Iterator[None]:
        """Has it open, in place and locked meanwhile; perhaps not, where that was `cancelled`."""
        try:
            for _ in range(5):
                if not self.in_place():
                    self.open()
                self.lock(longest, cancelled)
                if self.in_place() or (cancelled and cancelled.is_set()):
                    break
            else:
                raise OSError(_RESTLESS)
            yield
        finally:
            self.unlock()

    def size(self) -> int:
        return os.fstat(self.fd).st_size

    def raw(self, slot: int) -> bytes:
        return _pread(self.fd, _RECORD_SIZE, slot * _SLOT)

    def read(self) -> list[_Slot]:
        return _decode([self.raw(0), self.raw(1)])

    def write(self, slot: int, raw: bytes) -> None:
        if _pwrite(self.fd, raw, slot * _SLOT) != len(raw):
            raise OSError("the disk is full")

    def sync(self, *, directory: bool) -> None:
        """Returns when its data, and its entry in the directory, are on stable storage."""
        os.fsync(self.fd)
        if fcntl is not None and hasattr(fcntl, "F_FULLFSYNC"):  # macOS: fsync stops at the cache
            fcntl.fcntl(self.fd, fcntl.F_FULLFSYNC)
        if directory and not _WINDOWS:  # which cannot open a directory
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
            ceilings += [slot.ceiling for slot in _decode(slots)]
    return max(ceilings)


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


# The manager, and before it what a process has once, whatever objects stand before it.


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
        self.sequence: _Sequence | None = None
        self._floors: dict[str, int] = {}
        self._hooked = False
        self.reset()

    def reset(self) -> None:
        """Back to the state before the first nonce, but for how far the sequences are."""
        with self.lock:
            self.close()
            self.objects.clear()
            self.connections: OrderedDict[str, _Connection] = OrderedDict()
            self.counts: Counter[str] = Counter()
            self.stale_after, self.next_purge = 3600.0, 0.0
            self.carry_from: list[Path] = []
            self.client: _KrakenClient | None = None
            self.api_key: str | None = None
            self.given_url: str | None = None
            self.last_error: str | None = None
            self.started, self.base_nonce, self.persistence_ok = time.monotonic(), 0, True

    def close(self) -> None:
        with self.lock:
            sequence = self.sequence
            if sequence is not None:
                self._floors[sequence.where] = sequence.last
                self.sequence = None
                sequence.close()

    def hook(self) -> None:
        """Sees to it that a forked child takes nothing for its own that is its parent's."""
        if not self._hooked and hasattr(os, "register_at_fork"):
            self._hooked = True
            os.register_at_fork(after_in_child=self._after_fork)

    def _after_fork(self) -> None:
        self.lock = threading.RLock()
        self.worker = ThreadPoolExecutor(1, "nonce")
        for holder in (*self.clients.values(), self.sequence):
            if holder is not None:
                holder.abandon()

    # The sequence: opened at the first nonce.

    def view(self) -> _Sequence:
        """The sequence; before the first nonce, one that shows where it is going to be."""
        if self.sequence is not None:
            return self.sequence
        nothing = _Sequence(str(_state_directory()))
        nothing.backend = "redis" if os.environ.get("NONCE_REDIS_URL") else "file"
        return nothing

    def _legacy(self) -> int:
        # On POSIX the legacy managers took D: for a folder of the current directory.
        root, drive = _project_root(), Path("D:/trading_data")
        return _carry_over([_state_directory(), root, root / drive, drive, *self.carry_from])

    def _open(self) -> _Sequence:
        self.hook()
        url, directory = os.environ.get("NONCE_REDIS_URL"), _state_directory()
        if url:
            sequence: _Sequence = _RedisSequence(url, self.report)
            sequence.raise_above(max(self._legacy(), _kept_on_disk(directory)))
        else:
            sequence = _FileSequence(directory, self._legacy, self.report)
            sequence.raise_above(_carry_over(self.carry_from))
        return self._begin(sequence, None)

    def _degrade(self, broken: _Sequence | None) -> _Sequence:
        memory = _Sequence(str(_state_directory()))
        last, is_first = (broken.last, not broken.drawn) if broken else (0, True)
        legacy = self._legacy() if is_first else 0
        memory.raise_above(max(last, legacy, _kept_on_disk(_state_directory())), like=broken)
        logger.warning("NONCE_VOLATILE: the nonces of this process are in memory alone from now on")
        self.persistence_ok = False
        return self._begin(memory, broken)

    def _begin(self, sequence: _Sequence, instead_of: _Sequence | None) -> _Sequence:
        sequence.raise_above(max(_floor_by_hand(), self._floors.get(sequence.where, 0)))
        if self.sequence is instead_of:  # else a signal handler has drawn meanwhile, from another
            self.sequence = sequence
        return cast(_Sequence, self.sequence)

    def report(self, error: NonceStateError | None) -> None:
        """Notes that the state was, or was not, kept."""
        self.persistence_ok = error is None and self.view().backend != "memory"
        if error is not None:
            if self.last_error != str(error):
                logger.error("%s", error)
            self.last_error = str(error)

    def take(self, count: int = 1, recovery: _Recovery | None = None, wait: bool = True) -> int:
        """As `_Sequence.take`, from memory alone where that is allowed and nothing else works."""
        sequence = self.sequence
        try:
            if sequence is None:
                _unless(wait)
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
                nonce = _carry_over([directory]) if self.sequence is not None else 0
                if self.sequence is not None and nonce > self.sequence.last:
                    self.sequence.raise_above(nonce)
                    self.take(recovery=_NO_JUMP)

    def save(self) -> None:
        with self.lock:
            if self.view().backend == "memory":
                logger.warning("NONCE_VOLATILE: nothing to save, the nonces are in memory alone")
            try:
                if self.sequence is not None:
                    self.sequence.save()
            except NonceStateError as error:
                self.report(error)
                raise

    # Draws, each for a connection.

    def draw(self, who: str, count: int = 1, recovery: _Recovery | None = None) -> int:
        """The first of `count` consecutive nonces. Raises as `_Sequence.take`."""
        with self.lock:
            first = self.take(count, recovery)
            self._count(who, first, count, recovery is None)
            return first

    def draw_at_once(self, who: str) -> int:
        """A nonce, or _WouldWaitError where it cannot be had without waiting."""
        lock = cast(Any, self.lock)
        _unless(not lock._is_owned())  # it is where a handler, within a draw, runs an event loop
        try:
            _unless(lock.acquire(blocking=False))
            first = self.take(wait=False)
            self._count(who, first, 1, True)
            lock.release()
            return first
        except BaseException:  # one of a signal handler may come between any two of these steps
            try:
                lock.release()
            except RuntimeError:  # it has not been acquired, or been released
                _ = None
            raise

    def _count(self, who: str, first: int, count: int, is_draw: bool) -> None:
        connection = self.connections.get(who)
        now = time.monotonic()
        if connection is None or now >= self.next_purge:
            connection = self.connection(who)
        else:
            self.connections.move_to_end(who)
            connection.seen = now
        connection.total += count
        connection.last_nonce = first + count - 1
        if is_draw:
            connection.drawn = connection.last_nonce
        self.counts["nonces"] += count

    def recover(self, who: str, failed: int | None) -> int:
        """The nonce to go on with after Kraken refused one."""
        with self.lock:
            known = self.connections.get(who) or _Connection()
            if failed is None and (known.refused or 0) > (known.drawn or 0):
                failed = known.refused  # the nonce of a recovery
            nonce = self.draw(who, 1, _Recovery(known.drawn, failed))
            self.counts["recoveries"] += 1
            self.counts["jumps"] += self.view().jumped
            if self.view().capped:
                ahead = (nonce - _now_us()) // 1_000_000
                self.last_error = (
                    f"EAPI:Invalid nonce on {who}, {ahead} s ahead of the clock: most likely "
                    "another program uses this API key with nonces at a larger scale. Give each "
                    "its own key, or set NONCE_FLOOR above its nonces"
                )
                logger.error("%s", self.last_error)
            elif self.view().jumped:
                logger.warning("nonce refused on %s; jumped to %s", who, _mask(nonce))
            return nonce

    def jump(self, who: str, ahead: int) -> None:
        self.draw(who, 1, _Recovery(None, None, ahead, forced=True))
        self.counts["resets"] += 1

    # Connections: the most recently used, at most _MAX_CONNECTIONS of them. The caller locks.

    def connection(self, who: str) -> _Connection:
        """The connection, known from now on."""
        connection = self.connections.get(who)
        if connection is None:
            connection = self.connections[who] = _Connection()
            self.base_nonce = self.base_nonce or self.view().last
            if len(self.connections) > _MAX_CONNECTIONS:
                self.drop(next(iter(self.connections)), "evicted")
        else:
            self.connections.move_to_end(who)
        connection.seen = now = time.monotonic()
        if now >= self.next_purge:
            self.purge()
        return connection

    def purge(self) -> None:
        """Drops the connections not used for `stale_after` seconds."""
        now = time.monotonic()
        self.next_purge = now + min(60.0, self.stale_after / 4)
        while self.connections:
            who, oldest = next(iter(self.connections.items()))
            if now - oldest.seen <= self.stale_after:
                break
            self.drop(who, "stale")

    def drop(self, who: str, reason: str) -> None:
        if self.connections.pop(who, None) is not None:
            self.counts[reason] += 1

    def mark(self, who: str, nonce: int | None, accepted: bool, refused: bool) -> None:
        with self.lock:
            connection = self.connection(who)
            connection.successful += accepted
            connection.failed += not accepted
            self.counts["successful" if accepted else "failed"] += 1
            if refused:
                connection.refused = nonce

    # Credentials.

    @property
    def api_url(self) -> str:
        return self.given_url or os.environ.get("KRAKEN_API_URL") or _API_URL

    def client_for(self, api_key: str, api_secret: str) -> _KrakenClient:
        with self.lock:
            pair = (api_key, api_secret)
            if pair not in self.clients:
                self.hook()
                self.clients[pair] = _KrakenClient(self, api_key, api_secret)
            return self.clients[pair]

    def set_credentials(self, api_key: str | None, api_secret: str | None) -> None:
        """Adds what is given to what is there. Raises ValueError for a second account."""
        with self.lock:
            key = api_key or self.api_key
            other = self.client is not None and self.client.api_key != key
            if key is None:
                raise ValueError("an API secret was given without its API key")
            if other and api_secret is not None:
                raise ValueError(
                    "this manager signs with another API key; for a second account use "
                    "KrakenNonceFixer(key, secret), to change it use "
                    "initialize_enhanced_nonce_manager(key, secret)"
                )
            if other:
                logger.warning("another API key, without its secret: signed calls keep the first")
                return
            self.api_key = key
            if api_secret is not None:
                self.client = self.client_for(key, api_secret)


_runtime = _Runtime()
# What the legacy systems kept in attributes, and tests and scripts in the field read and set.
_LEGACY_STATE = (
    "_last_nonce", "_base_nonce", "_nonce_fixer", "_connection_nonces", "_last_access", "_stats",
    "_state", "_state_file", "_save_state", "_load_state", "_mask_nonce", "nonce_file",
    "storage_dir", "api_key", "api_key_hash", "_instance",
)  # fmt: skip
_LEGACY_KEYWORDS = {
    "cleanup_after_seconds": "stale_after_seconds=SECONDS",
    "storage_dir": "carry_over_from=DIRECTORY, and NONCE_STATE_DIR for where new state goes",
    "nonce_manager": "nothing: the manager is its own coordinator",
}


class _OneObject(type):
    """Makes one object per class, whoever asks, and the aliases other names of the same one."""

    _alias: bool

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        return _object_of(cls, args, kwargs)

    def __instancecheck__(cls, instance: object) -> bool:
        of_alias = cls._alias and isinstance(instance, ConsolidatedNonceManager)
        return of_alias or super().__instancecheck__(instance)

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
        text = f"{cls.__name__} is an old name of ConsolidatedNonceManager; use get_nonce_manager()"
        warnings.warn(text, DeprecationWarning, stacklevel=3)
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
        subclassed = type(self) is not ConsolidatedNonceManager and name not in _LEGACY_STATE
        if not own and not subclassed:
            self.__getattr__(name)
        object.__setattr__(self, name, value)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(
            f"{type(self).__name__} has no {name}. Its state: get_status(), get_auth_status(), "
            "get_statistics(), get_connection_stats(id); to move it forward: NONCE_FLOOR, "
            "reset_nonce_state(seconds); to save it: force_save(); to sign: KrakenNonceFixer"
        )

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
                nonce = _runtime.draw_at_once(connection_id)
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
            counts = run.counts
            stats = {str(name): known.stats() for name, known in run.connections.items()}
            for known in stats.values():
                known["last_nonce"] = _mask(known["last_nonce"])
                known["count"] = known["total_nonces"]  # what system 2 called it
            saved = datetime.fromtimestamp(now.saved_at).isoformat() if now.saved_at else None
            return {
                "current_nonce": _mask(now.last or None),
                "total_generated": counts["nonces"],
                "error_recoveries": counts["recoveries"],
                "active_connections": len(stats),
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
        ignore_lockout: bool = False,
        timeout: float = 30.0,
        connection_id: str = "rest",
    ) -> dict[str, Any]:
        """Calls a private endpoint (`/0/private/...`) and gives Kraken's answer, {"error",
        "result"}.

        Calls with one key follow each other, issue to answer, over all processes of this host. A
        request that could not be sent is tried again, up to 5 times with growing pauses, and so is
        a read whose answer was lost. Anything else, an order above all, is never sent again once it
        may have arrived; `retry_order` allows it where Kraken refused the nonce or the rate, and so
        did nothing. A lockout stops all calls with this key for 15 minutes, except those told to
        `ignore_lockout`. `timeout` is in seconds, for each step on the network.

        Raises a KrakenAPIError, mostly a subclass; NonceStateError; ValueError, TypeError for
        arguments. A task cancelled before its turn sends nothing; later, it is under way.
        """
        if _runtime.client is None:
            raise KrakenCredentialsError("signed calls need api_key and api_secret")
        return await _runtime.client.call(
            _Request(
                uri_path,
                params,
                json_body,
                otp,
                retry_order,
                ignore_lockout,
                timeout,
                connection_id,
            )
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
            key, now = _runtime.api_key, _now_us()
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
_CALL_TRIES = 5
_SETTLE_S = 2.0  # for a request whose sender has died to arrive before the next one is sent
_LOCKOUT_S = 900.0
_NOTES = struct.Struct("<dd")
# Endpoints that change nothing, so that a lost answer may be asked for again.
_READS = re.compile(
    "(Trade)?Balance|BalanceEx|CreditLines|(Open|Closed|Query)Orders|OrderAmends|TradesHistory|"
    "QueryTrades|OpenPositions|(Query)?Ledgers|TradeVolume|(Export|Deposit|Withdraw)Status|"
    "(Deposit|Withdraw)Methods|WithdrawAddresses|WithdrawInfo|GetWebSocketsToken|GetApiKeyInfo|"
    "Earn/(Strategies|Allocations|AllocateStatus|DeallocateStatus)"
)
# They may be sent again when Kraken refused them before acting: doing them twice does no harm.
_CANCELS = re.compile("CancelOrder|CancelOrderBatch|CancelAll|CancelAllOrdersAfter")
# What Kraken's errors amount to, and the first pause before a try again; any other is final.
_ERRORS: tuple[tuple[str, type[KrakenAPIError], float | None], ...] = (
    ("Invalid nonce", KrakenInvalidNonceError, 0.5),
    ("^EGeneral:Temporary lockout", KrakenLockoutError, None),
    ("Permission denied|^EAPI:Invalid (key|signature)", KrakenPermissionError, None),
    ("Rate limit exceeded|^EService:Throttled", KrakenRateLimitError, 2.0),
    ("^EService:(Unavailable|Busy|Timeout)|^EGeneral:Internal", KrakenUnknownOutcomeError, None),
)


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
        ignore_lockout: bool = False,
        timeout: float = 30.0,
        connection_id: str = "rest",
    ) -> None:
        if not re.fullmatch(r"/\d+/private/[A-Za-z][A-Za-z0-9/]*", path):
            raise ValueError(f"{path!r} is no private endpoint such as /0/private/Balance")
        fields = {**(params or {}), **({} if otp is None else {"otp": otp})}
        self.fields = {k: v for k, v in fields.items() if v is not None and k != "nonce"}
        self.path, self.json_body, self.timeout = path, json_body, timeout
        self.ignore_lockout, self.connection_id = ignore_lockout, connection_id
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

    def lost(self, text: str, errors: Iterable[str] = ()) -> KrakenAPIError:
        """The error where nobody knows what became of the request; a read may be sent again."""
        if self.read:
            return KrakenNetworkError(f"{self.path}: {text}", errors, 0.5)
        return KrakenUnknownOutcomeError(f"{self.path}: {text}", errors)

    def outcome(self, status: int, raw: bytes) -> dict[str, Any] | KrakenAPIError:
        """What Kraken's answer means. Its HTTP status is 200 for errors too."""
        try:
            data: dict[str, Any] = json.loads(raw)
            errors = [str(error) for error in data["error"]]
        except (ValueError, KeyError, TypeError, RecursionError):
            text = f"HTTP status {status} without an answer of Kraken's"
            if status == 429:
                return KrakenRateLimitError(text, (), 2.0 if self.harmless else None)
            return KrakenAPIError(text) if 300 <= status < 500 else self.lost(text)
        for warning in (error for error in errors if error.startswith("W")):
            logger.warning("Kraken warns: %s", warning)
        fatal = [error for error in errors if not error.startswith("W")]
        if not fatal:
            return data
        text = ", ".join(fatal)
        for pattern, kind, pause in _ERRORS:
            if any(re.search(pattern, error) for error in fatal):
                if kind is KrakenUnknownOutcomeError:
                    return self.lost(text, fatal)
                return kind(f"{self.path}: {text}", fatal, pause if self.harmless else None)
        return KrakenAPIError(f"{self.path}: {text}", fatal)


class _KrakenClient:
    """Signed calls with one API key. Whoever has the lock of the key's file has its turn.

    The file tells the next one two things: since when a request is under way whose answer nobody
    has seen (time.monotonic, one clock for all processes of a host), and until when the key is
    locked out (time.time). A process can die when its request is in the network; so the next one is
    not sent before that has had _SETTLE_S, from its sending, to arrive.
    """

    def __init__(self, runtime: _Runtime, api_key: str, api_secret: str) -> None:
        self.api_key, self.api_secret, self._runtime = api_key, api_secret, runtime
        self._file = _File("")
        self._notes = (0.0, 0.0)
        self.abandon()

    def abandon(self) -> None:
        """In a forked child: forgets what is the parent's, without unlocking it."""
        self._worker = ThreadPoolExecutor(1, "kraken-call")  # one call after the other
        self._file.close()

    async def call(self, request: _Request) -> dict[str, Any]:
        """The parsed answer. Raises as `make_authenticated_api_call`."""
        self._secret()
        loop = asyncio.get_running_loop()
        for attempt in range(_CALL_TRIES):
            cancelled = threading.Event()
            try:
                return await loop.run_in_executor(self._worker, self._send, request, cancelled)
            except asyncio.CancelledError:
                cancelled.set()
                raise
            except KrakenAPIError as error:
                if error.retry_after is None or attempt + 1 == _CALL_TRIES:
                    raise
                pause = error.retry_after * 2**attempt * random.uniform(0.75, 1.25)
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
            raise KrakenCredentialsError("the API secret is not base64")
        return secret

    def _send(self, request: _Request, cancelled: threading.Event) -> dict[str, Any]:
        """One request, from the issue of its nonce to its answer, while no other is under way."""
        runtime, who = self._runtime, request.connection_id
        with self._turn(cancelled):
            since, until = self._notes
            if since > 0:
                cancelled.wait(min(since + _SETTLE_S - time.monotonic(), _SETTLE_S))
            if cancelled.is_set():
                raise KrakenAPIError("cancelled")
            left = until - time.time()
            if 0 < left <= _LOCKOUT_S and not request.ignore_lockout:
                raise KrakenLockoutError(f"{request.path}: locked out for {left:.0f} s more")
            with contextlib.closing(_connect(runtime.api_url, request.timeout)) as connection:
                failed, request.refused = request.refused, None
                nonce = runtime.recover(who, failed) if failed else runtime.draw(who)
                answer = self._exchange(connection, request, nonce)
            if isinstance(answer, KrakenInvalidNonceError):
                request.refused = nonce
            if isinstance(answer, dict) or answer.errors:
                runtime.mark(who, nonce, accepted=request.refused is None, refused=False)
            if isinstance(answer, KrakenAPIError):
                raise answer
            return answer

    def _exchange(
        self, connection: http.client.HTTPConnection, request: _Request, nonce: int
    ) -> dict[str, Any] | KrakenAPIError:
        """Sends the request and gives what came of it."""
        body, content_type = request.encode(nonce)
        headers = {
            "API-Key": self.api_key,
            "API-Sign": _signature(self._secret(), request.path, nonce, body),
            "Content-Type": content_type,
            "User-Agent": _USER_AGENT,
        }
        until = self._notes[1]
        self._note(time.monotonic(), until)
        try:
            connection.request("POST", request.path, body=body, headers=headers)
            response = connection.getresponse()
            answer = request.outcome(response.status, response.read())
        except (OSError, http.client.HTTPException, asyncio.TimeoutError) as error:
            if not isinstance(error, socket.timeout):  # else it may still be on its way
                self._note(0.0, until)
            return request.lost(f"no answer ({type(error).__name__}: {error})")
        is_lockout = isinstance(answer, KrakenLockoutError)
        self._note(0.0, time.time() + _LOCKOUT_S if is_lockout else 0.0)
        return answer

    def _note(self, since: float, until: float) -> None:
        self._notes = since, until
        if self._file.fd >= 0:
            with contextlib.suppress(OSError):
                _pwrite(self._file.fd, _NOTES.pack(since, until), 0)

    @contextlib.contextmanager
    def _turn(self, cancelled: threading.Event) -> Iterator[None]:
        """Waits until no process of this host has a request of this key under way, or until it is
        cancelled."""
        digest = hashlib.sha256(self.api_key.encode()).hexdigest()[:12]
        file = self._file = _File(str(_state_directory() / f"kraken_call_{digest}.lock"))
        with contextlib.closing(file), contextlib.ExitStack() as turn:
            try:
                turn.enter_context(file.locked(_CALL_LOCK_TIMEOUT_S, cancelled))
                notes = _pread(file.fd, _NOTES.size, 0).ljust(_NOTES.size, b"\0")
                self._notes = _NOTES.unpack(notes)
            except OSError as error:
                file.close()
                if self._runtime.view().backend == "file" and not _volatile():
                    raise _state_error(file.path, error) from error
                text = "%s: %s; calls are ordered in this process alone"
                logger.warning(text, file.path, error)
            yield


def _connect(url: str, timeout: float) -> http.client.HTTPConnection:
    """An open connection to the API. Raises KrakenNetworkError where there is none to be had,
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
        raise KrakenNetworkError(f"{text}; nothing was sent", retry_after=0.5) from error
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

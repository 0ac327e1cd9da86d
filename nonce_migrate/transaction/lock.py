"""One run at a time for each project: a lock on a file, which dies with the process that has it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from nonce_migrate.errors import ProjectError
from nonce_migrate.transaction.content import adopt
from nonce_migrate.transaction.store import LOCK, Store

try:
    import fcntl
except ImportError:  # Windows: two runs at once are only told apart by the contents of the files.
    fcntl = None  # type: ignore[assignment]

PATIENCE_S = 10.0
_PAUSE_S = 0.05
_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)


class BusyError(ProjectError):
    """Another process has the lock."""


@contextmanager
def locked(store: Store, patience_s: float = PATIENCE_S) -> Iterator[None]:
    """Has the project to itself while the block runs, and makes the store's folder if need be.

    Raises BusyError where another process has it for longer than the patience, ProjectError where
    the folder cannot be used. A folder that holds nothing afterwards is taken away again.
    """
    descriptor = _acquire(store, time.monotonic() + patience_s)
    try:
        yield
    finally:
        with suppress(OSError):
            store.clear()
        os.close(descriptor)


def _acquire(store: Store, deadline: float) -> int:
    """A locked descriptor. The file may vanish with its folder while one waits for it."""
    path = store.folder / LOCK
    while True:
        descriptor = None
        try:
            store.prepare()
            descriptor = os.open(path, _FLAGS, 0o666)
            if _try_lock(descriptor):
                if _is_still(path, descriptor):
                    adopt(store.disk, path)
                    store.prepare()
                    _sign(descriptor)
                    return descriptor
            elif time.monotonic() > deadline:
                raise BusyError(
                    f"{store.root}: another run of nonce-migrate{_owner(path)} is at work here: "
                    "wait for its end and try again"
                )
            else:
                time.sleep(_PAUSE_S)
        except OSError as error:
            _close(descriptor)
            is_race = isinstance(error, FileNotFoundError | FileExistsError)
            if is_race and time.monotonic() < deadline:
                time.sleep(_PAUSE_S)
                continue
            with suppress(OSError):
                store.clear()
            raise ProjectError(f"{path}: {error.strerror}: nothing was written") from None
        except ProjectError:
            _close(descriptor)
            raise
        _close(descriptor)


def _try_lock(descriptor: int) -> bool:
    if fcntl is None:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_still(path: Path, descriptor: int) -> bool:
    """Whether what was locked is what others will lock."""
    return os.path.samestat(os.fstat(descriptor), path.stat())


def _sign(descriptor: int) -> None:
    """Leaves the process's number for others to read; nothing depends on it."""
    with suppress(OSError):
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, b"%d\n" % os.getpid(), 0)


def _owner(path: Path) -> str:
    with suppress(OSError, ValueError):
        return f" (process {int(path.read_bytes())})"
    return ""


def _close(descriptor: int | None) -> None:
    if descriptor is not None:
        os.close(descriptor)

"""Imports modules, each in a process of its own, without network. Run by the bot's own Python.

Standard library and Python 3.9 alone, since that interpreter has nothing of ours. Standard input:
JSON with `paths` (for sys.path), `modules` ([name, folder of the file]), `limit_s` (for each) and
`writable` (the folders that may be written to). Standard output: JSON, module -> "" or the error.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import json
import os
import select
import signal
import sys
import time
import traceback
from typing import Any

# <linux/sched.h>
_CLONE_NEWNET, _CLONE_NEWUSER = 0x40000000, 0x10000000
_ANSWER = b">"
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_LONGEST = 4000
_FORBIDDEN = frozenset(
    {
        *("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"),
        *("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"),
        *("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.forkpty"),
        *("os.fork", "os.kill", "os.killpg", "signal.pthread_kill"),
    }
)
_CHANGES = {
    "os.remove": (0,),
    "os.rmdir": (0,),
    "os.mkdir": (0,),
    "os.rename": (0, 1),
    "os.link": (1,),
    "os.symlink": (1,),
    "os.truncate": (0,),
    "os.chmod": (0,),
    "os.chown": (0,),
    "os.utime": (0,),
    "shutil.rmtree": (0,),
}


def main() -> None:
    request = json.load(sys.stdin)
    answer_to = os.dup(1)
    waiting = list(reversed(request["modules"]))
    running: dict[int, tuple[str, int, float]] = {}
    results: dict[str, str] = {}
    while waiting or running:
        while waiting and len(running) < (os.cpu_count() or 1):
            name, folder = waiting.pop()
            child, pipe = start(name, [*request["paths"], folder], request["writable"])
            running[child] = (name, pipe, time.monotonic() + request["limit_s"])
        collect(running, results, request["limit_s"])
    os.write(answer_to, b"\n" + json.dumps(results).encode())


def start(name: str, paths: list[str], writable: list[str]) -> tuple[int, int]:
    """Forks a process that imports a module; gives its id and the end of a pipe to read from."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child:
        os.close(theirs)
        return child, ours
    try:
        os.setsid()
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        error = import_one(name, paths, writable)
        data = _ANSWER + error.encode(errors="backslashreplace")[-_LONGEST:]
        while data:
            data = data[os.write(theirs, data) :]
    finally:
        os._exit(0)


def import_one(name: str, paths: list[str], writable: list[str]) -> str:
    """The error as text, "" where the import went well."""
    leave_network()
    sys.path[:] = [*paths, *sys.path]
    sys.argv[:] = [name]
    sys.addaudithook(Guard(writable))
    try:
        importlib.import_module(name)
    except BaseException:  # A module may raise anything, SystemExit too.
        return traceback.format_exc()
    return ""


def leave_network() -> None:
    """A network of its own with nothing in it, where the system allows that."""
    with contextlib.suppress(OSError, AttributeError, TypeError):
        unshare = ctypes.CDLL(None).unshare
        if unshare(_CLONE_NEWNET):
            unshare(_CLONE_NEWNET | _CLONE_NEWUSER)


class Guard:
    """An audit hook (PEP 578) that refuses network, processes, and changes outside of a copy."""

    def __init__(self, writable: list[str]) -> None:
        self.writable = tuple(f"{os.path.realpath(path)}{os.sep}" for path in writable)

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in _FORBIDDEN:
            raise PermissionError(f"nonce-migrate: {event} is not allowed while importing")
        if event == "open" and arguments[2] & _WRITING:
            self.check(arguments[0])
        for index in _CHANGES.get(event, ()):
            self.check(arguments[index])

    def check(self, path: object) -> None:
        if not isinstance(path, (str, bytes)):
            return
        real = os.path.realpath(os.fsdecode(path))
        if real != os.devnull and not real.startswith(self.writable):
            raise PermissionError(f"nonce-migrate: {real} must not be written while importing")


def collect(
    running: dict[int, tuple[str, int, float]], results: dict[str, str], limit_s: float
) -> None:
    """Waits a moment and takes in what has ended or is late."""
    ends = {pipe: child for child, (_, pipe, _) in running.items()}
    for pipe in select.select(list(ends), [], [], 0.1)[0]:
        child = ends[pipe]
        name = running.pop(child)[0]
        with os.fdopen(pipe, "rb") as stream:
            answer = stream.read()
        end(child)
        died = "the process ended before the import did"
        is_whole = answer.startswith(_ANSWER)
        results[name] = answer[1:].decode(errors="backslashreplace") if is_whole else died
    now = time.monotonic()
    for child, (name, pipe, deadline) in list(running.items()):
        if now > deadline:
            del running[child]
            end(child)
            os.close(pipe)
            results[name] = f"the import did not end in {limit_s:g} s"


def end(child: int) -> None:
    """Ends a process and what it started. One that has written its answer is at its end."""
    with contextlib.suppress(OSError):
        os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)


if __name__ == "__main__":
    del sys.path[0]
    main()

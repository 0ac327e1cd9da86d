"""Work in other processes, which inherit what they work on and end with this one."""

from __future__ import annotations

import os
import pickle
import select
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Generic, NamedTuple, NoReturn, TypeVar, cast

Asked = TypeVar("Asked")
Given = TypeVar("Given")

_LENGTH = 8  # bytes before each object that say how many follow
_MOST_PARTS = 256


def processes(items: int, jobs: int, worth: int) -> int:
    """How many processes to work with.

    jobs: how many may work, 0 as many as there are cores. worth: the items below which one process
    more costs more than it saves.
    """
    if not hasattr(os, "fork"):
        return 1
    return max(1, min(jobs or os.cpu_count() or 1, items // worth))


def spread(
    work: Callable[[Asked], Given], items: Sequence[Asked], jobs: int, worth: int
) -> list[Given]:
    """What `work` gives for each item, in their order, done on every core where that pays.

    Each process takes the next part when it is through with one, so that all end together. Only
    what `work` gives comes back, so it must change nothing. Raises what it raises. jobs, worth: as
    for `processes`.
    """
    count = processes(len(items), jobs, worth)
    if count == 1:
        return [work(item) for item in items]
    parts = min(len(items), _MOST_PARTS)
    with _numbers(parts) as taken:

        def share(_: None) -> list[tuple[int, list[Given]]]:
            return [(part, [work(item) for item in items[part::parts]]) for part in taken]

        helpers: list[Helper[None, list[tuple[int, list[Given]]]]] = []
        try:
            for _ in range(1, count):
                Helper(share, helpers).ask(None)
            done = dict(share(None))
            for helper in helpers:
                done.update(helper.answer())
        finally:
            for helper in helpers:
                helper.close()
    return [done[index % parts][index // parts] for index in range(len(items))]


@contextmanager
def _numbers(count: int) -> Iterator[Iterator[int]]:
    """The numbers below count, at most 256: each is given once, to whichever process asks next.

    They are bytes in a pipe, as the tokens of make's job server are.
    """
    reading, writing = os.pipe()
    try:
        os.write(writing, bytes(range(count)))
    finally:
        os.close(writing)
    try:
        yield (token[0] for token in iter(lambda: os.read(reading, 1), b""))
    finally:
        os.close(reading)


class _Failed(NamedTuple):
    error: Exception


class _Channel:
    """Sends and receives objects over a pair of pipes."""

    def __init__(self, reading: int, writing: int) -> None:
        self._reading = reading
        self._writing = writing

    def send(self, message: object, take: Callable[[Any], None] | None = None) -> None:
        """Waits until all of it is in the pipe. Raises OSError where nobody reads it any more.

        take: is given what arrives meanwhile, so that two ends that both send never wait for each
        other.
        """
        data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
        rest = memoryview(len(data).to_bytes(_LENGTH, "little") + data)
        while rest:
            if take is not None and not self._has_room():
                take(self.receive())
                continue
            rest = rest[os.write(self._writing, rest[: select.PIPE_BUF]) :]

    def receive(self) -> Any:
        """The next object. Raises EOFError where none will come."""
        length = int.from_bytes(self._exactly(_LENGTH), "little")
        return pickle.loads(self._exactly(length))

    def holds_something(self) -> bool:
        """Whether the other end has begun to send, or is gone."""
        polled = select.poll()
        polled.register(self._reading, select.POLLIN)
        return bool(polled.poll(0))

    def _has_room(self) -> bool:
        """Waits until something can be sent (True), or at least something has arrived (False)."""
        polled = select.poll()
        polled.register(self._reading, select.POLLIN)
        polled.register(self._writing, select.POLLOUT)
        return any(handle == self._writing for handle, _ in polled.poll())

    def close(self) -> None:
        """Lets go of both pipes."""
        os.close(self._reading)
        os.close(self._writing)

    def _exactly(self, count: int) -> bytes:
        parts = []
        while count:
            part = os.read(self._reading, min(count, 1 << 20))
            if not part:
                raise EOFError
            parts.append(part)
            count -= len(part)
        return b"".join(parts)


def _channels() -> tuple[_Channel, _Channel]:
    """Two ends that speak to each other."""
    here, there = os.pipe(), os.pipe()
    return _Channel(here[0], there[1]), _Channel(there[0], here[1])


class Helper(Generic[Asked, Given]):
    """Another process that answers questions. It ends with this one, whatever ends this one.

    It is made by `fork` alone, since loading multiprocessing takes longer than many a search.
    """

    def __init__(self, answer: Callable[[Asked], Given], among: list[Helper[Asked, Given]]) -> None:
        """answer: is inherited, not sent. among: the helpers that run; this one is added, so that
        Ctrl-C never finds it running and nobody to end it.
        """
        self._ours, theirs = _channels()
        inherited = [*(helper._ours for helper in among), self._ours]
        self.open = 0  # questions whose answers nobody has taken yet
        self._arrived: deque[object] = deque()
        old = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            self.pid = os.fork()
            if self.pid == 0:
                _serve(answer, theirs, inherited)
            among.append(self)
            theirs.close()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, old)

    def ask(self, question: Asked) -> None:
        """Hands the helper a question, and does not wait for the answer."""
        self._ours.send(question, self._arrived.append)
        self.open += 1

    def has_answered(self) -> bool:
        """Whether an answer is there already."""
        return bool(self._arrived) or (self.open > 0 and self._ours.holds_something())

    def answer(self) -> Given:
        """The answer to the question asked first of those that are open. Raises what it raised."""
        answer = self._arrived.popleft() if self._arrived else self._ours.receive()
        self.open -= 1
        if isinstance(answer, _Failed):
            raise answer.error
        return cast("Given", answer)

    def close(self) -> None:
        """Ends the process, whatever it is at."""
        self._ours.close()
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGTERM)
        with suppress(ChildProcessError):
            os.waitpid(self.pid, 0)


def _serve(
    answer: Callable[[Any], Any], channel: _Channel, inherited: Sequence[_Channel]
) -> NoReturn:
    """Answers until the other end is closed, or its process has died; never comes back."""
    try:
        # Ctrl-C reaches the whole group: the parent tells of it, and closes the pipes.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        for other in inherited:
            other.close()  # Else this process would keep the parent's ends open after its death.
        while True:
            channel.send(_answered(answer, channel.receive()))
    finally:
        os._exit(0)


def _answered(answer: Callable[[Any], Any], question: object) -> object:
    try:
        return answer(question)
    except Exception as error:
        return _Failed(error)

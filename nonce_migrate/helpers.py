"""Work in other processes, which inherit what they work on and end with this one."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

Asked = TypeVar("Asked")
Given = TypeVar("Given")


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

    Only what it gives comes back, so it must change nothing. Raises what it raises. jobs, worth:
    as for `processes`.
    """
    count = processes(len(items), jobs, worth)

    def share(number: int) -> list[Given]:
        return [work(item) for item in items[number::count]]

    helpers: list[Helper[int, list[Given]]] = []
    try:
        for number in range(1, count):
            helpers.append(Helper(share, helpers))
            helpers[-1].ask(number)
        parts = [share(0), *(helper.answer() for helper in helpers)]
    finally:
        for helper in helpers:
            helper.close()
    return [parts[index % count][index // count] for index in range(len(items))]


@dataclass(frozen=True, slots=True)
class _Failed:
    error: Exception


class Helper(Generic[Asked, Given]):
    """Another process that answers questions. It ends with this one, whatever ends this one."""

    def __init__(
        self, answer: Callable[[Asked], Given], before: Sequence[Helper[Asked, Given]]
    ) -> None:
        """answer: is inherited, not sent. before: the helpers that run already."""
        import signal
        from multiprocessing import get_context

        context = get_context("fork")
        self._ours, theirs = context.Pipe()
        inherited = [*(helper._ours for helper in before), self._ours]
        self._process: BaseProcess = context.Process(
            target=_serve, args=(answer, theirs, inherited), daemon=True
        )
        # Until the helper ignores it, Ctrl-C must not reach it.
        old = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            self._process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, old)
        theirs.close()
        self.open = 0  # questions that are not answered yet

    @property
    def pid(self) -> int | None:
        """The process's number."""
        return self._process.pid

    def ask(self, question: Asked) -> None:
        """Hands the helper a question, and does not wait."""
        self._ours.send(question)
        self.open += 1

    def has_answered(self) -> bool:
        """Whether an answer is there already."""
        return self.open > 0 and self._ours.poll()

    def answer(self) -> Given:
        """The answer to the question asked first of those that are open. Raises what it raised."""
        answer = self._ours.recv()
        self.open -= 1
        if isinstance(answer, _Failed):
            raise answer.error
        return cast("Given", answer)

    def close(self) -> None:
        """Ends the process, whatever it is at."""
        self._ours.close()
        self._process.terminate()
        self._process.join()


def _serve(
    answer: Callable[[Any], Any], connection: Connection, inherited: Sequence[Connection]
) -> None:
    """Answers until the other end is closed, or its process has died."""
    import signal

    # Ctrl-C reaches the whole group: the parent tells of it, and closes the connection.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    for other in inherited:
        other.close()  # Else this process would keep the parent's ends open after its death.
    try:
        while True:
            connection.send(_answered(answer, connection.recv()))
    except (EOFError, OSError):
        return


def _answered(answer: Callable[[Any], Any], question: object) -> object:
    try:
        return answer(question)
    except Exception as error:
        return _Failed(error)

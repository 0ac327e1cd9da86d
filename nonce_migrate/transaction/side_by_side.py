"""Waits for the disk with several things at a time, since most of the time goes there."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import TypeVar

Item = TypeVar("Item")
_AT_ONCE = 8


def side_by_side(wait: Callable[[Item], None], items: Sequence[Item]) -> None:
    """Calls `wait` with every item, in threads, and comes back when all of them are through.

    Raises what one of the calls raised; no further ones are begun then.
    """
    waiting = deque(items)
    errors: list[BaseException] = []

    def go_on() -> None:
        try:
            while waiting:
                wait(waiting.popleft())
        except IndexError:  # another one took the last
            return
        except BaseException as error:
            waiting.clear()
            errors.append(error)

    _run_all(go_on, min(_AT_ONCE, len(items)))
    if errors:
        raise errors[0]


def _run_all(go_on: Callable[[], None], count: int) -> None:
    """Runs it so often side by side, once of that here."""
    from threading import Thread

    threads = [Thread(target=go_on) for _ in range(count - 1)]
    try:
        for thread in threads:
            thread.start()
        go_on()
    finally:
        for thread in threads:
            if thread.ident is not None:
                thread.join()

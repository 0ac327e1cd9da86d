"""Memory for trees of syntax, which live as long as the run that made them."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def long_lived_objects() -> Iterator[None]:
    """Looks for no garbage meanwhile: it goes through millions of nodes, none of them garbage.

    Leaves the collector as it was.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def one_run() -> Iterator[None]:
    """The same for a whole run of the engine.

    In a process that looks for garbage never, what the run before this one left is let go of
    first: the last run's is never gone through, since the memory of the process goes with it.
    """
    if not gc.isenabled() and gc.get_count()[0] > gc.get_threshold()[0]:
        gc.collect()
    with long_lived_objects():
        yield

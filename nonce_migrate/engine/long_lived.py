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

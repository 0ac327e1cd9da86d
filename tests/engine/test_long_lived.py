from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from nonce_migrate.engine.long_lived import one_run


class Knot:
    """Something that only the collector frees."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def restored() -> Iterator[None]:
    threshold, was_on = gc.get_threshold(), gc.isenabled()
    yield
    gc.set_threshold(*threshold)
    if was_on:
        gc.enable()


def left_by_a_run() -> weakref.ref[Knot]:
    with one_run():
        knot = Knot()
        kept = [[] for _ in range(2000)]  # type: ignore[var-annotated]
        found = weakref.ref(knot)
        del knot, kept
    return found


@pytest.mark.usefixtures("restored")
def test_a_run_frees_what_the_run_before_left_where_nothing_else_does() -> None:
    gc.collect()
    gc.set_threshold(1000)
    gc.disable()
    many = []
    left = left_by_a_run()
    many += [[index] for index in range(2000)]
    assert left() is not None, "the last run of a process goes through nothing"
    with one_run():
        assert left() is None
    assert not gc.isenabled()


@pytest.mark.usefixtures("restored")
def test_a_collector_that_is_on_is_on_afterwards() -> None:
    gc.enable()
    with one_run():
        assert not gc.isenabled()
    assert gc.isenabled()

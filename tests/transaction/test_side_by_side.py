from __future__ import annotations

import threading

import pytest

from nonce_migrate.transaction.side_by_side import side_by_side


@pytest.mark.parametrize("count", [0, 1, 2, 7, 100])
def test_everything_is_through_when_it_comes_back(count: int) -> None:
    done: list[int] = []
    side_by_side(done.append, range(count))
    assert sorted(done) == list(range(count))


def test_several_wait_at_the_same_time() -> None:
    meeting = threading.Barrier(4, timeout=10)
    side_by_side(lambda item: void(meeting.wait()), range(4))
    assert not meeting.broken


def void(_: int) -> None:
    """A barrier gives each who waits a number."""


@pytest.mark.parametrize("bad", [0, 5, 19])
def test_what_one_raises_is_raised_and_ends_the_rest(bad: int) -> None:
    begun: list[int] = []

    def wait(item: int) -> None:
        begun.append(item)
        if item == bad:
            raise OSError(5, "made to fail")

    before = threading.active_count()
    with pytest.raises(OSError, match="made to fail"):
        side_by_side(wait, range(20))
    assert bad in begun
    assert threading.active_count() == before


def test_ctrl_c_in_one_ends_all() -> None:
    def wait(item: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        side_by_side(wait, range(20))

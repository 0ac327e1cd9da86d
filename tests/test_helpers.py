"""Work in other processes: the same results in the same order, and errors as they were raised."""

from __future__ import annotations

import os
import time

import pytest

from nonce_migrate.helpers import Helper, processes, spread


@pytest.mark.parametrize("count", range(8))
@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_results_come_in_the_order_of_the_items(count: int, jobs: int) -> None:
    items = list(range(count))

    assert spread(lambda item: item * item, items, jobs, 1) == [item * item for item in items]


def test_the_work_is_done_in_as_many_processes_as_asked_for() -> None:
    def work(item: int) -> int:
        time.sleep(0.1)
        return os.getpid()

    assert len(set(spread(work, range(9), 3, 1))) == 3
    assert set(spread(work, range(2), 3, 10)) == {os.getpid()}


def test_who_is_through_early_takes_over_what_is_left() -> None:
    def work(item: int) -> int:
        time.sleep(0.8 if item == 0 else 0.001)
        return os.getpid()

    slow, *others = spread(work, range(200), 2, 1)
    assert others.count(slow) < 50


def test_there_may_be_more_items_than_parts() -> None:
    assert spread(lambda item: -item, range(1000), 2, 1) == [-item for item in range(1000)]


@pytest.mark.parametrize("wrong", [0, 1, 2])
def test_an_error_is_raised_whichever_process_meets_it(wrong: int) -> None:
    def work(item: int) -> int:
        if item == wrong:
            raise ValueError(f"item {item}")
        return item

    with pytest.raises(ValueError, match=f"item {wrong}"):
        spread(work, range(3), 3, 1)


def test_few_items_are_worth_no_second_process() -> None:
    assert processes(9, 4, 10) == 1
    assert processes(25, 4, 10) == 2
    assert processes(25, 1, 1) == 1


def test_questions_and_answers_larger_than_any_pipe_pass_each_other() -> None:
    helpers: list[Helper[bytes, bytes]] = []
    helper = Helper(lambda question: question * 2, helpers)
    try:
        sizes = [1 << 20, 0, 5, 3 << 20]
        for size in sizes:
            helper.ask(b"x" * size)
        assert [len(helper.answer()) for _ in sizes] == [2 * size for size in sizes]
        assert helper.open == 0
        assert not helper.has_answered()
    finally:
        helper.close()
    assert helpers == [helper]

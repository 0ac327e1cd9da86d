from __future__ import annotations

import itertools

import pytest

from nonce_migrate.verify.bisect import fewest

_ITEMS = [f"{number:02}" for number in range(23)]


@pytest.mark.parametrize(
    "culprits", [{"00"}, {"22"}, {"11"}, {"03", "19"}, {"00", "01", "02"}, set(_ITEMS[::5])]
)
def test_it_finds_exactly_what_it_takes(culprits: set[str]) -> None:
    asked: list[frozenset[str]] = []

    def fails(part: frozenset[str]) -> bool:
        asked.append(part)
        return culprits <= part

    assert set(fewest(_ITEMS, fails)) == culprits
    assert len(asked) == len(set(asked)) < 120


def test_one_of_several_causes_is_enough() -> None:
    found = fewest(_ITEMS, lambda part: bool({"04", "17"} & part))
    assert found in [("04",), ("17",)]


def test_it_takes_about_twice_the_logarithm_for_one_culprit() -> None:
    for culprit, size in itertools.product(("000", "511", "300"), (512,)):
        asked: list[frozenset[str]] = []
        items = [f"{number:03}" for number in range(size)]
        fewest(items, lambda part, c=culprit, a=asked: not a.append(part) and c in part)  # type: ignore[misc]
        assert len(asked) <= 18

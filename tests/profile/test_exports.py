from __future__ import annotations

import ast

import pytest

from nonce_migrate.profile.exports import names_in_all, packaged_source
from nonce_migrate.profile.packaged import read_packaged


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("", set()),
        ("__all__ = ['a', 'b']", {"a", "b"}),
        ("__all__ = ('a',)\n__all__ = ['c']", {"c"}),
        ("def f():\n    __all__ = ['a']", set()),
        ("__all__: list[str] = ['a']", {"a"}),
    ],
)
def test_the_names_are_those_of_all(source: str, expected: set[str]) -> None:
    assert names_in_all(ast.parse(source)) == expected


def test_the_packaged_manager_offers_its_entry_points() -> None:
    exports = read_packaged(packaged_source()).exports
    assert {"ConsolidatedNonceManager", "get_nonce_manager", "get_nonce"} <= exports

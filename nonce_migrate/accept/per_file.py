"""Codes that are accepted in all files of a pattern."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from nonce_migrate.model import Code

if TYPE_CHECKING:
    from nonce_migrate.discover.ignore import Level


class PerFile(NamedTuple):
    """rules: a pattern as it is written, what it names, and the codes that it accepts."""

    rules: tuple[tuple[str, Level, frozenset[Code]], ...] = ()

    def pattern_for(self, path: str, code: Code) -> str:
        """The first pattern that accepts a code in a file (relative to the root), "" for none."""
        if not self.rules:
            return ""
        from nonce_migrate.discover.levels import is_named

        for pattern, level, codes in self.rules:
            if code in codes and is_named(level, path):
                return pattern
        return ""


NOTHING = PerFile()


def per_file(ignores: Mapping[str, Sequence[str]]) -> PerFile:
    """The rules for patterns of .gitignore, each with codes or their first letters."""
    if not ignores:
        return NOTHING
    from nonce_migrate.discover.levels import level_of_patterns

    return PerFile(
        tuple(
            (
                pattern,
                level_of_patterns([pattern]),
                frozenset(code for code in Code if code.startswith(tuple(codes))),
            )
            for pattern, codes in ignores.items()
        )
    )

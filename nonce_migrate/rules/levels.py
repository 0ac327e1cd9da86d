"""Tells from what a careful and a daring run would do how sure each edit is."""

from __future__ import annotations

from collections.abc import Sequence

from nonce_migrate.model import Finding, Safety


def with_levels(
    careful: Sequence[Finding], daring: Sequence[Finding], accept: Safety
) -> tuple[Finding, ...]:
    """The findings of one file, each with its level, in the order of the text.

    careful: as a run decides that makes safe edits only. daring: the same references in the same
    order, as a run decides that makes unsafe ones too. What only the daring run edits is
    unsafe, and keeps the careful run's reason: that is the guess. accept: whose texts are told.
    """
    return tuple(sorted(_level(*pair, accept) for pair in zip(careful, daring, strict=True)))


def _level(careful: Finding, daring: Finding, accept: Safety) -> Finding:
    if daring.safety is Safety.MANUAL:
        return daring
    if careful.safety is not Safety.MANUAL:
        return daring if accept is Safety.UNSAFE else careful
    return daring._replace(safety=Safety.UNSAFE, reason=careful.reason, step=careful.step)

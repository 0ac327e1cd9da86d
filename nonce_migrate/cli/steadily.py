"""Looks at a project while no other run is changing it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from nonce_migrate.engine import Options, Progress

T = TypeVar("T")


def steadily(
    look: Callable[[Options, Progress | None], T], options: Options, progress: Progress | None
) -> T:
    """What the engine gives for a project in which nothing is half done.

    What an earlier run left so is settled first, and told of. Raises ProjectError.
    """
    from nonce_migrate.cli.output import complain
    from nonce_migrate.transaction.steady import steady

    return steady(options.root, lambda: look(options, progress), complain)

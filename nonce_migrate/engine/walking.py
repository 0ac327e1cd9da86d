"""Which files a run looks at."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nonce_migrate.discover import Walk, walk
from nonce_migrate.engine.options import Options


def walked(options: Options, take: Callable[[Sequence[str]], None] | None = None) -> Walk:
    """The files of the project, and of what was asked for besides. take: see walk."""
    asked = [p.relative_to(options.root).as_posix() for p in options.paths if p != options.root]
    exclude = (*options.profile.exclude, *options.exclude)
    return walk(options.root, exclude, asked=asked, kinds=options.kinds, take=take)

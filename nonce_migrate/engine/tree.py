"""The bytes of a project's files, as they are or as a plan would leave them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from nonce_migrate.discover import read_file

_MOST_BYTES = 2 << 20


class Tree:
    """The bytes of a project's files, with some replaced by what a plan would write."""

    def __init__(self, root: Path, overlay: Mapping[str, bytes] | None = None) -> None:
        self.root = root
        self.overlay = overlay or {}

    def read(self, path: str) -> bytes:
        """A file's bytes. Raises OSError."""
        if path in self.overlay:
            return self.overlay[path]
        return read_file(str(self.root), path)

    def is_small(self, path: str) -> bool:
        """Whether a file has a size at which it can name modules; above that it is data."""
        if path in self.overlay:
            return True
        try:
            return os.stat(f"{self.root}/{path}").st_size <= _MOST_BYTES  # noqa: PTH116
        except OSError:
            return True  # reading it tells what is wrong

"""Tells from a module's text that it leaves `sys.path` alone, as most do."""

from __future__ import annotations

import re

# Without a look at what stands before it, the search is for a fixed text first.
_SYS_PATH = re.compile(r"sys[\s\\]*\.[\s\\]*path\b")


def may_add_folders(text: str) -> bool:
    """Whether a module of that text may put folders on `sys.path`."""
    return _SYS_PATH.search(text) is not None

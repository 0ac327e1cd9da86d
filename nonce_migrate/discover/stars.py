"""Tells from a file's bytes whether it may import everything from one of some modules."""

from __future__ import annotations

import os
import re
from collections.abc import Set

_STAR = re.compile(rb"import[ \t\f\\\r\n]*\*")
_BLANK = re.compile(rb"[ \t\f\\\r\n]+")


class Stars:
    """Looks for `from module import *`. It may let a file pass in vain, but keeps none back.

    Files in an encoding that does not contain ASCII are for the search for words to let pass.
    """

    def __init__(self, modules: Set[str]) -> None:
        """modules: last parts of dotted names; "" for `from . import *`."""
        self._modules = frozenset(os.fsencode(name) for name in modules)

    def may_bring(self, data: bytes) -> bool:
        """Whether a file with that content may import everything from one of the modules."""
        if not self._modules:
            return False
        return any(self._names_one(data, match.start()) for match in _STAR.finditer(data))

    def _names_one(self, data: bytes, end: int) -> bool:
        """Whether the statement whose `import` starts at `end` names one of the modules."""
        start = data.rfind(b"from", 0, end)
        if start < 0:
            return False
        name = _BLANK.sub(b"", data[start + 4 : end]).rpartition(b".")[2]
        return name in self._modules or not name.isascii()

"""What a shim is, and how a file is known to be one."""

from __future__ import annotations

import re
from dataclasses import dataclass

MARKER = "# nonce-migrate: deprecation shim"

_LINES_LOOKED_AT = 5
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Shim:
    """A legacy module turned into a shim.

    text: the complete new source, with "\\n" line ends and no encoding declaration (so UTF-8).
    kept_names: the other top-level names of the module that stay importable, in the order of the
    source. dropped: what could not be kept, one line each, with its line number in the source.
    """

    text: str
    kept_names: tuple[str, ...]
    dropped: tuple[str, ...]


def is_shim(content: str | bytes) -> bool:
    """Whether a file's content is a shim: its marker is one of the first five lines."""
    if isinstance(content, bytes):
        content = content[:1024].decode("utf-8", errors="replace")
    lines = _LINE_END.split(content.removeprefix("\ufeff"), maxsplit=_LINES_LOOKED_AT)
    return any(line.rstrip() == MARKER for line in lines[:_LINES_LOOKED_AT])

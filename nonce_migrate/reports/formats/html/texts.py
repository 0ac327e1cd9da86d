"""A file's bytes as lines that can be shown beside others."""

from __future__ import annotations

from functools import cached_property
from itertools import accumulate

from nonce_migrate.reports.formats.html.colours import Colours, Styled
from nonce_migrate.source import UnparsableError, decode

_PYTHON = (".py", ".pyi", ".pyw")
_CRLF = "\r\n"


class Text:
    """The lines of a file, without their ends; a byte that cannot be read is an escape.

    ends: `\\r\\n` where all lines end so, else `\\n`; then a CR is part of its line. is_ended:
    whether the last line has an end.
    """

    def __init__(self, path: str, data: bytes) -> None:
        self._is_python = path.endswith(_PYTHON)
        self._text = _decoded(path, data) if self._is_python else _escaped(data)
        lines = self._text.split("\n")
        self.is_ended = lines[-1] == ""
        ended = lines[:-1]
        has_crlf = bool(ended) and all(line.endswith("\r") for line in ended)
        self.ends = _CRLF if has_crlf else "\n"
        self._raw = ended if self.is_ended else lines
        self.lines = [line.removesuffix("\r") for line in self._raw] if has_crlf else self._raw

    def styles(self, index: int) -> list[Styled]:
        """The coloured parts of a line, in order; none where the file is no Python."""
        if not self._is_python:
            return []
        start = self._starts[index]
        return self._colours.line(start, start + len(self.lines[index]))

    @cached_property
    def _colours(self) -> Colours:
        return Colours(self._text)

    @cached_property
    def _starts(self) -> list[int]:
        return list(accumulate((len(line) + 1 for line in self._raw), initial=0))


def _decoded(path: str, data: bytes) -> str:
    """As Python reads it (PEP 263)."""
    try:
        return decode(path, data).text
    except UnparsableError:
        return _escaped(data)


def _escaped(data: bytes) -> str:
    return data.decode(errors="backslashreplace")

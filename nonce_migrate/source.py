"""A Python file as text that can be turned back into exactly the same bytes.

Positions: `ast` counts lines from 1 and columns in UTF-8 bytes; everything here speaks of offsets
in characters from the start of the text, so that pieces can be cut out and put back.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
import warnings
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from nonce_migrate.errors import NonceMigrateError

_LINE_END = re.compile(r"\r\n|\r|\n")
_BOM = "\ufeff"


class UnparsableError(NonceMigrateError):
    """A file that cannot be looked into: line (0 where there is none) and reason."""

    def __init__(self, line: int, reason: str) -> None:
        self.line = line
        self.reason = reason
        super().__init__(f"line {line}: {reason}" if line else reason)


class Hidden(NamedTuple):
    """Code in a text that the parser does not see: its line (from 1), and what it says."""

    line: int
    text: str


@dataclass(frozen=True)
class Source:
    """A decoded Python file. text has no BOM and the line ends of the file.

    Of Python that is a part of a document: sections: the lines (from 1) at which a part begins
    that statements are not moved out of. hidden: what is left alone, and may use the names here.
    is_fragment: names may be bound out of sight.
    """

    path: str
    text: str
    encoding: str
    has_bom: bool
    sections: tuple[int, ...] = ()
    hidden: tuple[Hidden, ...] = ()
    is_fragment: bool = False

    def section(self, line: int) -> int:
        """Which part a line belongs to."""
        return bisect_right(self.sections, line)

    def encode(self, text: str) -> bytes:
        """The bytes of a file that holds `text` in this file's encoding.

        Raises UnicodeEncodeError where the encoding lacks a character of it.
        """
        return (_BOM + text if self.has_bom else text).encode(self.encoding)

    @cached_property
    def line_starts(self) -> tuple[int, ...]:
        """Offset of the start of each line, as the Python tokenizer counts lines."""
        return (0, *(match.end() for match in _LINE_END.finditer(self.text)))

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree. Raises UnparsableError."""
        return parse(self.text)

    @cached_property
    def newline(self) -> str:
        """The line end that the file uses first, "\\n" where it has none."""
        match = _LINE_END.search(self.text)
        return match.group() if match else "\n"

    def offset(self, line: int, utf8_column: int) -> int:
        """Character offset of a position of `ast`."""
        start = self.line_starts[line - 1]
        end = self.line_starts[line] if line < len(self.line_starts) else len(self.text)
        row = self.text[start:end]
        if row.isascii():
            return start + utf8_column
        return start + len(row.encode()[:utf8_column].decode(errors="replace"))

    def span(self, node: ast.expr | ast.stmt | ast.alias | ast.arg | ast.keyword) -> Span:
        """The part of the text that a node covers."""
        assert node.end_lineno is not None and node.end_col_offset is not None
        return Span(
            self.offset(node.lineno, node.col_offset),
            self.offset(node.end_lineno, node.end_col_offset),
        )

    def slice(self, span: Span) -> str:
        """The text of a span."""
        return self.text[span.start : span.end]

    def column(self, line: int, utf8_column: int) -> int:
        """1-based column in characters, for people."""
        return self.offset(line, utf8_column) - self.line_starts[line - 1] + 1


class Span(NamedTuple):
    """A half-open range of characters."""

    start: int
    end: int


def decode(path: str, data: bytes) -> Source:
    """Decodes a file as Python does (PEP 263). Raises UnparsableError.

    The text encodes back to the same bytes, else the file is refused.
    """
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    except SyntaxError as error:
        raise UnparsableError(1, str(error.msg)) from None
    has_bom = encoding == "utf-8-sig"
    if has_bom:
        encoding = "utf-8"
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        line = data.count(b"\n", 0, getattr(error, "start", 0)) + 1
        raise UnparsableError(line, f"not valid {encoding}") from None
    source = Source(path, text.removeprefix(_BOM) if has_bom else text, encoding, has_bom)
    if source.encode(source.text) != data:
        raise UnparsableError(1, f"does not survive decoding and encoding as {encoding}")
    return source


def parse(text: str) -> ast.Module:
    """The syntax tree of a module's text. Raises UnparsableError, whatever the text holds."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except SyntaxError as error:
            raise UnparsableError(error.lineno or 0, f"syntax error: {error.msg}") from None
        except ValueError as error:
            raise UnparsableError(0, str(error)) from None
        except (RecursionError, MemoryError):
            raise UnparsableError(0, "nested too deeply for the Python parser") from None

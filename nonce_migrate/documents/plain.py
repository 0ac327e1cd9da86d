"""Documents without Python of their own: configuration, other text, copies of Python."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping, Sequence

from nonce_migrate.documents.document import Change, Document, Prose, UnfitError
from nonce_migrate.documents.kinds import DocumentKind
from nonce_migrate.documents.own_reports import is_own_report

_WIDE = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_TABLE = re.compile(r"^[ \t]*\[{1,2}(?P<name>[^\]\r\n]*)\]", re.M)
_OWN_TABLE = re.compile(r"""tool[ \t]*\.[ \t]*["']?nonce-migrate["']?(?:[ \t]*\.|\Z)""")
_PROFILE = (re.compile(r"^target[ \t]*=", re.M), re.compile(r"^\[\[system\]\]", re.M))


class Plain(Document):
    """A document that is only read."""

    def __init__(self, path: str, kind: DocumentKind, data: bytes) -> None:
        text = _decoded(data)
        super().__init__(path, kind, text, (), list(_prose(path, kind, text)))

    def offset(self, piece: int, offset: int) -> int:
        """The offset itself: there are no pieces."""
        return offset

    def changed(self, changes: Mapping[int, Sequence[Change]]) -> bytes:
        """Raises UnfitError: nothing here is changed."""
        raise UnfitError(f"{self.path}: a document of this kind is left alone")


def _decoded(data: bytes) -> str:
    for mark, encoding in _WIDE.items():
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    return data.decode("utf-8-sig", errors="surrogateescape")


def _prose(path: str, kind: DocumentKind, text: str) -> Iterator[Prose]:
    if kind is DocumentKind.COPY:
        yield Prose(text, "it is in a copy or template of Python code, which is no module")
        return
    if is_own_report(text):
        return
    if path.endswith(".toml"):
        if all(pattern.search(text) for pattern in _PROFILE):
            return  # A profile of this tool names the legacy modules on purpose.
        yield from _other_tables(text)
    else:
        yield Prose(text, "it is data: what reads it cannot be seen")


def _other_tables(text: str) -> Iterator[Prose]:
    """A TOML file without the settings of this tool."""
    cursor, is_own = 0, False
    for match in (*_TABLE.finditer(text), None):
        end = match.start() if match else len(text)
        if not is_own:
            yield Prose(text[cursor:end], "it is data: what reads it cannot be seen", cursor)
        cursor = end
        is_own = match is not None and _OWN_TABLE.match(match["name"].strip()) is not None

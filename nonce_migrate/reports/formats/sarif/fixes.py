"""What an apply would make of a file, as SARIF's `fix` (3.55).

Editors apply the fix of one result alone. An edit of an import without those of its uses would
leave a broken file, so a fix holds all edits of its file; results of one file have equal fixes.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from nonce_migrate.documents.kinds import DocumentKind, kind_of
from nonce_migrate.plans import FileChange
from nonce_migrate.source import UnparsableError, decode

Object = dict[str, object]

NEWLINES = ("\r\n", "\n", "\r")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")
_LINE_END = re.compile(r"(?:\r\n|\n|\r)\Z")
_DEFAULT = "utf-8"
_DESCRIPTION = (
    "All edits of this file. They belong to one migration, which `nonce-migrate apply` makes at "
    "once, with the files that hang together and the module that everything moves to."
)


@dataclass(frozen=True, slots=True)
class Text:
    """A file's text without its byte order mark, and its encoding."""

    text: str
    encoding: str


def fix_of(change: FileChange, location: Object) -> Object:
    """The fix. location: of the file."""
    edits = {"artifactLocation": location, "replacements": list(_replacements(change))}
    return {"description": {"text": _DESCRIPTION}, "artifactChanges": [edits]}


def encoding_of(change: FileChange) -> str:
    """The encoding that the fix of a file is told in, where that is not UTF-8, else ""."""
    before, after = _texts(change)
    if before is None or after is None or before.encoding == _DEFAULT:
        return ""
    return before.encoding


def _replacements(change: FileChange) -> Iterator[Object]:
    before, after = _texts(change)
    if before is None or after is None or before.encoding != after.encoding:
        yield _of_bytes(change.before or b"", change.after)
        return
    old, new = _lines(before.text), _lines(after.text)
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield _of_lines(old, i1, i2, "".join(new[j1:j2]))


def _of_lines(lines: Sequence[str], first: int, last: int, text: str) -> Object:
    """The lines from one index up to another are to be that text."""
    end = _position(lines, last)
    old_end = _LINE_END.search(lines[last - 1]) if last > first else None
    new_end = _LINE_END.search(text)
    if old_end and new_end and old_end.group() == new_end.group():
        # The line end of the last line stays, so that the region ends in a line that there is.
        end = last, old_end.start() + 1
        text = text[: new_end.start()]
    start = _position(lines, first)
    region = {
        "startLine": start[0],
        "startColumn": start[1],
        "endLine": end[0],
        "endColumn": end[1],
    }
    return {"deletedRegion": region, "insertedContent": {"text": text}}


def _position(lines: Sequence[str], index: int) -> tuple[int, int]:
    """Line and column, from 1, at which the line of that index begins, or the text ends."""
    if index == len(lines) and lines and not _LINE_END.search(lines[-1]):
        return index, len(lines[-1]) + 1
    return index + 1, 1


def _of_bytes(before: bytes, after: bytes) -> Object:
    """One replacement for all that differs, of a file that is no text."""
    most = min(len(before), len(after))
    head = next((i for i in range(most) if before[i] != after[i]), most)
    most -= head
    tail = next((i for i in range(most) if before[-1 - i] != after[-1 - i]), most)
    new = after[head : len(after) - tail]
    return {
        "deletedRegion": {"byteOffset": head, "byteLength": len(before) - head - tail},
        "insertedContent": {"binary": b64encode(new).decode()},
    }


def _texts(change: FileChange) -> tuple[Text | None, Text | None]:
    return _text(change.path, change.before or b""), _text(change.path, change.after)


def _text(path: str, data: bytes) -> Text | None:
    """The text, None where it is none that encodes back to the same bytes."""
    try:
        if kind_of(path) is DocumentKind.PYTHON:
            source = decode(path, data)
            return Text(source.text, source.encoding)
        return Text(data.decode("utf-8-sig"), _DEFAULT)
    except (UnparsableError, UnicodeDecodeError):
        return None


def _lines(text: str) -> list[str]:
    return _LINE.findall(text)

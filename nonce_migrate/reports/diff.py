"""What `apply` would change, as a unified diff in git's form.

`patch` is meant for `git apply` and `patch -p1`: bytes, exactly as they stand in the files.
`diff_screen` is meant for eyes: what does not print is made visible.
"""

from __future__ import annotations

import difflib
import io
import re
from collections.abc import Iterable

from nonce_migrate.plans import FileChange
from nonce_migrate.reports.screen import Ink, Screen
from nonce_migrate.reports.wording import visible

_NO_NEWLINE = b"\\ No newline at end of file\n"
_NEEDS_QUOTES = re.compile(rb'[\x00-\x1f"\\\x7f-\xff]')
_C_ESCAPES = {b'"': b'\\"', b"\\": b"\\\\", b"\n": b"\\n", b"\t": b"\\t", b"\r": b"\\r"}
_INKS = (
    (("diff ", "--- ", "+++ ", "new file"), Ink.BOLD),
    (("@@",), Ink.CYAN),
    (("-",), Ink.RED),
    (("+",), Ink.GREEN),
    (("\\",), Ink.DIM),
)


def patch(changes: Iterable[FileChange]) -> bytes:
    """One patch over all changes, in the order of their paths."""
    return b"".join(_one(change) for change in sorted(changes, key=lambda c: c.path))


def diff_text(change: FileChange) -> str:
    """The patch of one file as text; a byte that is not UTF-8 is written as `\\xNN`."""
    return _one(change).decode(errors="backslashreplace")


def diff_screen(changes: Iterable[FileChange], screen: Screen) -> str:
    """The patch as a terminal can show it: escapes for what does not print, `^M` for a CR."""
    lines = patch(changes).decode(errors="surrogateescape").split("\n")
    return "\n".join(_painted(_shown(line), screen) for line in lines)


def _one(change: FileChange) -> bytes:
    if change.before == change.after:
        return b""
    old, new = _quoted("a/", change.path), _quoted("b/", change.path)
    head = b"diff --git " + old + b" " + new + b"\n"
    if change.before is None:
        head += b"new file mode 100644\n"
    body = difflib.diff_bytes(
        difflib.unified_diff,
        _lines(change.before or b""),
        _lines(change.after),
        b"/dev/null" if change.before is None else _header(old),
        _header(new),
        lineterm=b"\n",
    )
    return head + b"".join(_ended(line) for line in body)


def _lines(data: bytes) -> list[bytes]:
    """The lines with their ends. Only LF ends a line of a patch."""
    return io.BytesIO(data).readlines()


def _ended(line: bytes) -> bytes:
    return line if line.endswith(b"\n") else line + b"\n" + _NO_NEWLINE


def _header(name: bytes) -> bytes:
    """A name with a space is ended by a tab, as `patch` wants it."""
    return name + b"\t" if b" " in name and not name.startswith(b'"') else name


def _quoted(prefix: str, path: str) -> bytes:
    """The name as git writes it: in C quotes where it holds anything unusual."""
    name = (prefix + path).encode("utf-8", "surrogateescape")
    if not _NEEDS_QUOTES.search(name):
        return name
    return b'"' + _NEEDS_QUOTES.sub(_c_escape, name) + b'"'


def _c_escape(match: re.Match[bytes]) -> bytes:
    byte = match.group()
    return _C_ESCAPES.get(byte) or b"\\%03o" % byte[0]


def _shown(line: str) -> str:
    """Tabs stay, a CR is `^M`, the rest that does not print is escaped."""
    pieces = line.replace("\r", "^M").split("\t")
    return "\t".join(visible(piece) for piece in pieces)


def _painted(line: str, screen: Screen) -> str:
    for starts, ink in _INKS:
        if line.startswith(starts):
            return screen.paint(line, ink)
    return line

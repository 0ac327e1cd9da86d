"""The line of a shim that says when it is to go."""

from __future__ import annotations

import re

from nonce_migrate.expiry import parse_expiry
from nonce_migrate.shims.shim import MARKER

_LINE = "# nonce-migrate: remove in "
_NAMED = re.compile(rf"^({re.escape(MARKER)}[ \t]*\n){_LINE}(.*?)[ \t]*(?:\n|\Z)", re.M)
_MARKER = re.compile(rf"^{re.escape(MARKER)}[ \t]*$", re.M)
_CONSTANT = re.compile(r'^_SHIM_GOES = "[^"\n]*"', re.M)


def remove_in(content: str | bytes) -> tuple[int, str] | None:
    """The line (from 1) and the value that a shim names, None where it names none.

    The value is what stands there, whether it can be read as a day or a version or not.
    """
    if isinstance(content, bytes):
        content = content[:1024].decode("utf-8", errors="replace")
    content = content.replace("\r\n", "\n").replace("\r", "\n")
    match = _NAMED.search(content)
    if match is None:
        return None
    return content.count("\n", 0, match.start(2)) + 1, match[2]


def with_remove_in(text: str, value: str) -> str:
    """A shim's text (with "\\n" line ends) that names another value, or none where it is "".

    Its warnings say the same. Raises ValueError for a value that is neither day nor version.
    """
    goes = parse_expiry(value).told if value else ""
    text = _NAMED.sub(r"\1", text, count=1)
    if value:
        text = _MARKER.sub(lambda marker: f"{marker[0]}\n{_LINE}{value}", text, count=1)
    return _CONSTANT.sub(f'_SHIM_GOES = "{goes}"', text, count=1)

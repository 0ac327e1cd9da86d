"""Texts as they are written into TOML, YAML and shell commands."""

from __future__ import annotations

import json
import shlex


def double_quoted(text: str) -> str:
    """A basic string of TOML (toml.io/en/v1.0.0#string) and a double-quoted scalar of YAML 1.2
    (5.7): both read JSON's escapes. DEL, which TOML wants escaped, too.
    """
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def shell_word(text: str) -> str:
    """One word of a POSIX shell's command."""
    return shlex.quote(text)

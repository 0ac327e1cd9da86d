"""Texts of findings and of the profile as Markdown that says exactly the same."""

from __future__ import annotations

import re

_CODE = re.compile(r"(`[^`]*`)")
_SPECIAL = re.compile(r"[^\s`]*[<>*|][^\s`]*?(?=[.,;:]*(?:\s|$))")


def literal(text: str) -> str:
    """The text, with each word that Markdown would take for markup set as code."""
    parts = _CODE.split(text)
    return "".join(
        part if part.startswith("`") else _SPECIAL.sub(r"`\g<0>`", part) for part in parts
    )

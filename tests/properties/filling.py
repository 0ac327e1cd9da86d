"""Templates of code."""

from __future__ import annotations

import textwrap
from string import Template


def fill(text: str, **names: object) -> str:
    """A template with some of its names put in; texts of several lines keep the indentation."""
    for name, value in names.items():
        if "\n" in str(value):
            lines = []
            for line in text.split("\n"):
                stem = line.lstrip()
                indent = line[: len(line) - len(stem)]
                whole = stem == f"${name}"
                lines.append(textwrap.indent(str(value), indent) if whole else line)
            text = "\n".join(lines)
    return Template(text).safe_substitute({k: str(v) for k, v in names.items()})

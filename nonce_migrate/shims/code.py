"""Writes the small parts of Python that generated code is made of."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence

WIDTH = 100


def literal(text: str) -> str:
    """A string literal in double quotes."""
    return json.dumps(text, ensure_ascii=False)


def prose(text: str) -> str:
    """Text that may stand inside a docstring: one line, nothing that would end it."""
    line = " ".join(text.split())
    shown = "".join(character if character.isprintable() else "?" for character in line)
    return shown.replace("\\", "\\\\").replace('"""', "'''")


def call(head: str, arguments: Sequence[str], tail: str = "", *, indent: int = 0) -> list[str]:
    """The lines of `head(arguments)tail`, one argument a line where it does not fit in one."""
    margin = " " * indent
    line = f"{margin}{head}({', '.join(arguments)}){tail}"
    if len(line) <= WIDTH or not arguments:
        return [line]
    return [f"{margin}{head}(", *(f"{margin}    {a}," for a in arguments), f"{margin}){tail}"]


def long_literal(name: str, text: str) -> list[str]:
    """The lines of `name = "text"`, in several parts where it does not fit in one line."""
    line = f"{name} = {literal(text)}"
    if len(line) <= WIDTH:
        return [line]
    words = textwrap.wrap(
        text, WIDTH - 14, break_long_words=False, break_on_hyphens=False, drop_whitespace=False
    )
    return [f"{name} = (", *(f"    {literal(part)}" for part in words), ")"]


def docstring(text: str, *, indent: int = 0) -> list[str]:
    """The lines of a docstring of one paragraph."""
    margin = " " * indent
    text = prose(text)
    lines = textwrap.wrap(text, WIDTH - indent - 6, break_long_words=False, break_on_hyphens=False)
    if text.endswith(('"', "\\")):
        lines[-1] += " "
    if len(lines) == 1:
        return [f'{margin}"""{lines[0]}"""']
    return [f'{margin}"""{lines[0]}', *(margin + line for line in lines[1:]), f'{margin}"""']


def paragraph(text: str) -> list[str]:
    """The lines of a paragraph inside a docstring."""
    return textwrap.wrap(prose(text), WIDTH - 8, break_long_words=False, break_on_hyphens=False)


def module(*blocks: Sequence[str]) -> str:
    """The text of a module: blocks of lines, two blank lines apart, empty ones left out."""
    texts = ["\n".join(block).strip("\n") for block in blocks]
    return "\n\n\n".join(text for text in texts if text) + "\n"

"""Reads the worked example of a guide, and does what it says, block after block.

In the guide's Markdown, a fenced block is a step: `console` holds commands and what they print
(`...` stands for any text, on a line of its own for any lines), `toml title=FILE` is added to that
file, `diff` is a patch to apply, `sh` is run for its effect. Other blocks are for the reader alone.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_FENCE = re.compile(r"^```(?P<info>[^\n`]+)\n(?P<text>.*?)^```$", re.M | re.S)
_TITLE = re.compile(r"\btitle=(\S+)")
_ANY = "..."
TIMEOUT = 120


@dataclass(frozen=True)
class Block:
    """A fenced block. language: the first word of its fence. title: the file it names, or ""."""

    language: str
    title: str
    text: str
    line: int


@dataclass(frozen=True)
class Command:
    """A command of a console block, and the lines that the guide shows below it."""

    text: str
    shown: tuple[str, ...]
    line: int


def blocks(markdown: str) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    for match in _FENCE.finditer(markdown):
        info = match["info"].strip()
        title = _TITLE.search(info)
        line = markdown.count("\n", 0, match.start()) + 1
        yield Block(info.split()[0], title[1] if title else "", match["text"], line)


def commands(block: Block) -> Iterator[Command]:
    """The commands of a console block; a line that ends in a backslash goes on in the next."""
    text, shown, begun = "", list[str](), block.line
    for number, line in enumerate(block.text.splitlines(), block.line + 1):
        if text.endswith("\\"):
            text += f"\n{line}"
        elif line.startswith("$ "):
            if text:
                yield Command(text, tuple(shown), begun)
            text, shown, begun = line[2:], [], number
        else:
            shown.append(line)
    if text:
        yield Command(text, tuple(shown), begun)


def run(command: str, cwd: Path, environment: dict[str, str]) -> str:
    """What a shell command prints, errors included."""
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=cwd,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="surrogateescape",
        timeout=TIMEOUT,
        check=False,
    )
    return done.stdout


def matches(shown: tuple[str, ...], printed: str) -> bool:
    """Whether a command printed what the guide shows."""
    lines = [line.rstrip() for line in shown]
    parts = [r"(?:.*\n)*" if line == _ANY else _pattern(line) + r"[ \t]*\n" for line in lines]
    text = printed if not printed or printed.endswith("\n") else printed + "\n"
    return re.fullmatch("".join(parts), text) is not None


def _pattern(line: str) -> str:
    return ".*".join(re.escape(part) for part in line.split(_ANY))

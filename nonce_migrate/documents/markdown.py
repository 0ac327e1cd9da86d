"""Markdown: each fenced block of Python is a module of its own.

A block that uses names of an earlier one is one module with it, as a reader takes them. Fences
follow CommonMark 0.31, section 4.5, also in lists and quotes. `>>>` and `...` of an interactive
session are taken off, and its output is left alone.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from nonce_migrate.documents.document import Change, Document, Piece, Prose, apply
from nonce_migrate.documents.kinds import DocumentKind
from nonce_migrate.documents.names import SharedNames, shared_names
from nonce_migrate.documents.own_reports import is_own_report
from nonce_migrate.source import Source, UnparsableError, parse

_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")
_OPENING = re.compile(
    r"(?P<before>[ \t]*(?:>[ \t]?)*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(?:>[ \t]?)*[ \t]*)"
    r"(?P<fence>`{3,}(?=[^`]*\Z)|~{3,})(?P<info>.*)"
)
_PYTHON = re.compile(
    r"[ \t]*(?:\{[ \t]*(?:code-block\}|code-cell\}|code\})?[ \t]*)?\.?"
    r"(?:python[23]?|py[3]?|pycon|python-console|ipython[3]?|sage)(?![\w-])",
    re.IGNORECASE,
)
_PROMPT = re.compile(r"[ \t]*(?:>>>|\.\.\.)(?: |\Z)")
_MARKS = re.compile(r"[^\s>]")


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of the page: its offset, what stands before its Python, that, and its end."""

    start: int
    prefix: str
    text: str
    end: str

    @property
    def content(self) -> int:
        return self.start + len(self.prefix)

    @property
    def stop(self) -> int:
        return self.content + len(self.text) + len(self.end)


@dataclass(frozen=True, slots=True)
class _Block:
    """A fenced block: the index of its first line in the page, its lines, the names it shares."""

    first: int
    rows: tuple[_Row, ...]
    names: SharedNames


@dataclass(frozen=True)
class _Module:
    """Blocks that are one module. rows: the lines of the page, up to the end of the last block."""

    rows: tuple[_Row, ...]
    source: Source

    def row(self, offset: int) -> int:
        """The index of the line that an offset in the source lies in."""
        return bisect_right(self.source.line_starts, offset) - 1


class Page(Document):
    """A Markdown page with the blocks of it that are valid Python."""

    def __init__(self, path: str, data: bytes) -> None:
        # What is not UTF-8 survives in surrogates (PEP 383), and so do all bytes.
        text = data.decode(errors="surrogateescape")
        read = "" if is_own_report(text) else text
        lines = [(m[1], m[2]) for m in _LINE.finditer(read) if m.group()]
        blocks: list[_Block] = []
        problems: list[tuple[int, int, str]] = []
        for first, rows in _blocks(lines):
            code = "".join(row.text + row.end for row in rows)
            problem = _problem(code)
            if problem:
                problems.append((rows[0].start, rows[-1].stop, problem))
            else:
                blocks.append(_Block(first, rows, shared_names(code)))
        self._modules = [_module(path, lines, group) for group in _groups(blocks)]
        pieces = [Piece(module.source, module.source.text) for module in self._modules]
        taken = [(block.rows[0].start, block.rows[-1].stop, "") for block in blocks]
        prose = list(_prose(read, sorted([*taken, *problems])))
        super().__init__(path, DocumentKind.PAGE, text, pieces, prose)

    def offset(self, piece: int, offset: int) -> int:
        """The offset in the page of a character of a block."""
        module = self._modules[piece]
        index = module.row(offset)
        if index >= len(module.rows):
            return module.rows[-1].stop
        return module.rows[index].content + offset - module.source.line_starts[index]

    def changed(self, changes: Mapping[int, Sequence[Change]]) -> bytes:
        """The page's bytes after changes to blocks."""
        moved = []
        for index, wanted in changes.items():
            self._check(index, wanted)
            moved += [self._moved(index, change) for change in wanted]
        return apply(self.text, moved).encode(errors="surrogateescape")

    def _moved(self, index: int, change: Change) -> Change:
        """The change in the page, with what stands before each line of the block."""
        module = self._modules[index]
        starts = module.source.line_starts
        first, last = module.row(change.start), module.row(change.end)
        start, end = self.offset(index, change.start), self.offset(index, change.end)
        if change.end > change.start and change.end == starts[last]:
            # Up to the end of a line: with what stands before a line, where that goes as a whole.
            last -= 1
            end = module.rows[last].stop
            if change.start == starts[first]:
                start = module.rows[first].start
        prefixes = [row.prefix for row in module.rows[first : last + 1]]
        head, *lines = change.text.split("\n")
        prefixes += [prefixes[0]] * len(lines)
        for prefix, line in zip(prefixes[1:], lines, strict=False):
            head += "\n" + (prefix if line.strip() else prefix.rstrip()) + line
        return Change(start, end, head)


def _problem(code: str) -> str:
    """Why a block is not handled as Python, "" where it is."""
    try:
        code.encode()
        parse(code)
    except UnparsableError as error:
        return f"its block is no valid Python ({error.reason}), and is left alone"
    except UnicodeEncodeError:
        return "its block is not valid utf-8, and is left alone"
    return ""


def _fenced(rows: Sequence[tuple[str, str]]) -> Iterator[tuple[int, list[str]]]:
    """The fenced blocks of Python that have lines: index of the first, and what is before each."""
    at = 0
    while at < len(rows):
        opening = _OPENING.fullmatch(rows[at][0])
        at += 1
        if opening is None:
            continue
        first, before = at, _MARKS.sub(" ", opening["before"])
        closing = re.compile(
            rf"[ \t>]*{re.escape(opening['fence'][0])}{{{len(opening['fence'])},}}[ \t]*"
        )
        prefixes: list[str] = []
        while at < len(rows) and not closing.fullmatch(rows[at][0]):
            prefix = _prefix(rows[at][0], before)
            if prefix is None:
                break
            prefixes.append(prefix)
            at += 1
        else:
            at += 1
        if prefixes and _PYTHON.match(opening["info"]):
            yield first, prefixes


def _prefix(line: str, before: str) -> str | None:
    """What of a line stands before its content; None where the quote around a fence has ended."""
    if ">" in before:
        if line.startswith(before):
            return before
        return line if line.strip() and before.startswith(line.rstrip()) else None
    size = 0
    while size < min(len(before), len(line)) and line[size] in " \t":
        size += 1
    return line[:size]


def _blocks(lines: Sequence[tuple[str, str]]) -> Iterator[tuple[int, tuple[_Row, ...]]]:
    """The fenced blocks of Python: index of the first line, and the lines."""
    starts = [0, *accumulate(len(text) + len(end) for text, end in lines)]
    for first, prefixes in _fenced(lines):
        inside = [lines[first + number] for number in range(len(prefixes))]
        bare = [text[len(p) :] for (text, _), p in zip(inside, prefixes, strict=True)]
        is_session = next((_PROMPT.match(b) for b in bare if b.strip()), None) is not None
        rows = []
        for number, ((text, end), prefix) in enumerate(zip(inside, prefixes, strict=True)):
            if is_session:
                prompt = _PROMPT.match(text, len(prefix))
                prefix = text[: prompt.end()] if prompt else text
            rows.append(_Row(starts[first + number], prefix, text[len(prefix) :], end))
        yield first, tuple(rows)


def _groups(blocks: Sequence[_Block]) -> list[list[_Block]]:
    """The blocks that are one module: each with the last one before that binds what it uses."""
    groups = {block.first: [block] for block in blocks}
    for number, block in enumerate(blocks):
        for name in block.names.used:
            before = [b for b in blocks[:number] if name in b.names.bound]
            if before and groups[before[-1].first] is not groups[block.first]:
                joined = groups[before[-1].first] + groups[block.first]
                groups.update((member.first, joined) for member in joined)
    unique = {id(group): sorted(group, key=lambda b: b.first) for group in groups.values()}
    return sorted(unique.values(), key=lambda group: group[0].first)


def _module(path: str, lines: Sequence[tuple[str, str]], blocks: Sequence[_Block]) -> _Module:
    """Blocks as a module whose lines have the numbers that they have in the page."""
    end = blocks[-1].first + len(blocks[-1].rows)
    starts = [0, *accumulate(len(text) + len(end) for text, end in lines)]
    # Of other lines only the end is left, so that the module has line ends of the page's kind.
    rows = [_Row(starts[i], lines[i][0], "", lines[i][1]) for i in range(end)]
    for block in blocks:
        rows[block.first : block.first + len(block.rows)] = block.rows
    source = Source(
        f"{path}#{blocks[0].first}",
        "".join(row.text + row.end for row in rows),
        "utf-8",
        has_bom=False,
        sections=tuple(block.first + 1 for block in blocks),
        is_fragment=True,
    )
    return _Module(tuple(rows), source)


def _prose(text: str, parts: Sequence[tuple[int, int, str]]) -> Iterator[Prose]:
    """What is no valid block of Python, each part at its own place in the page.

    parts: start and end of each block, and why it is prose, "" where it is not.
    """
    cursor = 0
    for start, end, what in parts:
        yield Prose(text[cursor:start], "it is text outside a block of Python", cursor)
        if what:
            yield Prose(text[start:end], what, start)
        cursor = end
    yield Prose(text[cursor:], "it is text outside a block of Python", cursor)

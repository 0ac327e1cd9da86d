"""Ignore rules as git reads them (gitignore(5)); pathspec translates the single patterns.

Git asks of every entry on its own whether a rule names it, and never looks below a folder that
is ignored. A rule therefore counts here only where it names the entry itself, not where it names
a folder above it: that folder was settled before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from pathspec import GitIgnoreSpec
from pathspec.pattern import RegexPattern

_GROUP_NAME = re.compile(r"\(\?P<\w+>")


@dataclass(frozen=True, slots=True)
class Entry:
    """A file or folder. path: relative to the start of the walk, `/` between parts."""

    path: str
    is_folder: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of an ignore file. hides: False for a negated one (`!pattern`).

    by_name: it has no inner slash, so it is asked about the last part of a path only.
    """

    regex: re.Pattern[str]
    hides: bool
    by_name: bool

    def names(self, text: str) -> bool:
        """Whether it names that path (a folder's ends with `/`), not only one above it."""
        match = self.regex.search(text)
        # The one group that pathspec makes is the slash after a folder that the rule names.
        return match is not None and (
            match.lastindex is None or match.end(match.lastindex) == len(text)
        )


@dataclass(frozen=True)
class Level:
    """The rules of one ignore file.

    cut: how many characters of a path to drop, or prefix: what to put before it, so that it is
    relative to the folder of the ignore file.
    """

    rules: tuple[Rule, ...]
    cut: int = 0
    prefix: str = ""

    @cached_property
    def _any_name(self) -> re.Pattern[str] | None:
        return _any(rule for rule in self.rules if rule.by_name)

    @cached_property
    def _any_path(self) -> re.Pattern[str] | None:
        return _any(rule for rule in self.rules if not rule.by_name)

    def verdict(self, entry: Entry) -> bool | None:
        """True to leave the entry out, False to keep it, None where no rule names it."""
        name, path = self._texts(entry)
        # Most entries are named by no rule at all: one search tells.
        if not (self._any_name and self._any_name.search(name)) and not (
            self._any_path and self._any_path.search(path)
        ):
            return None
        for rule in reversed(self.rules):
            if rule.names(name if rule.by_name else path):
                return rule.hides
        return None

    def sparing(self, folder: str) -> Level:
        """The level without the rules that hide a folder (`a/b`) or one above it."""
        parts = folder.split("/") if folder else []
        way = [Entry("/".join(parts[:count]), True) for count in range(1, len(parts) + 1)]
        texts = [self._texts(entry) for entry in way]
        kept = (
            rule
            for rule in self.rules
            if not rule.hides
            or not any(rule.names(name if rule.by_name else path) for name, path in texts)
        )
        return Level(tuple(kept), self.cut, self.prefix)

    def _texts(self, entry: Entry) -> tuple[str, str]:
        """What rules are asked about: the entry's name, and its path from the ignore file."""
        slash = "/" if entry.is_folder else ""
        name = entry.path.rpartition("/")[2] + slash
        return name, self.prefix + entry.path[self.cut :] + slash


def is_ignored(levels: Sequence[Level], entry: Entry) -> bool:
    """Whether to leave an entry out. The last level that has a verdict decides."""
    for level in reversed(levels):
        verdict = level.verdict(entry)
        if verdict is not None:
            return verdict
    return False


def read_rules(text: str) -> tuple[tuple[Rule, ...], tuple[str, ...]]:
    """The rules of an ignore file's text, and the lines that are no patterns (git skips them)."""
    rules: list[Rule] = []
    wrong: list[str] = []
    for line in text.removeprefix("\ufeff").split("\n"):
        pattern = line.removesuffix("\r")
        try:
            rules.extend(_rules(pattern))
        except (ValueError, re.error):
            wrong.append(pattern)
    return tuple(rules), tuple(wrong)


def _rules(pattern: str) -> Iterable[Rule]:
    """The rule of one line, or none for a comment. Raises ValueError or re.error."""
    if pattern.startswith("#"):
        return
    mark = "!" if pattern.startswith("!") else ""
    body = pattern.removeprefix("!")
    if not body.endswith("\\ "):
        body = body.rstrip(" ")
    # In any folder is where a pattern without inner slash holds; `**/` alone names every folder.
    shorter = re.sub(r"^/?(\*\*/)+", "", body) or ("*/" if body else "")
    by_name = shorter not in ("", "/") and "/" not in shorter[:-1]
    if by_name:
        body = f"/{shorter}"
    elif body.endswith(("/**", "/**/")):
        # What is inside, not the folder itself; pathspec tells those apart only in this form.
        body = body.removesuffix("/") + "/*" + body[len(body.rstrip("/")) :]
    for part in GitIgnoreSpec.from_lines([mark + body]).patterns:
        assert isinstance(part, RegexPattern)
        if part.include is not None and part.regex is not None:
            yield Rule(part.regex, part.include, by_name)


def _any(rules: Iterable[Rule]) -> re.Pattern[str] | None:
    """One expression that finds something wherever one of the rules does."""
    texts = [_GROUP_NAME.sub("(?:", rule.regex.pattern) for rule in rules]
    return re.compile("|".join(texts)) if texts else None

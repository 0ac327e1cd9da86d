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
from typing import NamedTuple

# What finds something wherever a rule for names does, and the same for paths.
_Either = tuple[re.Pattern[str] | None, re.Pattern[str] | None]
# `name`, `name/` and `*.ending`, of characters that stand for themselves.
_PLAIN = re.compile(r"(?P<any>\*?)(?P<name>[\w.-]+)(?P<slash>/?)", re.ASCII)
_GROUP_NAME = re.compile(r"\(\?P<\w+>")


class Rule(NamedTuple):
    """One line of an ignore file. hides: False for a negated one (`!pattern`).

    by_name: it has no inner slash, so it is asked about the last part of a path only. by_folder:
    it ends with a slash, so it names no file.
    """

    regex: re.Pattern[str]
    hides: bool
    by_name: bool
    by_folder: bool = False

    def names(self, text: str) -> bool:
        """Whether it names that path (a folder's ends with `/`), not only one above it."""
        match = self.regex.search(text)
        # The one group that pathspec makes is the slash after a folder that the rule names.
        return match is not None and (
            match.lastindex is None or match.end(match.lastindex) == len(text)
        )


@dataclass(frozen=True, eq=False)
class Level:
    """The rules of one ignore file.

    cut: how many characters of a path to drop, or prefix: what to put before it, so that it is
    relative to the folder of the ignore file.
    """

    rules: tuple[Rule, ...]
    cut: int = 0
    prefix: str = ""

    @cached_property
    def _for_folders(self) -> _Either:
        return _either(self.rules)

    @cached_property
    def _for_files(self) -> _Either:
        return _either([rule for rule in self.rules if not rule.by_folder])

    @property
    def may_name_files(self) -> bool:
        """Whether one of the rules may name a file, not only folders."""
        return self._for_files != (None, None)

    def verdict(self, path: str, *, is_folder: bool) -> bool | None:
        """True to leave an entry out, False to keep it, None where no rule names it.

        path: relative to the start of the walk, `/` between parts.
        """
        by_name, by_path = self._for_folders if is_folder else self._for_files
        if by_name is None and by_path is None:
            return None
        name, path = self._texts(path, is_folder)
        # Most entries are named by no rule at all: one search tells.
        if not (by_name and by_name.search(name)) and not (by_path and by_path.search(path)):
            return None
        for rule in reversed(self.rules):
            if rule.names(name if rule.by_name else path):
                return rule.hides
        return None

    def sparing(self, folder: str) -> Level:
        """The level without the rules that hide a folder (`a/b`) or one above it."""
        parts = folder.split("/") if folder else []
        way = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
        texts = [self._texts(above, True) for above in way]
        kept = (
            rule
            for rule in self.rules
            if not rule.hides
            or not any(rule.names(name if rule.by_name else path) for name, path in texts)
        )
        return Level(tuple(kept), self.cut, self.prefix)

    def _texts(self, path: str, is_folder: bool) -> tuple[str, str]:
        """What rules are asked about: the entry's name, and its path from the ignore file."""
        name = path[path.rfind("/") + 1 :]
        if self.cut or self.prefix:
            path = self.prefix + path[self.cut :]
        return (f"{name}/", f"{path}/") if is_folder else (name, path)


def is_ignored(levels: Sequence[Level], path: str, *, is_folder: bool) -> bool:
    """Whether to leave an entry out. The last level that has a verdict decides."""
    for level in reversed(levels):
        verdict = level.verdict(path, is_folder=is_folder)
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
    if pattern.startswith("#") or not pattern.strip(" "):
        return
    mark = "!" if pattern.startswith("!") else ""
    body = pattern.removeprefix("!")
    if not body.endswith("\\ "):
        body = body.rstrip(" ")
    # In any folder is where a pattern without inner slash holds; `**/` alone names every folder.
    shorter = re.sub(r"^/?(\*\*/)+", "", body) or ("*/" if body else "")
    by_name = shorter not in ("", "/") and "/" not in shorter[:-1]
    plain = _PLAIN.fullmatch(shorter) if by_name else None
    if plain:
        # No more than a name: nothing that the translation would have to be loaded for.
        start = "[^/]*" if plain["any"] else ""
        end = "/" if plain["slash"] else "/?"
        yield Rule(
            re.compile(rf"^{start}{re.escape(plain['name'])}{end}\Z"),
            not mark,
            True,
            bool(plain["slash"]),
        )
        return
    if by_name:
        body = f"/{shorter}"
    elif body.endswith(("/**", "/**/")):
        # What is inside, not the folder itself; pathspec tells those apart only in this form.
        body = body.removesuffix("/") + "/*" + body[len(body.rstrip("/")) :]
    from pathspec import GitIgnoreSpec
    from pathspec.pattern import RegexPattern

    for part in GitIgnoreSpec.from_lines([mark + body]).patterns:
        assert isinstance(part, RegexPattern)
        if part.include is not None and part.regex is not None:
            yield Rule(part.regex, part.include, by_name, body.endswith("/"))


def _either(rules: Sequence[Rule]) -> _Either:
    """The expressions for the rules that are asked about names, and for those about paths."""
    return (
        _any(rule for rule in rules if rule.by_name),
        _any(rule for rule in rules if not rule.by_name),
    )


def _any(rules: Iterable[Rule]) -> re.Pattern[str] | None:
    """One expression that finds something wherever one of the rules does."""
    texts = [_GROUP_NAME.sub("(?:", rule.regex.pattern) for rule in rules]
    return re.compile("|".join(texts)) if texts else None

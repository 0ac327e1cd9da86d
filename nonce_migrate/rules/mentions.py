"""Finds legacy modules named in plain text, by a dotted path or the path of their file.

Only whole tokens count, and only those that lead to a legacy module of this project:
`src.auth.nonce_manager:NonceManager` does, `cache.nonce_manager` does not, and neither does
`src/auth/nonce_manager.py.bak`.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from nonce_migrate.profile.schema import ShimKind, System
from nonce_migrate.resolve.project import Project

_LEFT = re.compile(r"[\w./\\~$%@+-]*\Z")
_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)+\Z")
_MEMBER = re.compile(r"[.:]([^\W\d]\w*(?:\.[^\W\d]\w*)*)")
_FILE = re.compile(r"\.pyw?(?![\w~-]|\.\w)")
_END = re.compile(r"(?![\w~-]|[./\\]\w|[/\\])")
_SLASHES = re.compile(r"[\\/]+")
_ESCAPE = re.compile(r"(?<!\\)\\[nrt](?=\w)")
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Mention:
    """A legacy module, or a name of it, in a text.

    start, end: offsets in the text. old: what stands there. new: what belongs there, "" where the
    target has nothing of the kind. step: what to do in that case.
    """

    start: int
    end: int
    system: System
    symbol: str
    old: str
    new: str
    step: str = ""


def find_mentions(project: Project, path: str, text: str) -> Iterator[Mention]:
    """Every mention in a text that belongs to the document at `path`, in its order."""
    stems = "|".join(sorted(map(re.escape, project.index.stems)))
    if path.endswith((".json", ".jsonc", ".ipynb")):
        text = _ESCAPE.sub("  ", text)  # what follows a written line end begins a word
    for match in re.finditer(rf"(?<!\w)(?:{stems})(?!\w)", text):
        left = _LEFT.search(text, max(0, match.start() - _LONGEST), match.start())
        assert left is not None
        before = left.group()
        if "/" in before or "\\" in before:
            found = _by_path(project, path, text, left.start(), match.end())
        else:
            found = _by_name(project, path, text, left.start(), match.end())
        if found is not None:
            yield found


def renamed(project: Project, system: System, parts: list[str], rest: list[str]) -> str:
    """The dotted path at the target, from the root that `parts` start at; "" where there is none.

    parts: the module. rest: the names behind it.
    """
    module = _moved(system.module.split("."), project.profile.target.split("."), parts)
    if module is None:
        module = project.profile.target.split(".")
    symbol = system.symbol(rest[0]) if rest else None
    if symbol is None:
        return ".".join([*module, *rest])
    if symbol.becomes is None:
        return ""
    names = [symbol.becomes.target, *rest[1:]]
    known = system.members_by_owner.get(rest[0], {}).get(rest[1]) if rest[1:] else None
    if known is not None:
        if known.becomes is None or known.becomes.via:
            return ""
        names[1] = known.becomes.target
    return ".".join([*module, *names])


def without_counterpart(system: System, rest: list[str]) -> str:
    """What to do about a name for which the target has nothing."""
    symbol = system.symbol(rest[0]) if rest else None
    if system.shim is ShimKind.INERT:
        return "take the reference out: the shim in its place does nothing but warn"
    if symbol is not None and symbol.step:
        return symbol.step
    return "take the reference out, or keep it on the shim knowingly"


def _by_name(project: Project, path: str, text: str, start: int, end: int) -> Mention | None:
    """`a.b.module`, `a.b.module.Name`, `a.b.module:Name`."""
    dotted = text[start:end]
    if not _DOTTED.match(dotted):
        return None
    parts = dotted.split(".")
    system = _legacy_at(project, path, parts)
    if system is None:
        return None
    member = _MEMBER.match(text, end)
    rest: list[str] = []
    mark = ""
    if member is not None and member.group() != ".py":
        mark, rest, end = member.group()[0], member[1].split("."), member.end()
        if mark == ":" and system.symbol(rest[0]) is None:
            mark, rest, end = "", [], member.start()  # a key and its value: `module:value`
    if not _END.match(text, end) and not text.startswith((".py:", ".py "), end):
        return None
    new = ""
    if system.shim is not ShimKind.INERT:
        new = renamed(project, system, parts, rest)
    if new and mark == ":":
        new = ":".join([new[: -len(_tail(new, rest))].rstrip("."), _tail(new, rest)])
    symbol = ".".join(rest[:2]) if rest and system.symbol(rest[0]) else system.module
    return Mention(
        start, end, system, symbol, text[start:end], new, without_counterpart(system, rest)
    )


def _tail(new: str, rest: list[str]) -> str:
    """The last names of a dotted path, as many as `rest` has."""
    return ".".join(new.split(".")[-len(rest) :])


def _legacy_at(project: Project, path: str, parts: list[str]) -> System | None:
    index = project.index
    for directory in index.roots(path):
        module = index.at(directory, parts)
        if module is not None:
            return index.legacy.get(module)
    return None


def _by_path(project: Project, path: str, text: str, start: int, end: int) -> Mention | None:
    """`a/b/module.py`, also with backslashes, or without the suffix."""
    suffix = _FILE.match(text, end)
    if suffix is None and not _END.match(text, end):
        return None
    written = text[start:end]
    plain = _SLASHES.sub("/", written)
    parts = [part for part in plain.split("/") if part not in ("", ".")]
    is_absolute = plain.startswith(("/", "~", "$", "%")) or _has_drive(text, start)
    system = _legacy_file(project, path, plain, is_absolute)
    if system is None or plain.startswith("//") or "://" in text[max(0, start - 3) : start + 2]:
        return None
    new = ""
    if system.shim is not ShimKind.INERT:
        moved = _moved(system.module.split("."), project.profile.target.split("."), parts)
        head = plain[: len(plain) - len(plain.lstrip("/"))] or ("./" if plain[:2] == "./" else "")
        new = head + "/".join(moved or project.profile.target.split("."))
        slash = _SLASHES.search(written)
        assert slash is not None
        new = new.replace("/", slash.group()) if "\\" in slash.group() else new
        new += suffix.group() if suffix else ""
    end = suffix.end() if suffix else end
    step = without_counterpart(system, [])
    return Mention(start, end, system, system.module, text[start:end], new, step)


def _has_drive(text: str, start: int) -> bool:
    """`C:/bot/...`, and `${ROOT}/bot/...`."""
    return text[max(0, start - 1) : start] in (":", "}", ")")


def _legacy_file(project: Project, path: str, plain: str, is_absolute: bool) -> System | None:
    index = project.index
    if is_absolute:
        for module, system in index.legacy.items():
            tail = system.module.replace(".", "/")
            if "/" in tail and plain.endswith(f"/{tail}") and module in index.files:
                return system
        return None
    for folder in dict.fromkeys([posixpath.dirname(path), "", *index.roots(path)]):
        candidate = posixpath.normpath(posixpath.join(folder, plain))
        for module in (f"{candidate}.py", candidate):
            if module in index.legacy:
                return index.legacy[module]
            if module in index.files:
                return None
    return None


def _moved(old: list[str], target: list[str], parts: list[str]) -> list[str] | None:
    """A module's path with the target in place of the module: None where only the root leads there.

    old: the legacy module from its base. parts: how it is written, with more or fewer folders.
    """
    shared = 0
    while shared < min(len(old), len(parts)) and old[-1 - shared] == parts[-1 - shared]:
        shared += 1
    cut = len(old) - shared
    if target[:cut] != old[:cut] or len(target) <= cut:
        return None
    return [*parts[: len(parts) - shared], *target[cut:]]

"""Finds commands of a shell that overwrite or delete legacy state files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from nonce_migrate.profile.schema import Profile, System
from nonce_migrate.rules.state_names import state_system

_WORD = re.compile(r"[\w./\\*?\[\]{}$~%-]+")
_WRITES = re.compile(
    r"(?:^|[\s;&|(`])(?:rm|mv|cp|tee|truncate|dd|shred|unlink|install|del|copy|move|ren|"
    r"Remove-Item|Set-Content|Out-File|Copy-Item|Move-Item|sed[ \t]+(?:-\w+[ \t]+)*-i\S*|jq)\s"
    r"|>{1,2}|-delete\b"
)
_VARIABLE = re.compile(
    r"\bfor[ \t]+(?P<a>\w+)[ \t]+in[ \t](?P<value>[^;\r\n]*)"
    r"|(?:^|[\s;])(?P<b>[A-Za-z_]\w*)=(?P<value2>\S+)"
)
_COMMENT = re.compile(r"\s*(?:#|//|REM\b|::)")


@dataclass(frozen=True, slots=True)
class StateCommand:
    """A state file in a command that writes: its offset in the text, the name, the system."""

    start: int
    name: str
    system: System


def find_state_commands(profile: Profile, text: str) -> Iterator[StateCommand]:
    """The first state file of each line whose command writes; comments are left out.

    Variables that hold such names, and those of loops over them, count as the names.
    """
    at = 0
    held: dict[str, tuple[str, System]] = {}
    for line in text.splitlines(keepends=True):
        if not _COMMENT.match(line):
            yield from _in_line(profile, line, at, held)
            for variable in _VARIABLE.finditer(line):
                named = _first_named(profile, variable["value"] or variable["value2"], held)
                if named is not None:
                    held[variable["a"] or variable["b"]] = named
        at += len(line)


def _in_line(
    profile: Profile, line: str, at: int, held: Mapping[str, tuple[str, System]]
) -> Iterator[StateCommand]:
    writes = _WRITES.search(line)
    for word in _WORD.finditer(line) if writes else ():
        named = _named(profile, word.group(), held)
        if named is not None and _is_written(line, word):
            yield StateCommand(at + word.start(), *named)
            return


def _named(
    profile: Profile, word: str, held: Mapping[str, tuple[str, System]]
) -> tuple[str, System] | None:
    """The state files that a word of a command names, and their system."""
    known = held.get(word.lstrip("$").strip("{}%")) if word[:1] in "$%" else None
    system = state_system(profile, word)
    return (word, system) if system is not None else known


def _first_named(
    profile: Profile, text: str, held: Mapping[str, tuple[str, System]]
) -> tuple[str, System] | None:
    found = (_named(profile, word, held) for word in _WORD.findall(text))
    return next((named for named in found if named is not None), None)


def _is_written(line: str, word: re.Match[str]) -> bool:
    """Whether the command changes that file: of a copy it is the last word, of `>` the next one."""
    before, after = line[: word.start()], line[word.end() :]
    command = re.split(r"&&|\|\||[;|`]", before)[-1]
    if re.search(r">{1,2}[ \t]*[\"']?\Z", command):
        return True
    match = _WRITES.search(command)
    if match is None or ">" in match.group():
        return "-delete" in after
    if match.group().split()[0] in ("cp", "copy", "Copy-Item", "install", "dd", "jq"):
        return re.fullmatch(r"[\"']?[ \t]*(?:[;&|)].*)?", after.rstrip("\r\n")) is not None
    return True

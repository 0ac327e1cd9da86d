"""The keys that a configuration file may have, one row each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, TypeAlias

from nonce_migrate.expiry import parse_expiry
from nonce_migrate.model import Code

if TYPE_CHECKING:
    from nonce_migrate.profile.table import Table

Reader: TypeAlias = "Callable[[Table, str], object]"


@dataclass(frozen=True, slots=True)
class Key:
    """A key that may stand in the file. read: takes its value out of the table and complains of
    what is wrong there. default: what holds where it is not given, in words.
    """

    name: str
    read: Reader
    default: str


def _text(table: Table, key: str) -> str:
    value = table.text(key)
    if not value and not table.is_broken(key):
        table.complain(key, "empty; leave the key out, or give a value")
    return value


def _strings(table: Table, key: str) -> tuple[str, ...]:
    return table.strings(key)


def _commands(table: Table, key: str) -> tuple[str, ...]:
    commands = table.strings(key)
    if not all(command.strip() for command in commands):
        table.complain(key, 'a command is empty; give some such as ["pytest -q", "imports"]')
    return commands


def _patterns(table: Table, key: str) -> tuple[str, ...]:
    return _checked_patterns(table, key, table.strings(key))


def _checked_patterns(table: Table, key: str, patterns: tuple[str, ...]) -> tuple[str, ...]:
    from nonce_migrate.discover.ignore import read_rules

    for pattern in read_rules("\n".join(patterns))[1]:
        table.complain(key, f"{pattern!r} is no pattern; use the syntax of .gitignore")
    return patterns


def _codes(table: Table, key: str) -> tuple[str, ...]:
    codes = tuple(code.strip().upper() for code in table.strings(key))
    for code in codes:
        if not code or not any(known.startswith(code) for known in Code):
            table.complain(key, f"no finding code starts with {code!r}{_hint(code)}")
    return codes


def _selected(table: Table, key: str) -> tuple[str, ...]:
    if table.is_empty(key):
        table.complain(key, "empty; name at least one code, or leave the key out")
    return _codes(table, key)


def _by_pattern(table: Table, key: str) -> Mapping[str, tuple[str, ...]]:
    inner = table.table(key)
    _checked_patterns(table, key, tuple(inner))
    return {pattern: _codes(inner, pattern) for pattern in inner}


def _folders(table: Table, key: str) -> tuple[str, ...]:
    if table.is_empty(key):
        table.complain(key, 'empty; give at least one folder, such as "."')
    return tuple(_inside(table, key, text, "folder") for text in table.strings(key))


def _file(table: Table, key: str) -> str:
    return _inside(table, key, _text(table, key), "file")


def _inside(table: Table, key: str, text: str, what: str) -> str:
    """A path below the project, without `./` or a final slash."""
    path = PurePosixPath(text)
    if path.is_absolute() or PureWindowsPath(text).drive or ".." in path.parts:
        table.complain(key, f"{text!r} is not a {what} inside the project")
    return str(path)


def _expiry(table: Table, key: str) -> str:
    value = _text(table, key)
    if value:
        try:
            parse_expiry(value)
        except ValueError as error:
            table.complain(key, str(error))
    return value


def _hint(code: str) -> str:
    from nonce_migrate.profile.table import hint

    return hint(code, [known.value for known in Code])


KEYS = (
    Key("profile", _text, "kraken"),
    Key("roots", _folders, "those of the profile"),
    Key("exclude", _patterns, "nothing besides what the profile and git leave out"),
    Key("select", _selected, "check: NM1, NM601 and NM603; scan: every code"),
    Key("ignore", _codes, "nothing"),
    Key("per-file-ignores", _by_pattern, "nothing"),
    Key("verify", _commands, "no command"),
    Key("shims-remove-in", _expiry, "never"),
    Key("format", _text, "text"),
    Key("baseline", _file, "none"),
)
NAMES = tuple(key.name for key in KEYS)

"""Reads a TOML table key by key, and collects everything wrong with it."""

from __future__ import annotations

import json
import keyword
import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import TypeVar

_PLAIN_KEY = re.compile(r"[A-Za-z0-9_.-]+")
_TYPES = {
    bool: "a boolean",
    int: "an integer",
    float: "a number",
    str: "a string",
    list: "an array",
    dict: "a table",
}
_Choice = TypeVar("_Choice", bound=StrEnum)


class Table:
    """One table of a profile. What is wrong goes to `problems`, and a neutral value comes back.

    path: where the table stands (`system[2].member[4]`, counted from 1; "" for the whole file).
    """

    def __init__(self, data: Mapping[str, object], path: str, problems: list[str]) -> None:
        self._data = data
        self.path = path
        self._problems = problems
        self._known: list[str] = []

    def has(self, key: str) -> bool:
        """Whether the key is there; one that is asked for is a known one."""
        self._known.append(key)
        return key in self._data

    def is_empty(self, key: str) -> bool:
        """Whether the key is missing, or holds an array without entries."""
        return self._data.get(key, []) == []

    def is_broken(self, key: str) -> bool:
        """Whether the value of a key was complained of already."""
        return any(problem.startswith(f"{self.path_of(key)}: ") for problem in self._problems)

    def allow(self, keys: Iterable[str]) -> None:
        """Takes keys for known that somebody else reads."""
        self._known.extend(keys)

    def complain(self, key: str, message: str) -> None:
        """Adds a problem with the value of a key."""
        self._problems.append(f"{self.path_of(key)}: {message}")

    def path_of(self, key: str) -> str:
        """Where a key of this table stands."""
        shown = key if _PLAIN_KEY.fullmatch(key) else json.dumps(key)
        return f"{self.path}.{shown}" if self.path else shown

    def text(self, key: str) -> str:
        """A string as one line of single spaces; "" where the key is missing."""
        value = self._get(key, str, "a string")
        return " ".join(value.split()) if isinstance(value, str) else ""

    def required(self, key: str, meaning: str) -> str:
        """A string that must be there; meaning says what it holds."""
        value = self.text(key)
        if not self.has(key):
            self.complain(key, f"missing; give {meaning}")
        elif not value and isinstance(self._data[key], str):
            self.complain(key, f"empty; give {meaning}")
        return value

    def dotted(self, key: str, meaning: str) -> str:
        """A dotted module name that must be there."""
        value = self.required(key, meaning)
        if value and not all(is_name(part) for part in value.split(".")):
            self.complain(key, f"{value!r} is not a dotted module name such as pkg.module")
        return value

    def flag(self, key: str) -> bool:
        """A boolean, False where the key is missing."""
        return self._get(key, bool, "true or false") is True

    def choice(self, key: str, default: _Choice, choices: tuple[_Choice, ...]) -> _Choice:
        """One of a few words."""
        value = self.text(key)
        if not self.has(key) or not isinstance(self._data[key], str):
            return default
        for choice in choices:
            if choice == value:
                return choice
        self.complain(key, f"{value!r} is none of {', '.join(choices)}{hint(value, choices)}")
        return default

    def strings(self, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """An array of strings."""
        value = self._get(key, list, "an array of strings")
        if not isinstance(value, list):
            return default
        for index, item in enumerate(value, 1):
            if not isinstance(item, str):
                self.complain(key, f"entry {index} must be a string, not {_type(item)}")
        return tuple(item for item in value if isinstance(item, str))

    def names(self, key: str) -> tuple[str, ...]:
        """An array of Python names."""
        found = self.strings(key)
        for name in found:
            if not is_name(name):
                self.complain(key, f"{name!r} is not a Python name")
        return tuple(filter(is_name, found))

    def tables(self, key: str) -> list[Table]:
        """An array of tables (`[[key]]`)."""
        value = self._get(key, list, f"an array of tables: write [[{key}]]")
        found = []
        for index, item in enumerate(value if isinstance(value, list) else [], 1):
            if isinstance(item, dict):
                found.append(Table(item, f"{self.path_of(key)}[{index}]", self._problems))
            else:
                self.complain(key, f"entry {index} must be a table, not {_type(item)}")
        return found

    def table(self, key: str) -> Table:
        """A table, an empty one where the key is missing. Its keys are the user's own."""
        value = self._get(key, dict, "a table")
        data = value if isinstance(value, dict) else {}
        return Table(data, self.path_of(key), self._problems)

    def __iter__(self) -> Iterator[str]:
        """All keys, in the order of the file."""
        return iter(self._data)

    def finish(self) -> None:
        """Complains of every key that nobody has asked for."""
        for key in self._data:
            if key not in self._known:
                self.complain(key, f"unknown key{hint(key, self._known)}")

    def _get(self, key: str, kind: type, wanted: str) -> object:
        self._known.append(key)
        value = self._data.get(key)
        if value is None or isinstance(value, kind):
            return value
        self.complain(key, f"must be {wanted}, not {_type(value)}")
        return None


def is_name(text: str) -> bool:
    """Whether it can name a Python variable or module."""
    return text.isidentifier() and not keyword.iskeyword(text)


def _type(value: object) -> str:
    return _TYPES.get(type(value), "a date or time")


def hint(word: str, possible: Iterable[str]) -> str:
    """The end of a message about a word that should be one of those."""
    words = sorted(set(map(str, possible)))
    from difflib import get_close_matches

    close = get_close_matches(word, words, n=1)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; possible: {', '.join(words)}" if words else ""

"""The entries of a baseline, and its file: TOML with one entry a line, sorted."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nonce_migrate.engine.identity import Identity
from nonce_migrate.errors import ProjectError
from nonce_migrate.model import Code
from nonce_migrate.visible import valid_unicode

HEADER = "# Findings that `nonce-migrate check` accepts for now: see `nonce-migrate baseline -h`."
_VERSION = 1
_CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7}|\|{7})(?:[ \r]|$)", re.MULTILINE)
_KEYS = {"path": str, "code": str, "statement": str, "ordinal": int, "reason": str}
_CODES = frozenset(code.value for code in Code)
_REQUIRED = ("path", "code", "statement")


class BaselineError(ProjectError):
    """A baseline that cannot be used, as one line."""


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """What a finding is known by in a baseline: see `Identity`; all of it can be written."""

    path: str
    code: str
    statement: str
    ordinal: int = 1

    @property
    def elsewhere(self) -> tuple[str, str]:
        """What stays the same when a file is renamed."""
        return self.code, self.statement


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """An accepted finding. reason: why it was taken up. line: where the entry stands, 0 if new."""

    key: Key
    reason: str = ""
    line: int = 0


def key_of(identity: Identity) -> Key:
    """The key of a finding."""
    path, statement = valid_unicode(identity.path), valid_unicode(identity.statement)
    return Key(path, str(identity.code), statement, identity.ordinal)


def read_baseline(name: str, data: bytes) -> tuple[Entry, ...]:
    """The entries of a file. name: for complaints. Raises BaselineError."""
    text = _text(name, data)
    try:
        whole = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise BaselineError(f"{name}: not a baseline: {error}; {_MEND}") from None
    if whole.get("version") != _VERSION or not isinstance(whole.get("entries"), list):
        raise BaselineError(
            f"{name}: not a baseline: it needs `version = {_VERSION}` and `entries`; {_MEND}"
        )
    lines = [n for n, line in enumerate(text.splitlines(), 1) if line.lstrip().startswith("{")]
    found: dict[Key, Entry] = {}
    for number, row in enumerate(whole["entries"]):
        line = lines[number] if len(lines) == len(whole["entries"]) else 1
        entry = _entry(f"{name}:{line}", row, line)
        if entry.key in found:
            raise BaselineError(f"{name}:{line}: the entry is there twice; delete one of them")
        found[entry.key] = entry
    return tuple(found.values())


_MEND = "put it back from version control, or write it anew with `nonce-migrate baseline update`"


def _text(name: str, data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BaselineError(f"{name}: not a baseline: not UTF-8; {_MEND}") from None
    conflict = _CONFLICT.search(text)
    if conflict is not None:
        line = text.count("\n", 0, conflict.start()) + 1
        raise BaselineError(
            f"{name}:{line}: a merge conflict is not settled: keep the entries of both sides, "
            "then run `nonce-migrate baseline update`, which drops those that are gone"
        )
    return text


def _entry(place: str, row: object, line: int) -> Entry:
    if not isinstance(row, Mapping):
        raise BaselineError(f"{place}: an entry must be a table, such as {{ path = ... }}")
    for key, value in row.items():
        kind = _KEYS.get(key)
        if kind is None:
            raise BaselineError(f"{place}: unknown key {key!r}; possible: {', '.join(_KEYS)}")
        if type(value) is not kind or (isinstance(value, int) and value < 1):
            what = "a number from 1" if kind is int else "a string"
            raise BaselineError(f"{place}: {key} must be {what}")
    if "code" in row and row["code"] not in _CODES:
        raise BaselineError(f"{place}: there is no finding code {row['code']!r}")
    missing = [key for key in _REQUIRED if key not in row]
    if missing:
        raise BaselineError(f"{place}: the entry has no {missing[0]}")
    key = Key(row["path"], row["code"], row["statement"], row.get("ordinal", 1))
    return Entry(key, row.get("reason", ""), line)


def render_baseline(entries: Iterable[Entry]) -> bytes:
    """The file, the same whatever the order of the entries."""
    lines = [f"{HEADER}\nversion = {_VERSION}\nentries = [\n"]
    lines += [f"  {{ {_fields(entry)} }},\n" for entry in sorted(entries)]
    return "".join((*lines, "]\n")).encode()


def _fields(entry: Entry) -> str:
    key = entry.key
    fields = {"path": key.path, "code": key.code, "statement": key.statement}
    pairs = [f"{name} = {_string(value)}" for name, value in fields.items()]
    if key.ordinal > 1:
        pairs.append(f"ordinal = {key.ordinal}")
    if entry.reason:
        pairs.append(f"reason = {_string(entry.reason)}")
    return ", ".join(pairs)


def _string(text: str) -> str:
    """A basic string of TOML, which escapes what JSON does, and DEL."""
    return json.dumps(valid_unicode(text), ensure_ascii=False).replace("\x7f", "\\u007f")

"""Reads a project's configuration: nonce-migrate.toml, else `[tool.nonce-migrate]`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from nonce_migrate.errors import ProjectError
from nonce_migrate.profile.load import CONFIGURATION_FILES
from nonce_migrate.settings.schema import Settings, field_of

_OWN_FILE, _SHARED_FILE = CONFIGURATION_FILES
_TOOL = "nonce-migrate"
_WORD = _TOOL.encode()
_HEADER = r"\s*\[+\s*(?P<name>[^\]]+?)\s*\]"
_SYSTEM = "system"  # a table with this key is a whole profile


class _File(NamedTuple):
    """name: relative to the project. text: all of it. table: the part that is ours, under `prefix`
    in the file.
    """

    name: str
    text: str
    table: Mapping[str, object]
    prefix: str


def read_settings(root: Path) -> Settings:
    """The settings of the project at root, the default ones where it has none.

    nonce-migrate.toml wins over `[tool.nonce-migrate]` of pyproject.toml, which then counts for
    nothing. A table that holds a whole profile (it has `system`) is the profile. The path of a
    profile is relative to root. Raises ProjectError with everything that is wrong.
    """
    own = _own_file(root / _OWN_FILE)
    shared = _shared_file(root / _SHARED_FILE)
    file = own or shared
    if file is None:
        return Settings()
    settings = _settings(root, file)
    return settings._replace(passed_over=_SHARED_FILE) if own and shared else settings


def _settings(root: Path, file: _File) -> Settings:
    from nonce_migrate.profile.table import Table
    from nonce_migrate.settings.keys import KEYS

    problems: list[str] = []
    table = Table(file.table, "", problems)
    if not file.prefix and _TOOL in _tools(file.table):
        problems.append(f"tool: in {file.name} the keys stand at the top, under no [tool.{_TOOL}]")
        table.allow(["tool"])
    values: dict[str, Any] = {
        field_of(key.name): key.read(table, key.name) for key in KEYS if table.has(key.name)
    }
    if not table.has(_SYSTEM):
        table.allow(key.name for key in KEYS)
        table.finish()
    elif table.has("profile"):
        table.complain("profile", "the table is a profile itself, since it has `system`")
    if problems:
        lines = (f"{_place(root, file, problem)} {problem}" for problem in problems)
        raise ProjectError("\n".join(lines))
    if table.has(_SYSTEM):
        values["profile"] = str(root / file.name)
    elif "profile" in values:
        values["profile"] = _located(values["profile"], root)
    given = {key.name: _line(file, key.name) for key in KEYS if table.has(key.name)}
    if table.has(_SYSTEM):
        given["profile"] = _line(file, _SYSTEM)
    return Settings(**values, file=file.name, lines=given)


def _own_file(path: Path) -> _File | None:
    data = _read(path)
    if data is None:
        return None
    text, table = _parsed(path, data)
    return _File(path.name, text, table, "")


def _shared_file(path: Path) -> _File | None:
    """None without our table in it, as in most projects; then it is not parsed either."""
    data = _read(path)
    if data is None or _WORD not in data:
        return None
    text, whole = _parsed(path, data)
    table = _tools(whole).get(_TOOL)
    if table is None:
        return None
    if not isinstance(table, dict):
        raise ProjectError(f"{path}: tool.{_TOOL} must be a table")
    return _File(path.name, text, table, f"tool.{_TOOL}")


def _tools(whole: Mapping[str, object]) -> Mapping[str, object]:
    tool = whole.get("tool")
    return tool if isinstance(tool, dict) else {}


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ProjectError(f"{path}: cannot be read: {error.strerror}") from None


def _parsed(path: Path, data: bytes) -> tuple[str, Mapping[str, object]]:
    import tomllib

    try:
        text = data.decode("utf-8-sig")
        return text, tomllib.loads(text)
    except UnicodeDecodeError:
        raise ProjectError(f"{path}: not valid UTF-8") from None
    except RecursionError:
        raise ProjectError(f"{path}: not valid TOML: nested too deeply") from None
    except tomllib.TOMLDecodeError as error:
        raise ProjectError(f"{path}: not valid TOML: {error}") from None


def _place(root: Path, file: _File, problem: str) -> str:
    """Where a problem, which begins with the path of a key, stands."""
    line = _line(file, re.split(r"[.:\[]", problem, maxsplit=1)[0])
    where = f"{root / file.name}:{line}:" if line else f"{root / file.name}:"
    return f"{where} [{file.prefix}]" if file.prefix else where


def _line(file: _File, key: str) -> int:
    """The line that a key of our table begins at, from 1; 0 where it is written otherwise."""
    begin = re.compile(rf"""\s*(["']?){re.escape(key)}\1\s*[=.]""")
    table = f"{file.prefix}.{key}" if file.prefix else key
    section = ""
    for number, line in enumerate(file.text.splitlines(), start=1):
        header = re.match(_HEADER, line)
        if header is not None:
            section = re.sub(r"""[\s"']""", "", header["name"])
            if section == table or section.startswith(f"{table}."):
                return number
        elif section == file.prefix and begin.match(line):
            return number
    return 0


def _located(profile: str, root: Path) -> str:
    """A name as it is, a file as a path from root."""
    is_file = "/" in profile or "\\" in profile or profile.endswith(".toml")
    return str(root / profile) if is_file else profile

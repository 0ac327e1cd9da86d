"""The configuration: `[tool.nonce-migrate]` of pyproject.toml, or a file of its own."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nonce_migrate.errors import ProjectError
from nonce_migrate.scaffold.pieces import Addition, ByHand, Kept, Piece, appended
from nonce_migrate.scaffold.quoting import double_quoted
from nonce_migrate.scaffold.request import Request

Read = Callable[[Path], bytes | None]
Table = dict[str, Any]

_TOOL = "nonce-migrate"
_OWN_FILE = "nonce-migrate.toml"
_SHARED_FILE = "pyproject.toml"
_SYSTEM = "system"  # a table with this key is a whole profile
_DEFAULT_PROFILE = "kraken"
_HEADER = f"[tool.{_TOOL}]\n"
_HEADER_LINE = re.compile(rb"^[ \t]*\[[ \t]*tool[ \t]*\.[ \t]*nonce-migrate[ \t]*\].*\n", re.M)


def is_configured(root: Path, read: Read) -> bool:
    """Whether the project has settings. Raises ProjectError for a file that is no TOML."""
    return _present(root, read) is not None


def plan_configuration(request: Request, read: Read) -> Piece:
    """Where the settings go: to the table that is there, else to a new one.

    Raises ProjectError for a file that is no TOML, or that says something else.
    """
    present = _present(request.root, read)
    if present is not None:
        return _completed(request, read, *present)
    profile = {"profile": request.profile or _DEFAULT_PROFILE}
    wanted = {**profile, "baseline": request.baseline} if request.baseline else profile
    shared = request.root / _SHARED_FILE
    data = read(shared)
    if data is None:
        return Addition(request.root / _OWN_FILE, _lines(wanted).encode(), is_new=True)
    return _added(shared, data, wanted)


def _present(root: Path, read: Read) -> tuple[Path, Table, str] | None:
    """The file with the settings, their table and its header; a file of their own wins."""
    own, shared = root / _OWN_FILE, root / _SHARED_FILE
    data = read(own)
    if data is not None:
        return own, _parsed(own, data), ""
    data = read(shared)
    tool = _parsed(shared, data).get("tool", {}) if data is not None else {}
    if not isinstance(tool, dict) or _TOOL not in tool:
        return None
    table = tool[_TOOL]
    if not isinstance(table, dict):
        raise ProjectError(f"{shared}: tool.{_TOOL} must be a table")
    return shared, table, _HEADER


def _completed(request: Request, read: Read, path: Path, table: Table, header: str) -> Piece:
    """What of the wanted settings a table lacks. Raises ProjectError where it contradicts them."""
    profile = table.get("profile", path.name if _SYSTEM in table else _DEFAULT_PROFILE)
    if request.profile not in (None, profile):
        raise ProjectError(f"{path}: the profile is {profile!r} already; change it there, by hand")
    if request.baseline and "baseline" not in table:
        data = read(path)
        assert data is not None
        return _inserted(path, data, header, request.baseline)
    if request.baseline and table["baseline"] != request.baseline:
        named = table["baseline"]
        raise ProjectError(f"{path}: the baseline is {named!r} already; change it there, by hand")
    return Kept(path)


def _inserted(path: Path, data: bytes, header: str, baseline: str) -> Piece:
    """The key as the first of its table; by hand where the file writes the table otherwise."""
    text = _lines({"baseline": baseline})
    place = _HEADER_LINE.search(data) if header else re.match(rb"\xef\xbb\xbf|", data)
    if place is None:
        return ByHand(path, header + text)
    end = b"\r\n" if b"\r\n" in (place[0] if header else data) else b"\n"
    line = text.encode().replace(b"\n", end)
    becomes = data[: place.end()] + line + data[place.end() :]
    table = {"baseline": baseline}
    if header:
        return _sure(path, data, becomes, {"tool": {_TOOL: table}}, header + text)
    return _sure(path, data, becomes, table, text)


def _added(path: Path, data: bytes, wanted: dict[str, str]) -> Piece:
    """A new table at the end; by hand where the file writes `tool` in a way that allows none."""
    text = _HEADER + _lines(wanted)
    becomes = appended(path, text, data).data
    return _sure(path, data, becomes, {"tool": {_TOOL: wanted}}, text)


def _sure(path: Path, before: bytes, after: bytes, new: Table, text: str) -> Piece:
    """The changed file where it says what it said and what is new; else the text, by hand."""
    try:
        is_right = _parsed(path, after) == _merged(_parsed(path, before), new)
    except ProjectError:
        is_right = False
    return Addition(path, after, is_new=False) if is_right else ByHand(path, text)


def _merged(table: Table, new: Table) -> Table:
    merged = dict(table)
    for key, value in new.items():
        old = table.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            value = _merged(old, value)
        merged[key] = value
    return merged


def _lines(settings: dict[str, str]) -> str:
    return "".join(f"{key} = {double_quoted(value)}\n" for key, value in settings.items())


def _parsed(path: Path, data: bytes) -> Table:
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ProjectError(f"{path}: not valid UTF-8") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ProjectError(f"{path}: not valid TOML: {error}") from None

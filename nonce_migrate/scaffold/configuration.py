"""The configuration: `[tool.nonce-migrate]` of pyproject.toml, or a file of its own."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

from nonce_migrate.errors import ProjectError
from nonce_migrate.scaffold.pieces import Addition, ByHand, Kept, Piece, appended
from nonce_migrate.scaffold.quoting import double_quoted
from nonce_migrate.scaffold.request import Request

Read = Callable[[Path], bytes | None]

_TOOL = "nonce-migrate"
_OWN_FILE = "nonce-migrate.toml"
_SHARED_FILE = "pyproject.toml"
_SYSTEM = "system"  # a table with this key is a whole profile
_DEFAULT_PROFILE = "kraken"
_HEADER = f"[tool.{_TOOL}]\n"


def is_configured(root: Path, read: Read) -> bool:
    """Whether the project has settings. Raises ProjectError for a file that is no TOML."""
    return _present(root, read) is not None


def plan_configuration(request: Request, read: Read) -> Piece:
    """Where the settings go: to the table that is there, else to a new one.

    Raises ProjectError for a file that is no TOML, or that says something else.
    """
    present = _present(request.root, read)
    if present is not None:
        return _completed(request, *present)
    profile = {"profile": request.profile or _DEFAULT_PROFILE}
    wanted = {**profile, "baseline": request.baseline} if request.baseline else profile
    shared = request.root / _SHARED_FILE
    data = read(shared)
    if data is None:
        return Addition(request.root / _OWN_FILE, _lines(wanted).encode(), is_new=True)
    return _added(shared, data, wanted)


def _present(root: Path, read: Read) -> tuple[Path, dict[str, object], str] | None:
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


def _completed(request: Request, path: Path, table: dict[str, object], header: str) -> Piece:
    """What of the wanted settings a table lacks. Raises ProjectError where it contradicts them."""
    profile = table.get("profile", path.name if _SYSTEM in table else _DEFAULT_PROFILE)
    if request.profile not in (None, profile):
        raise ProjectError(f"{path}: the profile is {profile!r} already; change it there, by hand")
    if request.baseline and "baseline" not in table:
        return ByHand(path, header + _lines({"baseline": request.baseline}))
    if request.baseline and table["baseline"] != request.baseline:
        named = table["baseline"]
        raise ProjectError(f"{path}: the baseline is {named!r} already; change it there, by hand")
    return Kept(path)


def _added(path: Path, data: bytes, wanted: dict[str, str]) -> Piece:
    """A new table at the end; by hand where the file writes `tool` in a way that allows none."""
    text = _HEADER + _lines(wanted)
    addition = appended(path, text, data)
    whole = _parsed(path, data)
    tool = whole.get("tool", {})
    expected = {**whole, "tool": {**tool, _TOOL: wanted}} if isinstance(tool, dict) else None
    try:
        becomes = tomllib.loads(addition.data.decode("utf-8-sig"))
    except tomllib.TOMLDecodeError:
        becomes = None
    return addition if becomes is not None and becomes == expected else ByHand(path, text)


def _lines(settings: dict[str, str]) -> str:
    return "".join(f"{key} = {double_quoted(value)}\n" for key, value in settings.items())


def _parsed(path: Path, data: bytes) -> dict[str, object]:
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ProjectError(f"{path}: not valid UTF-8") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ProjectError(f"{path}: not valid TOML: {error}") from None

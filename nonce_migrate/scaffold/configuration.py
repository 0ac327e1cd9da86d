"""The project's configuration: `[tool.nonce-migrate]` of its pyproject.toml, or a file of its own."""

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
_HEADER = f"[tool.{_TOOL}]\n"


def plan_configuration(request: Request, read: Read) -> Piece:
    """Where the settings go: to the table that is there, else to a new one.

    Raises ProjectError for a file that is no TOML, or that says something else.
    """
    own, shared = request.root / _OWN_FILE, request.root / _SHARED_FILE
    own_data, shared_data = read(own), read(shared)
    if own_data is not None:
        return _present(request, own, _parsed(own, own_data), "")
    if shared_data is None:
        return Addition(own, _lines(_wanted(request)).encode(), is_new=True)
    whole = _parsed(shared, shared_data)
    tool = whole.get("tool", {})
    if isinstance(tool, dict) and _TOOL in tool:
        return _present(request, shared, tool[_TOOL], _HEADER)
    return _added(shared, shared_data, whole, _wanted(request))


def _wanted(request: Request) -> dict[str, str]:
    baseline = {"baseline": request.baseline} if request.baseline else {}
    return {"profile": request.profile, **baseline}


def _present(request: Request, path: Path, table: object, header: str) -> Piece:
    """What of the wanted settings a table lacks. Raises ProjectError where it contradicts them."""
    if not isinstance(table, dict):
        raise ProjectError(f"{path}: tool.{_TOOL} must be a table")
    wanted = _wanted(request)
    if "system" in table or table.get("profile", "kraken") == wanted["profile"]:
        del wanted["profile"]
    for key, value in wanted.items():
        if key in table and table[key] != value:
            raise ProjectError(f"{path}: {key} is {table[key]!r} already; change it there, by hand")
    missing = {key: value for key, value in wanted.items() if key not in table}
    return ByHand(path, header + _lines(missing)) if missing else Kept(path)


def _added(path: Path, data: bytes, whole: dict[str, object], wanted: dict[str, str]) -> Piece:
    """A new table at the end; by hand where the file writes `tool` in a way that allows none."""
    text = _HEADER + _lines(wanted)
    addition = appended(path, text, data)
    tool = whole.get("tool", {})
    expected = {**whole, "tool": {**tool, _TOOL: wanted}} if isinstance(tool, dict) else None
    try:
        becomes = tomllib.loads(addition.data.decode("utf-8-sig"))
    except tomllib.TOMLDecodeError:
        becomes = None
    return addition if becomes == expected else ByHand(path, text)


def _lines(settings: dict[str, str]) -> str:
    return "".join(f"{key} = {double_quoted(value)}\n" for key, value in settings.items())


def _parsed(path: Path, data: bytes) -> dict[str, object]:
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ProjectError(f"{path}: not valid UTF-8") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ProjectError(f"{path}: not valid TOML: {error}") from None

"""`[tool.nonce-migrate]` of the project's pyproject.toml."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from nonce_migrate.errors import ProjectError

_KEYS = ("profile", "exclude", "verify")
_DEFAULT_PROFILE = "kraken"


@dataclass(frozen=True, slots=True)
class Settings:
    """profile: a name or the path of a file. exclude: gitignore patterns to leave out as well.

    verify: commands that apply runs before and after.
    """

    profile: str = _DEFAULT_PROFILE
    exclude: tuple[str, ...] = ()
    verify: tuple[str, ...] = ()


def read_settings(root: Path) -> Settings:
    """The settings of the project at root, the default ones where it has none.

    A table that holds a whole profile (it has `system`) is the profile; a profile's path is
    relative to root. Raises ProjectError with everything that is wrong.
    """
    file = root / "pyproject.toml"
    table = _table(file)
    if "system" in table:
        return Settings(profile=str(file))
    problems = [_unknown(key) for key in table if key not in _KEYS]
    profile = table.get("profile", _DEFAULT_PROFILE)
    if not isinstance(profile, str) or not profile:
        problems.append("profile: must be the name of a profile or of a TOML file")
    exclude = table.get("exclude", [])
    if not isinstance(exclude, list) or not all(isinstance(item, str) for item in exclude):
        problems.append('exclude: must be a list of patterns, such as ["old/", "*_backup.py"]')
    verify = table.get("verify", [])
    if not isinstance(verify, list) or not all(isinstance(v, str) and v.strip() for v in verify):
        problems.append('verify: must be a list of commands, such as ["pytest -q", "imports"]')
    if problems:
        where = f"{file}: [tool.nonce-migrate]"
        raise ProjectError("\n".join(f"{where} {problem}" for problem in problems))
    assert isinstance(profile, str) and isinstance(exclude, list) and isinstance(verify, list)
    return Settings(_located(profile, root), tuple(exclude), tuple(verify))


def _table(file: Path) -> dict[str, object]:
    """The table, empty where there is none."""
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ProjectError(f"{file}: cannot be read: {error.strerror}") from None
    if b"nonce-migrate" not in data:
        return {}
    import tomllib

    try:
        tool = tomllib.loads(data.decode("utf-8-sig")).get("tool", {})
    except UnicodeDecodeError:
        raise ProjectError(f"{file}: not valid UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise ProjectError(f"{file}: not valid TOML: {error}") from None
    table = tool.get("nonce-migrate", {}) if isinstance(tool, dict) else {}
    if not isinstance(table, dict):
        raise ProjectError(f"{file}: tool.nonce-migrate must be a table")
    return table


def _unknown(key: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(key, _KEYS, n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"possible: {', '.join(_KEYS)}"
    return f"{key}: unknown key; {hint}"


def _located(profile: str, root: Path) -> str:
    """A name as it is, a file as a path from root."""
    is_file = "/" in profile or "\\" in profile or profile.endswith(".toml")
    return str(root / profile) if is_file else profile

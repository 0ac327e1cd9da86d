"""Reads a profile from its TOML file, and names all that is wrong with it."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from importlib import resources
from pathlib import Path

from nonce_migrate.errors import ProfileError
from nonce_migrate.profile.build import build_profile
from nonce_migrate.profile.load import CONFIGURATION_FILES, is_name
from nonce_migrate.profile.schema import Profile
from nonce_migrate.profile.table import Table

_TOOL = "nonce-migrate"


def read_profile(name_or_file: str, beside: Collection[str] = ()) -> Profile:
    """The profile of that name or file; see load_profile."""
    data, source = _read(name_or_file)
    rows, start = _profile_table(data, name_or_file, source)
    problems: list[str] = []
    table = Table(rows, start, problems)
    if Path(name_or_file).name in CONFIGURATION_FILES:
        table.allow(beside)
    profile = build_profile(table)
    if problems:
        raise ProfileError(source, problems)
    return profile


def _read(name_or_file: str) -> tuple[bytes, str]:
    """The bytes of a profile, and how to call it. Raises ProfileError."""
    if is_name(name_or_file):
        packaged = resources.files("nonce_migrate.profile").joinpath(f"{name_or_file}.toml")
        if packaged.is_file():
            return packaged.read_bytes(), name_or_file
    source = name_or_file.encode(errors="backslashreplace").decode().replace("\n", "\\n")
    try:
        return Path(name_or_file).read_bytes(), source
    except FileNotFoundError:
        known = ", ".join(_packaged_names())
        reason = f"no such file, and no packaged profile of that name (there is: {known})"
    except OSError as error:
        reason = f"cannot be read: {error.strerror}"
    except ValueError as error:
        reason = f"cannot be read: {error}"
    raise ProfileError(source or "''", [reason])


def is_in_package(name: str) -> bool:
    """Whether there is a packaged profile of that name."""
    return name in _packaged_names()


def _packaged_names() -> list[str]:
    names = [entry.name for entry in resources.files("nonce_migrate.profile").iterdir()]
    return sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


def _profile_table(data: bytes, name_or_file: str, source: str) -> tuple[Mapping[str, object], str]:
    """The table that holds the profile, and its path in the file. Raises ProfileError."""
    try:
        whole = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ProfileError(source, [f"not UTF-8: see line {line}"]) from None
    except RecursionError:
        raise ProfileError(source, ["not valid TOML: nested too deeply"]) from None
    except ValueError as error:
        raise ProfileError(source, [f"not valid TOML: {error}"]) from None
    if Path(name_or_file).name != "pyproject.toml":
        return whole, ""
    tool = whole.get("tool")
    table = tool.get(_TOOL) if isinstance(tool, dict) else None
    if not isinstance(table, dict):
        raise ProfileError(source, [f"has no table [tool.{_TOOL}]; put the profile there"])
    return table, f"tool.{_TOOL}"

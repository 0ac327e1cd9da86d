"""The settings of a project, as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

DEFAULT_PROFILE = "kraken"
_NO_CODES: Mapping[str, tuple[str, ...]] = {}
_NO_LINES: Mapping[str, int] = {}


class Settings(NamedTuple):
    """One field a key of the configuration file; what is empty was not given.

    profile: a name or the path of a file. roots: folders that modules are imported from, instead
    of the profile's. exclude: gitignore patterns to leave out as well. select, ignore: finding
    codes or their first letters. per_file_ignores: the codes that are accepted in the files of a
    gitignore pattern. verify: commands that apply runs before and after. format: how results are
    written. baseline: the file of accepted findings, relative to the project. shims_remove_in:
    the day or the version of the bot at which its shims are to go.

    file: the configuration file, relative to the project, "" where there is none. lines: the keys
    that it gives, each with its line (0 where that is not known). passed_over: a second
    configuration file, which the first one wins over, "" where there is none.
    """

    profile: str = DEFAULT_PROFILE
    roots: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: Mapping[str, tuple[str, ...]] = _NO_CODES
    verify: tuple[str, ...] = ()
    format: str = ""
    baseline: str = ""
    shims_remove_in: str = ""
    file: str = ""
    lines: Mapping[str, int] = _NO_LINES
    passed_over: str = ""

    def value(self, key: str) -> object:
        """The value of a key by its name in the file."""
        return getattr(self, field_of(key))


def field_of(key: str) -> str:
    """The field of Settings for a key of the file."""
    return key.replace("-", "_")

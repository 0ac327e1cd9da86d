"""What holds for a run, key by key, and where each value comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

from nonce_migrate.profile.schema import Profile
from nonce_migrate.settings.keys import KEYS, Key
from nonce_migrate.settings.schema import Settings

Value: TypeAlias = "str | tuple[str, ...] | Mapping[str, tuple[str, ...]]"
Given: TypeAlias = "Mapping[str, str | tuple[str, ...]]"


class Origin(StrEnum):
    """Where a value comes from."""

    DEFAULT = "default"
    PROFILE = "profile"
    FILE = "file"
    OPTION = "option"


@dataclass(frozen=True, slots=True)
class Effective:
    """A key and what holds for it.

    value: None where nothing is set; then `otherwise` says what that means. where: `file:line`,
    the option, the name of the profile, or "" for a default.
    """

    key: str
    value: Value | None
    origin: Origin
    where: str = ""
    otherwise: str = ""


@dataclass(frozen=True, slots=True)
class Configuration:
    """root: the project, absolute. file: its configuration file, relative to root, "" for none.

    passed_over: a second one, which `file` wins over, "" for none.
    """

    root: str
    file: str
    passed_over: str
    settings: tuple[Effective, ...]


def effective(root: Path, settings: Settings, profile: Profile, given: Given) -> Configuration:
    """What holds for the project at root.

    profile: the one that these settings lead to. given: the options of the command line, by the
    key that they stand for.
    """
    return Configuration(
        str(root),
        settings.file,
        settings.passed_over,
        tuple(_effective(settings, profile, given, key) for key in KEYS),
    )


def _effective(settings: Settings, profile: Profile, given: Given, key: Key) -> Effective:
    name = key.name
    if name in given and name != "exclude":
        return Effective(name, given[name], Origin.OPTION, f"--{name}")
    if name == "ignore" and "select" in given:
        return Effective(name, None, Origin.OPTION, "--select", key.default)
    own = settings.value(name)
    is_given = name in settings.lines
    line = settings.lines.get(name, 0)
    where = f"{settings.file}:{line}" if line else settings.file
    if name == "exclude" and name in given:
        # What is left out adds up: an option leaves out more, never less.
        assert isinstance(own, tuple)
        return Effective(
            name,
            (*own, *given[name]),
            Origin.OPTION,
            f"{where} and --{name}" if is_given else f"--{name}",
        )
    if is_given:
        assert isinstance(own, str | tuple | Mapping)
        return Effective(name, own, Origin.FILE, where)
    if name == "roots":
        return Effective(name, profile.roots, Origin.PROFILE, profile.name)
    if name == "profile":
        return Effective(name, settings.profile, Origin.DEFAULT)
    return Effective(name, None, Origin.DEFAULT, "", key.default)

"""Whether a text names legacy state files: by name, by a glob, or by a template."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from nonce_migrate.profile.schema import Profile, System

ANY = "\0"
"""Stands for what is put in when the code runs, in a name that is made of parts."""

_HOLE = re.compile(r"%\(?\w*\)?[sdr]|\{[^{}/]*\}|\$\{?\w+\}?|\0+")
_SAMPLE = "x"


def state_system(profile: Profile, text: str) -> System | None:
    """The first system whose state files the text, a path or its last part, can name."""
    name = re.split(r"[\\/]", text.strip())[-1]
    for system in profile.systems:
        for pattern in system.state_files:
            if _can_meet(name, pattern):
                return system
    return None


def _can_meet(name: str, pattern: str) -> bool:
    """Whether some file name fits both, where either may hold wildcards."""
    filled = _HOLE.sub(_SAMPLE, name)
    if not re.search(r"[^\W\d_]{3}", _HOLE.sub("", name).rpartition(".")[0]):
        return False  # `*.json` and `{name}.json` name anything
    sample = re.sub(r"[*?]|\[[^\]]*\]", _SAMPLE, filled)
    return fnmatchcase(sample, pattern) or fnmatchcase(pattern.replace("*", _SAMPLE), filled)

"""Finds a profile by its name or file."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from nonce_migrate.profile.built import built, keep
from nonce_migrate.profile.schema import Profile

# The files that hold a project's settings, and may hold its profile, too.
CONFIGURATION_FILES = ("nonce-migrate.toml", "pyproject.toml")


def load_profile(name_or_file: str, beside: Collection[str] = ()) -> Profile:
    """The packaged profile of that name (`kraken`), else the one in that TOML file.

    Of a file named pyproject.toml, the profile is the table `[tool.nonce-migrate]`. beside: keys
    that are settings, and may stand beside a profile in a configuration file. Raises
    ProfileError, which lists everything that is wrong.
    """
    is_packaged = is_name(name_or_file)
    profile = built(name_or_file) if is_packaged else None
    if profile is not None:
        return profile

    from nonce_migrate.profile.read import is_in_package, read_profile

    profile = read_profile(name_or_file, beside)
    if is_packaged and is_in_package(name_or_file):
        profile = replace(profile, is_packaged=True)
        keep(name_or_file, profile)
    return profile


def is_name(text: str) -> bool:
    """Whether a text can be the name of a packaged profile."""
    return re.fullmatch("[a-z][a-z0-9_-]*", text) is not None

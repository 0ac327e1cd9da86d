"""Errors that end a run: each is one clear line for the user, with exit status 2."""

from __future__ import annotations


class NonceMigrateError(Exception):
    """What was wrong, where, and what to do, as one line (or one line a problem)."""


class ProfileError(NonceMigrateError):
    """The profile cannot be used. `problems` lists everything wrong with it at once."""

    def __init__(self, source: str, problems: list[str]) -> None:
        self.source = source
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{source}: {problem}" for problem in problems))


class ProjectError(NonceMigrateError):
    """The paths given cannot be scanned, or the tree cannot be written."""

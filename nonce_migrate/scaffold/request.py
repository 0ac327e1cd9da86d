"""What a project asks for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from nonce_migrate.scaffold.source import Source


class Service(StrEnum):
    """What runs the check."""

    GITHUB = "github"
    GITLAB = "gitlab"
    PRE_COMMIT = "pre-commit"


@dataclass(frozen=True, slots=True)
class Request:
    """root: the project, absolute. repository: the folder of its git repository, root or above.

    profile: as the configuration says it, relative to root where it is a file; None for the one
    that is configured, kraken where none is. baseline: the file of accepted findings, relative to
    root, "" for none. first_baseline: what that file is to hold, "" for none to be written.
    source: where the services get the tool from, None where there are none. ignored: lines for
    .gitignore.
    """

    root: Path
    repository: Path
    profile: str | None
    baseline: str = ""
    first_baseline: str = ""
    services: tuple[Service, ...] = ()
    source: Source | None = None
    ignored: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """The project as its repository calls it: `.`, or `services/bot`; never like an option."""
        place = self.root.relative_to(self.repository).as_posix()
        return f"./{place}" if place.startswith("-") else place

"""Where the machines of a CI get this tool from."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlsplit

from nonce_migrate.errors import ProjectError
from nonce_migrate.visible import visible

_NAME = "nonce-migrate"
_GIT = "git+"
_PINNED = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?===?[A-Za-z0-9.+!_-]+")
_REVISION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*")
_BLANK = re.compile(r"\s")
_FORMS = (
    "give NAME==VERSION, git+URL@REVISION, the https address of a wheel, "
    "or the path of a wheel or a folder in the repository"
)


@dataclass(frozen=True, slots=True)
class Git:
    """A revision of a git repository of this project; url: without `git+`."""

    url: str
    revision: str

    @property
    def requirement(self) -> str:
        """What pip installs."""
        return f"{_NAME} @ {_GIT}{self.url}@{self.revision}"


@dataclass(frozen=True, slots=True)
class Package:
    """Something else that pip installs, by itself: NAME==VERSION or an address."""

    requirement: str


@dataclass(frozen=True, slots=True)
class Vendored:
    """A wheel or a folder that lies in the project's own repository; path: from its root."""

    path: str

    @property
    def requirement(self) -> str:
        """What pip installs, from the repository's root."""
        return f"./{self.path}"


Source: TypeAlias = Git | Package | Vendored


def parse_source(text: str, repository: Path) -> Source:
    """The source that a person named. Raises ProjectError for one that is none or is not pinned."""
    if text.startswith(_GIT):
        return _git(text)
    if text.startswith("https://") and not _BLANK.search(text):
        _refuse_password(text)
        return Package(text)
    if _PINNED.fullmatch(text):
        return Package(text)
    return _vendored(text, repository)


def installed_source() -> Source | None:
    """Where the tool that runs was installed from; None where only this machine can reach that.

    By the record of its installation (PEP 610): a repository with its commit, or an address; with
    no record, it came by name from a package index.
    """
    try:
        record = metadata.distribution(_NAME).read_text("direct_url.json")
    except metadata.PackageNotFoundError:
        return None
    if record is None:
        return Package(f"{_NAME}=={metadata.version(_NAME)}")
    known = json.loads(record)
    url, commit = known.get("url", ""), known.get("vcs_info", {}).get("commit_id", "")
    if _BLANK.search(url) or urlsplit(url).password or urlsplit(url).scheme == "file":
        return None
    if known.get("vcs_info", {}).get("vcs") == "git" and commit:
        return Git(url, commit)
    return Package(url) if url.startswith("https://") and "archive_info" in known else None


def _git(text: str) -> Git:
    url, at, revision = text.removeprefix(_GIT).rpartition("@")
    if not at or "://" not in url or _BLANK.search(url) or not _REVISION.fullmatch(revision):
        raise ProjectError(f"--source: {visible(text)}: name a tag or a commit: git+URL@REVISION")
    _refuse_password(url)
    return Git(url, revision)


def _vendored(text: str, repository: Path) -> Vendored:
    path = (repository / text).resolve()
    is_inside = path != repository and path.is_relative_to(repository)
    if not text.isprintable() or not is_inside or not path.exists():
        raise ProjectError(f"--source: {visible(text)!r}: {_FORMS}")
    return Vendored(path.relative_to(repository).as_posix())


def _refuse_password(url: str) -> None:
    if urlsplit(url).password:
        raise ProjectError("--source: the address holds a password; it would be committed")

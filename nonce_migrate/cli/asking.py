"""What `init` asks on a terminal, for what no option says."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import click

from nonce_migrate.cli.output import complain, print_text
from nonce_migrate.errors import NonceMigrateError, ProjectError
from nonce_migrate.scaffold import Service, parse_source
from nonce_migrate.visible import visible

Answer = TypeVar("Answer")

_NONE = "none"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the options say; None where they say nothing."""

    profile: str | None
    services: tuple[Service, ...] | None
    source: str | None
    baseline: bool | None
    ignores_state: bool | None


def can_ask() -> bool:
    """Whether somebody can see a question and answer it."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


def ask(wishes: Wishes, needs_profile: bool, needs_source: Path | None) -> Wishes:
    """Asks for what is open.

    needs_profile: the project has none configured. needs_source: the repository whose services
    cannot get the tool from where this one came, None where they can.
    """
    if wishes.profile is None and needs_profile:
        wishes = replace(wishes, profile=_ask_profile())
    if wishes.services is None:
        wishes = replace(wishes, services=_ask_services())
    if wishes.services and wishes.source is None and needs_source is not None:
        wishes = replace(wishes, source=_ask_source(needs_source))
    if wishes.baseline is None:
        text = "Accept the legacy imports of today, and fail on new ones only (a baseline)?"
        wishes = replace(wishes, baseline=click.confirm(text, default=False))
    if wishes.ignores_state is None:
        text = "Add the manager's state files to .gitignore?"
        wishes = replace(wishes, ignores_state=click.confirm(text, default=True))
    return wishes


def ask_to_write(paths: Sequence[Path]) -> bool:
    """Asks for the last time, with the files at hand."""
    print_text("".join(f"  {visible(str(path))}\n" for path in paths))
    return click.confirm("Write these?", default=True)


def services_of(words: Sequence[str]) -> tuple[Service, ...]:
    """The services that were named, each once. Raises ProjectError for one that there is not, and
    for `none` beside another.
    """
    known = [*Service, _NONE]
    if unknown := [word for word in words if word not in known]:
        raise ProjectError(f"--ci: {visible(unknown[0])!r}: known are {', '.join(known)}")
    if _NONE in words and set(words) != {_NONE}:
        raise ProjectError("--ci: none and another one exclude each other")
    return tuple(dict.fromkeys(Service(word) for word in words if word != _NONE))


def _ask_profile() -> str:
    from nonce_migrate.profile import load_profile

    def take(said: str) -> str:
        load_profile(said)
        return said

    return _asked("Profile, by name or file", "kraken", take)


def _ask_services() -> tuple[Service, ...]:
    text = f"What runs the check ({', '.join([*Service, _NONE])}; several with blanks between)"
    return _asked(text, _NONE, lambda said: services_of(said.replace(",", " ").split()))


def _ask_source(repository: Path) -> str:
    def take(said: str) -> str:
        parse_source(said, repository)
        return said

    text = "Where CI installs nonce-migrate from (NAME==VERSION, git+URL@REVISION, a wheel's path)"
    return _asked(text, None, take)


def _asked(text: str, default: str | None, take: Callable[[str], Answer]) -> Answer:
    """Asks again until an answer is taken; what is wrong with the others is told."""
    while True:
        try:
            return take(click.prompt(text, default=default))
        except NonceMigrateError as error:
            complain(str(error))

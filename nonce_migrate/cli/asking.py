"""What `init` asks on a terminal, for what no option says."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click

from nonce_migrate.errors import NonceMigrateError
from nonce_migrate.scaffold import Service
from nonce_migrate.scaffold.source import Source

_NONE = "none"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the options say; None where they say nothing."""

    profile: str | None
    services: tuple[Service, ...] | None
    source: str | None
    ignores_state: bool | None


def can_ask() -> bool:
    """Whether somebody can see a question and answer it."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


def ask(wishes: Wishes, is_configured: bool, installed: Source | None) -> Wishes:
    """Asks for what is open. is_configured: the project has a profile, which is not asked for.

    installed: where the tool that runs came from, None where a CI cannot get it from there.
    """
    if wishes.profile is None and not is_configured:
        wishes = replace(wishes, profile=_ask_profile())
    if wishes.services is None:
        wishes = replace(wishes, services=_ask_services())
    if wishes.services and wishes.source is None and installed is None:
        text = "Where does CI install nonce-migrate from (NAME==VERSION, git+URL@REVISION, a path)"
        wishes = replace(wishes, source=click.prompt(text))
    if wishes.ignores_state is None:
        text = "Add the manager's state files to .gitignore?"
        wishes = replace(wishes, ignores_state=click.confirm(text, default=True))
    return wishes


def ask_to_write(paths: Sequence[Path]) -> bool:
    """Asks for the last time, with the files at hand."""
    names = "\n".join(f"  {path}" for path in paths)
    return click.confirm(f"{names}\nWrite these?", default=True)


def services_of(words: Sequence[str]) -> tuple[Service, ...]:
    """The services that were named, each once. Raises UsageError for `none` beside another."""
    if _NONE in words and set(words) != {_NONE}:
        raise click.UsageError("--ci: none and another one exclude each other")
    return tuple(dict.fromkeys(Service(word) for word in words if word != _NONE))


def _ask_profile() -> str:
    from nonce_migrate.profile import load_profile

    while True:
        named: str = click.prompt("Profile, by name or file", default="kraken")
        try:
            load_profile(named)
        except NonceMigrateError as error:
            click.echo(str(error))
        else:
            return named


def _ask_services() -> tuple[Service, ...]:
    known = [*Service, _NONE]
    text = f"What runs the check ({', '.join(known)}; several with blanks between)"
    while True:
        words = click.prompt(text, default=_NONE).replace(",", " ").split()
        if all(word in known for word in words):
            try:
                return services_of(words)
            except click.UsageError as error:
                click.echo(error.format_message())
        else:
            click.echo(f"known: {', '.join(known)}")

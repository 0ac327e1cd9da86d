"""The state directory that a command works on."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from nonce_migrate.monitor.locate import Place

F = TypeVar("F", bound=Callable[..., object])


def state_directory(command: F) -> F:
    """--state-dir."""
    return click.option(
        "--state-dir",
        metavar="DIR",
        help="The state directory. Default: NONCE_STATE_DIR, else that of the project here.",
    )(command)


def place_of(state_dir: str | None) -> Place:
    """The place of the project in the current folder. Raises ProjectError where there is none."""
    from nonce_migrate.errors import ProjectError
    from nonce_migrate.monitor.locate import find_place

    if state_dir == "":
        raise ProjectError("--state-dir: the name of the directory is empty")
    if redis_url(state_dir):
        raise ProjectError(
            "NONCE_REDIS_URL is set, so the sequence is in Redis, not in files: start the bot with "
            "NONCE_FLOOR to raise it, or name a directory with --state-dir to work on files"
        )
    return find_place(Path.cwd(), os.environ, Path(state_dir) if state_dir else None)


def redis_url(state_dir: str | None) -> str | None:
    """The address of the Redis that has the sequence, None where files have it or are asked for."""
    return os.environ.get("NONCE_REDIS_URL") if state_dir is None else None

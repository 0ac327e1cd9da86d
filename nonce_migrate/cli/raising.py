"""Raises a sequence above a number, by the manager's own code in a process of its own.

The manager is the packaged one, told that it stands in the bot: so it takes the same folder for the
project's root as the bot does, and a first start carries the same legacy state over.
"""

from __future__ import annotations

import importlib.resources
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from nonce_migrate.errors import ProjectError
from nonce_migrate.monitor.record import BACKUP_NAME, STATE_NAME

if TYPE_CHECKING:
    from nonce_migrate.monitor.locate import Place

# The manager waits 30 s for a lock before it says so.
_TIMEOUT_S = 90
_OF_THE_MANAGER = ("NONCE_STATE_DIR", "NONCE_FLOOR", "NONCE_VOLATILE", "NONCE_REDIS_URL")
_CHILD = """\
import sys, types
place = sys.argv[1]
module = types.ModuleType("consolidated_nonce_manager")
module.__file__ = place
sys.modules[module.__name__] = module
exec(compile(sys.stdin.buffer.read(), place, "exec"), module.__dict__)
try:
    module.get_nonce_manager().get_nonce("operator")
except module.NonceGenerationError as error:
    print(error, file=sys.stderr)
    sys.exit(1)
"""


def require_owner(place: Place) -> None:
    """Raises ProjectError where the bot, another user, could not use what this run would write."""
    if not hasattr(os, "geteuid"):
        return
    for name in (STATE_NAME, BACKUP_NAME, "."):
        path = place.state_directory / name
        try:
            owner = path.lstat().st_uid
        except FileNotFoundError:
            continue
        # A directory may belong to somebody else; files that root makes there are of no use.
        if owner != os.geteuid() and (name != "." or os.geteuid() == 0):
            raise ProjectError(f"{path}: belongs to user {owner}; run this as the user of the bot")


def raise_above(place: Place, nonce: int) -> list[str]:
    """Moves the sequence of a place above a nonce; one nonce is drawn for it.

    The manager returns it when a ceiling above it is on stable storage, so nothing is to be saved
    after. Gives what the manager had to say, as lines. Raises ProjectError where it could not.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-c", _CHILD, str(place.manager)],
            input=_manager(),
            env=_environment(place.state_directory, nonce),
            capture_output=True,
            timeout=_TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ProjectError(
            f"{place.state_directory}: no answer from the manager in {_TIMEOUT_S} s; look with "
            "`nonce-migrate status` whether a stopped process has the lock"
        ) from None
    said = done.stderr.decode(errors="backslashreplace").splitlines()
    if done.returncode:
        raise ProjectError(said[-1] if said else "the manager ended without a word")
    return said


def _manager() -> bytes:
    folder = importlib.resources.files("nonce_migrate.vendored")
    return folder.joinpath("consolidated_nonce_manager.py").read_bytes()


def _environment(directory: Path, nonce: int) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key not in _OF_THE_MANAGER}
    return {**kept, "NONCE_STATE_DIR": str(directory.resolve()), "NONCE_FLOOR": str(nonce)}

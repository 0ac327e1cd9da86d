"""Reads a project while no run changes it. Loads next to nothing where there never was a run."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from nonce_migrate.errors import ProjectError

FOLDER = ".nonce-migrate"

T = TypeVar("T")
_ATTEMPTS = 20


def steady(root: Path, read: Callable[[], T], tell: Callable[[str], None]) -> T:
    """What `read` gives from a project that no run changed meanwhile. tell: takes lines.

    What was cut short is settled before. Raises ProjectError where runs follow each other so fast
    that there is no reading in between, where settling fails, and what read raises.
    """
    for _ in range(_ATTEMPTS):
        if (root / FOLDER).exists():
            _settle(root, tell)
        before = _moment(root)
        try:
            result = read()
        except Exception:
            # What fails because files come and go while it reads is to be tried again.
            if _moment(root) == before:
                raise
            continue
        if _moment(root) == before:
            return result
    raise ProjectError(f"{root}: other runs of nonce-migrate keep changing it: try again later")


def _settle(root: Path, tell: Callable[[str], None]) -> None:
    from nonce_migrate.transaction.recovery import settle

    for recovered in settle(root):
        for line in recovered.lines:
            tell(line)


def _moment(root: Path) -> tuple[object, ...]:
    """Differs from an earlier one where a run wrote in between: each goes on by renaming here."""
    try:
        info = (root / FOLDER).stat()
        return info.st_ino, info.st_mtime_ns, sorted(os.listdir(root / FOLDER))  # noqa: PTH208
    except OSError:
        return ()

"""A migrated bot with the packaged manager at its place."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path

from tests.manager import children


def migrated(root: Path) -> Path:
    """Makes a project with the manager at the profile's target; its state is kept in its root."""
    utils = root / "src/utils"
    utils.mkdir(parents=True)
    (root / "pyproject.toml").write_text("")
    shutil.copy(children.MODULE, utils)
    return root


def ahead(seconds: int) -> int:
    """A nonce in us so far ahead of the clock."""
    return time.time_ns() // 1000 + seconds * 1_000_000


def legacy(folder: Path, name: str, content: object) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(json.dumps(content))

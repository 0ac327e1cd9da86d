"""The state directory is where the manager keeps it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nonce_migrate.errors import ProjectError
from nonce_migrate.monitor.locate import find_place
from tests.manager import children
from tests.monitor.bots import DAT

NAME = "consolidated_nonce_manager.py"


def _project(root: Path, folder: str, mark: str | None) -> Path:
    """A project with the manager in a folder of it; gives where it is."""
    place = root / folder
    place.mkdir(parents=True)
    if mark:
        (root / mark).touch()
    return Path(shutil.copy(children.MODULE, place / NAME))


def _draw(manager: Path, **settings: str) -> None:
    """Draws once with that copy of the manager, from a folder that has nothing to do with it."""
    environment = {k: v for k, v in os.environ.items() if k not in children.SETTINGS}
    code = f"import {manager.stem} as m; m.get_nonce_manager().get_nonce()"
    subprocess.run(
        [sys.executable, "-c", code],
        env={**environment, **settings, "PYTHONPATH": str(manager.parent)},
        cwd="/",
        check=True,
    )


@pytest.mark.parametrize("given", [None, "relative/state", "absolute"])
@pytest.mark.parametrize(
    ("folder", "mark"),
    [
        ("src/utils", "pyproject.toml"),
        ("src/utils", None),
        ("utils", "requirements.txt"),
        (".", "setup.py"),
    ],
)
def test_the_manager_keeps_it_there(
    tmp_path: Path, folder: str, mark: str | None, given: str | None
) -> None:
    root = tmp_path / "bot"
    manager = _project(root, folder, mark)
    value = str(tmp_path / "absolute") if given == "absolute" else given
    settings = {"NONCE_STATE_DIR": value} if value else {}
    _draw(manager, **settings)

    for here in (root, manager.parent):
        place = find_place(here, settings)
        assert (place.state_directory / DAT).is_file()
        assert place.has_manager
        assert place.root == root
        assert place.manager == manager


def test_a_directory_given_by_hand_counts_from_here(tmp_path: Path) -> None:
    (tmp_path / "here/state").mkdir(parents=True)

    place = find_place(tmp_path / "here", {"NONCE_STATE_DIR": "/nowhere"}, Path("state"))

    assert place.state_directory == tmp_path / "here/state"
    assert not place.has_manager


@pytest.mark.parametrize(
    ("name", "said"), [("missing", "no such directory"), ("file", "not a directory")]
)
def test_no_directory(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(ProjectError, match=said):
        find_place(tmp_path, {}, Path(name))

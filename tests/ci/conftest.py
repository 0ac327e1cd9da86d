"""This project as pre-commit fetches it, and a bot in a repository of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.checkout import copy_tracked
from tests.ci.composite import CompositeAction
from tests.ci.repositories import Repository, environment, make_repository
from tests.cli.bots import write_legacy_bot

_INSTALLED = ("pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml", "action.yml")
_AFRESH = ("--no-deps", "--ignore-installed")
_PACKAGES = ("nonce_migrate", "codemods")


@dataclass(frozen=True, slots=True)
class Source:
    """Where hooks come from: the address and the revision of a repository of this project.

    store: where pre-commit keeps the environment that it installs for them, once for all tests.
    """

    url: str
    revision: str
    store: Path


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """The project as it is in the checkout, committed to a repository of its own."""
    _require_packages()
    root = tmp_path_factory.mktemp("nonce-migrate")
    store = tmp_path_factory.mktemp("store")
    copy_tracked(root, *_INSTALLED, *_PACKAGES)
    repository = make_repository(root, store)
    return Source(str(root), repository.git("rev-parse", "HEAD"), store)


@pytest.fixture(scope="session")
def action(source: Source, tmp_path_factory: pytest.TempPathFactory) -> CompositeAction:
    """The action with its first steps done: Python found, the tool installed."""
    made = CompositeAction(Path(source.url), tmp_path_factory.mktemp("runner"))
    (installed,) = made.run(Path(source.url), {}, "Install nonce-migrate")
    assert installed.done.returncode == 0, installed.done.stderr
    return made


@pytest.fixture
def bot(tmp_path: Path) -> Repository:
    """A bot with one legacy manager and one legacy import, in a repository."""
    return make_repository(write_legacy_bot(tmp_path / "bot"), tmp_path / "store")


def _require_packages() -> None:
    """Skips where packages cannot be had; NONCE_MIGRATE_REQUIRE_SERVERS=1 makes that a failure."""
    tried = subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", *_AFRESH, "hatchling"],
        env=environment(),
        capture_output=True,
        timeout=60,
        check=False,
    )
    if tried.returncode:
        reason = "PyPI cannot be reached, and pre-commit installs hooks from there"
        if os.environ.get("NONCE_MIGRATE_REQUIRE_SERVERS") == "1":
            pytest.fail(reason)
        pytest.skip(reason)

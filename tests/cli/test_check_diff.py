from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.cli.running import run

_LINE = "from src.utils.unified_kraken_nonce_manager import get_unified_nonce_manager\n"


def git(root: Path, *arguments: str) -> None:
    name = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    subprocess.run(["git", "-C", str(root), *name, *arguments], check=True, capture_output=True)


@pytest.fixture
def repository(bot: Path) -> Path:
    """The bot, committed with its one legacy import."""
    git(bot, "init", "-q")
    git(bot, "add", "-A")
    git(bot, "commit", "-qm", "a bot")
    return bot


def paths(root: Path, *arguments: str) -> list[str]:
    done = run(root, "check", "--diff", "HEAD", *arguments)
    assert done.returncode == (1 if done.stdout else 0), done.stderr
    return [line.partition(":")[0] for line in done.stdout.splitlines()]


def test_what_was_there_before_does_not_count(repository: Path) -> None:
    assert paths(repository) == []


def test_changed_staged_and_new_files_count(repository: Path) -> None:
    (repository / "src/clean.py").write_text(_LINE)
    (repository / "src/staged.py").write_text(_LINE)
    git(repository, "add", "src/staged.py")
    (repository / "src/new one.py").write_text(_LINE)

    assert paths(repository) == ["src/clean.py", "src/new one.py", "src/staged.py"]
    assert paths(repository, "src/clean.py") == ["src/clean.py"]


def test_a_deleted_file_does_not_count(repository: Path) -> None:
    (repository / "src/rest.py").unlink()

    assert paths(repository) == []


def test_an_import_over_unchanged_files_is_followed(repository: Path) -> None:
    (repository / "src/hub.py").write_text(_LINE.replace("\n", " as draw\n"))
    (repository / "src/second.py").write_text("from src.hub import *\n")
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "a hub")
    (repository / "src/client.py").write_text("from src.second import draw\n")

    assert paths(repository) == ["src/client.py"]


def test_a_project_inside_a_repository_has_its_own_paths(repository: Path) -> None:
    inner = repository / "inner"
    (inner / "src").mkdir(parents=True)
    (inner / "pyproject.toml").touch()
    (inner / "src/new.py").write_text("from src.auth.nonce_manager import NonceManager\n")

    assert paths(inner) == ["src/new.py"]


@pytest.mark.parametrize("revision", ["nowhere", "--cached", "HEAD~99"])
def test_a_revision_that_is_none_is_told(repository: Path, revision: str) -> None:
    done = run(repository, "check", f"--diff={revision}")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("nonce-migrate: --diff: ")
    assert len(done.stderr.splitlines()) == 1


def test_outside_of_git_it_is_told(bot: Path) -> None:
    done = run(bot, "check", "--diff", "HEAD", GIT_CEILING_DIRECTORIES=str(bot.parent))

    assert done.returncode == 2
    assert "git repository" in done.stderr

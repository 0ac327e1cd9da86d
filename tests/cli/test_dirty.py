"""Files with uncommitted changes are not rewritten unless it is asked for."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.running import run, snapshot

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")


@pytest.fixture
def repository(bot: Path) -> Path:
    """The bot, all of it committed."""
    git(bot, "init", "-q")
    commit(bot)
    return bot


def git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True)


def commit(root: Path) -> None:
    git(root, "add", "-A")
    git(root, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "all")


def test_a_committed_bot_is_rewritten(repository: Path) -> None:
    assert run(repository, "apply").returncode == 0


def test_changes_stop_the_run_and_are_listed_and_nothing_is_written(repository: Path) -> None:
    with (repository / "src/rest.py").open("a") as file:
        file.write("# not committed\n")
    shutil.copy(repository / "src/rest.py", repository / "src/fresh.py")
    before = snapshot(repository)
    done = run(repository, "apply", "--report", "out")

    assert (done.returncode, done.stdout) == (2, "")
    assert "nonce-migrate: src/fresh.py: not in git yet" in done.stderr
    assert "nonce-migrate: src/rest.py: uncommitted changes" in done.stderr
    assert "unified_kraken_nonce_manager.py" not in done.stderr
    assert "--allow-dirty" in done.stderr
    assert snapshot(repository) == before
    assert not (repository / ".nonce-migrate").exists()


def test_they_are_rewritten_and_given_back_if_allowed(repository: Path) -> None:
    with (repository / "src/rest.py").open("a") as file:
        file.write("# not committed\n")
    before = snapshot(repository)
    assert run(repository, "apply", "--allow-dirty").returncode == 0
    assert b"# not committed" in snapshot(repository)["src/rest.py"]
    assert run(repository, "undo").returncode == 0
    assert snapshot(repository) == before


def test_changes_to_files_that_are_not_touched_do_not_matter(repository: Path) -> None:
    (repository / "src/clean.py").write_text("import json\n")
    assert run(repository, "apply").returncode == 0


def test_what_an_earlier_apply_wrote_is_no_change_of_the_user(repository: Path) -> None:
    """The second run touches the file that the first one left uncommitted; undo has both."""
    (repository / "src/rest.py").write_text(
        "from src.utils.unified_kraken_nonce_manager import get_unified_nonce_manager\n"
        "from src.hub import UnifiedKrakenNonceManager\n"
        "print(get_unified_nonce_manager(), UnifiedKrakenNonceManager)\n"
    )
    (repository / "src/hub.py").write_text(
        "from src.utils.unified_kraken_nonce_manager import UnifiedKrakenNonceManager\n"
    )
    commit(repository)
    before = snapshot(repository)
    assert run(repository, "apply", "src/rest.py").returncode in (0, 1)
    first = snapshot(repository)
    done = run(repository, "apply")
    assert done.returncode == 0, done.stderr
    assert snapshot(repository)["src/rest.py"] not in (before["src/rest.py"], first["src/rest.py"])
    for state in (first, before):
        assert run(repository, "undo").returncode == 0
        assert snapshot(repository) == state


def test_an_edit_after_an_apply_is_a_change_of_the_user(repository: Path) -> None:
    assert run(repository, "apply", "--no-shims").returncode in (0, 1)
    legacy = "from src.utils.unified_kraken_nonce_manager import get_unified_nonce_manager\n"
    with (repository / "src/rest.py").open("a") as file:
        file.write(f"{legacy}print(get_unified_nonce_manager())\n")
    done = run(repository, "apply", "--no-shims")
    assert done.returncode == 2
    assert "src/rest.py: uncommitted changes" in done.stderr

"""The hooks of `.pre-commit-hooks.yaml`, installed and run by the real pre-commit."""

from __future__ import annotations

import subprocess

import pytest

from tests.checkout import ROOT
from tests.ci.conftest import Source
from tests.ci.repositories import Completed, Repository, environment

pytestmark = pytest.mark.xdist_group("pre_commit")

_CONFIG = """\
repos:
  - repo: {url}
    rev: {revision}
    hooks:
      - id: nonce-migrate-check
      - id: nonce-migrate-apply
"""
_LEGACY = "from src.utils.unified_kraken_nonce_manager import get_unified_nonce_manager\n"
APPLY = ("pre-commit", "run", "--hook-stage", "manual", "--all-files", "nonce-migrate-apply")


@pytest.fixture
def hooked(bot: Repository, source: Source) -> Repository:
    """The bot with both hooks in its configuration, and git's own hook installed."""
    repository = Repository(bot.root, source.store)
    repository.write(
        ".pre-commit-config.yaml", _CONFIG.format(url=source.url, revision=source.revision)
    )
    repository.commit()
    assert repository.run("pre-commit", "install").returncode == 0
    return repository


def test_pre_commit_takes_the_manifest() -> None:
    done = subprocess.run(
        ["pre-commit", "validate-manifest", ROOT / ".pre-commit-hooks.yaml"],
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_commit_is_stopped_until_the_bot_is_migrated(hooked: Repository) -> None:
    """Whatever the commit changes: here a file that has nothing to do with it."""
    hooked.write("README.md", "A bot.\n")

    stopped = _commit(hooked)
    assert stopped.returncode == 1
    assert "src/rest.py:1:" in stopped.stderr and "NM101" in stopped.stderr

    hooked.commit()
    applied = hooked.run(*APPLY)
    assert applied.returncode == 1
    assert "files were modified by this hook" in applied.stdout, applied.stderr
    assert "shims      1" in applied.stdout
    hooked.git("add", "--all")
    assert _commit(hooked).returncode == 0

    again = hooked.run(*APPLY)
    assert again.returncode == 0, again.stdout
    assert hooked.git("status", "--porcelain") == ""


def test_the_apply_hook_leaves_files_alone_that_are_not_committed(hooked: Repository) -> None:
    rest = hooked.root / "src/rest.py"
    rest.write_text(rest.read_text() + "# under way\n")
    before = rest.read_bytes()

    refused = hooked.run(*APPLY)

    assert refused.returncode == 1
    assert "exit code: 2" in refused.stdout and "src/rest.py" in refused.stdout
    assert rest.read_bytes() == before


def test_a_commit_that_only_removes_a_file_is_looked_at_too(
    hooked: Repository,
) -> None:
    """pre-commit passes no removed files: a hook that is given names would see nothing here."""
    _migrate(hooked)
    (hooked.root / "src/late.py").write_text(_LEGACY)
    hooked.commit()
    hooked.git("rm", "--quiet", "src/clean.py")

    stopped = _commit(hooked)

    assert stopped.returncode == 1
    assert "src/late.py:1:" in stopped.stderr


def test_with_a_diff_only_what_the_commit_touches_counts(hooked: Repository) -> None:
    """For a bot that has legacy imports left and no baseline: `args: [--diff, HEAD]`."""
    config = hooked.root / ".pre-commit-config.yaml"
    hook = "      - id: nonce-migrate-check\n"
    config.write_text(config.read_text().replace(hook, f"{hook}        args: [--diff, HEAD]\n"))
    hooked.commit()
    hooked.write("src/more.py", "x = 1\n")
    assert _commit(hooked).returncode == 0

    hooked.write("src/more.py", _LEGACY)
    stopped = _commit(hooked)

    assert stopped.returncode == 1
    assert "src/more.py:1:" in stopped.stderr and "src/rest.py" not in stopped.stderr


def test_only_what_is_staged_counts(hooked: Repository) -> None:
    """pre-commit puts unstaged edits aside: the bot that is looked at is the one of the commit."""
    _migrate(hooked)
    clean = hooked.root / "src/clean.py"
    clean.write_text(_LEGACY)
    hooked.write("src/more.py", "x = 1\n")

    assert _commit(hooked).returncode == 0
    assert clean.read_text() == _LEGACY

    hooked.git("add", "src/clean.py")
    assert _commit(hooked).returncode == 1


def _migrate(repository: Repository) -> None:
    repository.run(*APPLY)
    repository.commit()


def _commit(repository: Repository) -> Completed:
    return repository.run("git", "commit", "--quiet", "--message", "a change")

"""The files that `init` writes do what they are for: red with a legacy import, green without."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
import yaml

from tests.ci.composite import BASH
from tests.ci.repositories import Completed, Repository

_INIT = ("nonce-migrate", "init", "--yes", "--source", "nonce-migrate==0.1.0")


@pytest.fixture(params=[".", "services/the bot"])
def placed(bot: Repository, request: pytest.FixtureRequest) -> tuple[Repository, str]:
    """The bot, also as a folder of a larger repository, whose root is what services know."""
    place: str = request.param
    inner = bot.root / place
    inner.mkdir(parents=True, exist_ok=True)
    for name in ("src", "pyproject.toml"):
        (bot.root / name).rename(inner / name)
    bot.git("add", "--all")
    return bot, place


def test_the_workflow_of_github_marks_the_lines(placed: tuple[Repository, str]) -> None:
    repository, place = placed
    assert repository.run(*_INIT, "--ci", "github", place).returncode == 0
    workflow = _read(repository.root / ".github/workflows/nonce-migrate.yml")
    check = workflow["jobs"]["check"]["steps"][-1]["run"]
    summary = repository.root / "summary.md"

    red = _bash(repository, check, GITHUB_STEP_SUMMARY=str(summary))
    assert red.returncode == 1, red.stderr
    assert red.stdout.startswith("::error file=") and "src/rest.py,line=1," in red.stdout
    assert "NM101" in summary.read_text()

    assert repository.run("nonce-migrate", "apply", "--allow-dirty", place).returncode == 0
    green = _bash(repository, check)
    assert (green.returncode, green.stdout) == (0, ""), green.stderr


def test_the_job_of_gitlab_leaves_a_report(placed: tuple[Repository, str]) -> None:
    bot, place = placed
    assert bot.run(*_INIT, "--ci", "gitlab", place).returncode == 0
    job = _read(bot.root / ".gitlab-ci.yml")["nonce-migrate"]
    report = bot.root / job["artifacts"]["reports"]["codequality"]

    red = _bash(bot, job["script"][-1], CI_PROJECT_DIR=str(bot.root))
    assert red.returncode == 1, red.stderr
    (found,) = json.loads(report.read_text())
    assert found["location"]["path"] == str(PurePosixPath(place) / "src/rest.py")
    assert found["location"]["lines"] == {"begin": 1}
    assert "src/rest.py:1:" in red.stdout

    assert bot.run("nonce-migrate", "apply", "--allow-dirty", place).returncode == 0
    assert _bash(bot, job["script"][-1]).returncode == 0
    assert json.loads(report.read_text()) == []


def _read(path: Path) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(path.read_text())
    return read


def _bash(repository: Repository, script: str, **changes: str) -> Completed:
    return repository.run(*BASH, "-c", script, **changes)

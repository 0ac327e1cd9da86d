"""The files that `init` writes do what they are for: red with a legacy import, green without."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.ci.composite import BASH
from tests.ci.repositories import Completed, Repository

_INIT = ("nonce-migrate", "init", "--yes", "--source", "nonce-migrate==0.1.0")


@pytest.fixture
def monorepo(bot: Repository) -> Repository:
    """The bot as a folder of a larger repository, which is what services know."""
    inner = bot.root / "services/the bot"
    inner.mkdir(parents=True)
    for name in ("src", "pyproject.toml"):
        (bot.root / name).rename(inner / name)
    bot.commit()
    return bot


@pytest.mark.parametrize("place", [".", "services/the bot"])
def test_the_workflow_of_github_marks_the_lines(
    bot: Repository, request: pytest.FixtureRequest, place: str
) -> None:
    repository = bot if place == "." else request.getfixturevalue("monorepo")
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


def test_the_job_of_gitlab_leaves_a_report(bot: Repository) -> None:
    assert bot.run(*_INIT, "--ci", "gitlab").returncode == 0
    job = _read(bot.root / ".gitlab-ci.yml")["nonce-migrate"]
    report = bot.root / job["artifacts"]["reports"]["codequality"]

    red = _bash(bot, job["script"][-1])
    assert red.returncode == 1, red.stderr
    (found,) = json.loads(report.read_text())
    assert found["location"] == {"path": "src/rest.py", "lines": {"begin": 1}}
    assert "src/rest.py:1:" in red.stdout

    assert bot.run("nonce-migrate", "apply", "--allow-dirty").returncode == 0
    assert _bash(bot, job["script"][-1]).returncode == 0
    assert json.loads(report.read_text()) == []


def _read(path: Path) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(path.read_text())
    return read


def _bash(repository: Repository, script: str, **changes: str) -> Completed:
    return repository.run(*BASH, "-c", script, **changes)

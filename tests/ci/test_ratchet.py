"""A team has a baseline of 30 findings; a pull request adds one and fixes two: red, then green.

With git, pre-commit and the steps of the action, on a clone as shallow as GitHub's.
"""

from __future__ import annotations

import shutil
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.ci.composite import CompositeAction, Ran
from tests.ci.conftest import Source
from tests.ci.repositories import Completed, Repository

pytestmark = pytest.mark.xdist_group("pre_commit")

_BASELINE = "nonce-migrate-baseline.toml"
_CLIENT = """\
from src.utils.unified_kraken_nonce_manager import get_unified_nonce_manager


def nonce():
    return get_unified_nonce_manager().get_nonce("client {number}")
"""


@dataclass(frozen=True)
class Team:
    """origin: the repository that all push to. work: a developer's clone of it, with hooks."""

    origin: Path
    work: Repository
    action: CompositeAction

    def commit(self) -> Completed:
        """As a developer does it, through the hook."""
        self.work.git("add", "--all")
        return self.work.run("git", "commit", "--quiet", "--message", "a change")

    def pull_request(self, folder: Path) -> Ran:
        """Pushes the branch, and gives the check of its pull request."""
        self.work.git("push", "--quiet", "--force", "origin", "HEAD")
        branch = self.work.git("branch", "--show-current")
        shutil.rmtree(folder, ignore_errors=True)
        url = f"file://{self.origin}"
        self.work.git("clone", "--quiet", "--depth=1", "--branch", branch, url, str(folder))
        inputs = {"base-ref": "main", "baseline": _BASELINE}
        return self.action.run(folder, inputs, "Fetch the base", "Check")[-1]

    def entries(self) -> int:
        """How many findings the baseline accepts."""
        data = (self.work.root / _BASELINE).read_text()
        return len(tomllib.loads(data)["entries"])


@pytest.fixture
def team(bot: Repository, source: Source, action: CompositeAction, tmp_path: Path) -> Team:
    """Has pushed a bot with 30 legacy imports, without anything of this tool, to main."""
    work = Repository(bot.root, source.store)
    work.git("rm", "--quiet", "src/rest.py")
    for number in range(30):
        work.write(f"src/client_{number:02}.py", _CLIENT.format(number=number))
    work.commit()
    origin = tmp_path / "origin.git"
    work.git("clone", "--quiet", "--bare", str(bot.root), str(origin))
    work.git("remote", "add", "origin", str(origin))
    return Team(origin, work, action)


def test_a_pull_request_that_adds_one_and_fixes_two(
    team: Team, source: Source, tmp_path: Path
) -> None:
    work, checkout = team.work, tmp_path / "checkout"
    _adopt(team, source, checkout)

    work.git("switch", "--quiet", "--create", "change")
    mended = [f"src/client_{number:02}.py" for number in (3, 17)]
    assert work.run("nonce-migrate", "apply", "--no-shims", *mended).returncode == 0
    new = work.root / "src/new_client.py"
    new.write_text(_CLIENT.format(number="new"))

    red = team.commit()
    assert red.returncode == 1
    found = [line.split()[:2] for line in red.stderr.splitlines() if " NM" in line]
    assert [code for _, code in found].count("NM703") == 2
    assert ["src/new_client.py:1:52:", "NM101"] in found and len(found) == 3

    left = work.run("nonce-migrate", "baseline", "update")
    assert (left.returncode, team.entries()) == (1, 28), left.stderr
    assert team.commit().returncode == 1

    # A branch that raises its own ceiling passes the hook: the baseline of the target counts.
    raised = ("baseline", "update", "--allow-new", "--reason", "later")
    assert work.run("nonce-migrate", *raised).returncode == 0
    assert team.entries() == 29
    assert team.commit().returncode == 0
    check = team.pull_request(checkout)
    assert check.outputs == {"status": "1"}
    assert "src/new_client.py,line=1," in check.done.stdout
    assert "src/client_" not in check.done.stdout

    assert work.run("nonce-migrate", "apply", "src/new_client.py").returncode == 0
    assert work.run("nonce-migrate", "baseline", "update").returncode == 0
    assert team.entries() == 28
    green = team.commit()
    assert green.returncode == 0, green.stderr
    check = team.pull_request(checkout)
    assert check.outputs == {"status": "0"}, check.done.stdout + check.done.stderr


def _adopt(team: Team, source: Source, checkout: Path) -> None:
    """Brings the tool in by a pull request of its own, which has no baseline to be held to."""
    work = team.work
    work.git("switch", "--quiet", "--create", "adopt")
    told = ("--source", f"git+file://{source.url}@{source.revision}")
    done = work.run("nonce-migrate", "init", "--ci", "pre-commit", "--baseline", *told)
    assert (done.returncode, team.entries()) == (0, 30), done.stderr
    assert work.run("pre-commit", "install").returncode == 0
    assert team.commit().returncode == 0
    assert team.pull_request(checkout).outputs == {"status": "0"}
    work.git("switch", "--quiet", "main")
    work.git("merge", "--quiet", "adopt")
    work.git("push", "--quiet", "origin", "main")

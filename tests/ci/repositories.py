"""Git repositories to try hooks and actions in, apart from the settings of who runs the tests."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_TIMEOUT_S = 120
_IDENTITY = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "A. Trader",
    "GIT_AUTHOR_EMAIL": "trader@example.com",
    "GIT_COMMITTER_NAME": "A. Trader",
    "GIT_COMMITTER_EMAIL": "trader@example.com",
}
_OTHERS = ("GIT_", "PYTHON", "NONCE_", "PRE_COMMIT", "GITHUB_", "RUNNER_", "CI_", "GITLAB_")
Completed = subprocess.CompletedProcess[str]


def environment(**changes: str) -> dict[str, str]:
    """A developer's environment, in which the commands of the tests' environment are found.

    Nothing of a service that runs these tests is in it.
    """
    kept = {name: v for name, v in os.environ.items() if not name.startswith(_OTHERS)}
    commands = str(Path(sys.executable).parent)
    path = os.pathsep.join([commands, kept.get("PATH", os.defpath)])
    return {**kept, "PATH": path, "PYTHONDONTWRITEBYTECODE": "1", **_IDENTITY, **changes}


@dataclass(frozen=True, slots=True)
class Repository:
    """A git repository, and where pre-commit keeps what it installs for it."""

    root: Path
    store: Path

    def run(self, *command: str, **changes: str) -> Completed:
        """Runs a command in it, as a developer does; changes: environment variables."""
        return subprocess.run(
            command,
            cwd=self.root,
            env=environment(PRE_COMMIT_HOME=str(self.store), **changes),
            capture_output=True,
            encoding="utf-8",
            timeout=_TIMEOUT_S,
            check=False,
        )

    def git(self, *arguments: str) -> str:
        """Runs git, which must succeed; gives what it printed."""
        done = self.run("git", *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def write(self, name: str, text: str) -> None:
        """Writes a file and stages it."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        self.git("add", name)

    def commit(self) -> str:
        """Commits everything, past the hooks; gives the revision."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--no-verify", "--message", "a change")
        return self.git("rev-parse", "HEAD")


def make_repository(root: Path, store: Path) -> Repository:
    """Makes what is in a folder a repository with one commit, on the branch main."""
    repository = Repository(root, store)
    repository.git("init", "--quiet", "--initial-branch=main")
    repository.commit()
    return repository

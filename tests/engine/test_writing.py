"""Putting a plan in place: nothing at all where it cannot be staged, and in an order that runs."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nonce_migrate.engine import Options, plan, write
from nonce_migrate.errors import ProjectError
from nonce_migrate.profile import load_profile

PROJECT = Path(__file__).parents[2]
LEGACY = PROJECT / "fixtures" / "cases" / "_legacy"
APP = "from src.auth.nonce_manager import NonceManager\n\nprint(NonceManager('key'))\n"

ORDER = """
import sys
renamed = []
def hook(event, arguments):
    if event == "os.rename":
        renamed.append(str(arguments[1]))
sys.addaudithook(hook)
from nonce_migrate.cli.app import run
run(["apply", "."])
print("\\n".join(renamed))
"""


@pytest.fixture
def bot(tmp_path: Path) -> Path:
    root = tmp_path / "bot"
    shutil.copytree(LEGACY, root)
    (root / "pyproject.toml").touch()
    (root / "app.py").write_text(APP, "utf-8")
    return root


def contents(root: Path) -> dict[str, bytes]:
    """Every file with its bytes, temporary ones too."""
    files = (path for path in root.rglob("*") if path.is_file())
    return {str(path.relative_to(root)): path.read_bytes() for path in files}


def run(
    bot: Path, *arguments: str, file_size: int | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs Python in the bot, where no file may grow past `file_size` bytes."""

    def limit() -> None:
        if file_size is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))

    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=bot,
        env=environment,
        preexec_fn=limit,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_disk_that_is_full_leaves_everything_as_it_was(bot: Path) -> None:
    before = contents(bot)
    done = run(bot, "-m", "nonce_migrate", "apply", ".", file_size=4096)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1 and "nothing was written" in done.stderr
    assert contents(bot) == before


def test_a_file_that_changed_since_it_was_read_stops_the_run(bot: Path) -> None:
    made = plan(Options(bot, (bot,), load_profile("kraken")))
    (bot / "app.py").write_text(APP + "# edited meanwhile\n", "utf-8")
    before = contents(bot)
    with pytest.raises(ProjectError, match=r"app\.py: changed while it was looked at"):
        write(made)
    assert contents(bot) == before


def test_the_manager_comes_first_and_the_shims_last(bot: Path) -> None:
    done = run(bot, "-c", ORDER)
    order = [name for name in done.stdout.splitlines() if name.endswith(".py")]
    assert order[0].endswith("src/utils/consolidated_nonce_manager.py"), done.stderr
    assert order[1].endswith("/app.py")
    assert len(order) == 7


def test_modes_are_kept(bot: Path) -> None:
    (bot / "app.py").chmod(0o750)
    write(plan(Options(bot, (bot,), load_profile("kraken"))))
    assert (bot / "app.py").stat().st_mode & 0o777 == 0o750
    assert (bot / "app.py").read_text("utf-8") != APP

"""`python -m build` gives a source distribution and a wheel, whole and fit for use."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

import nonce_migrate
from tests.checkout import ROOT, copy_tracked, tracked
from tests.cli.bots import write_legacy_bot
from tests.cli.running import snapshot
from tests.packaging.environments import environment_without_checkout, fresh_environment

pytestmark = pytest.mark.xdist_group("distributions")

_STEM = f"nonce_migrate-{nonce_migrate.__version__}"
_TIMEOUT_S = 120


@dataclass(frozen=True, slots=True)
class Distributions:
    """sdist and wheel are what `python -m build` makes, the wheel from the unpacked sdist.

    direct: a wheel that is made from the checkout itself.
    """

    sdist: Path
    wheel: Path
    direct: Path


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Distributions:
    """Builds everything once. Without isolation, so without a network: hatchling is here."""
    checkout = tmp_path_factory.mktemp("checkout")
    copy_tracked(checkout)
    both, alone = tmp_path_factory.mktemp("both"), tmp_path_factory.mktemp("alone")
    _build(checkout, "--outdir", str(both))
    _build(checkout, "--wheel", "--outdir", str(alone))
    wheel = f"{_STEM}-py3-none-any.whl"
    return Distributions(both / f"{_STEM}.tar.gz", both / wheel, alone / wheel)


@pytest.fixture(scope="module")
def commands(distributions: Distributions, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the commands of an environment that holds the wheel and its needs alone."""
    return fresh_environment(tmp_path_factory.mktemp("venv"), distributions.wheel)


def test_the_sdist_builds_the_same_wheel_as_the_checkout(distributions: Distributions) -> None:
    assert distributions.wheel.read_bytes() == distributions.direct.read_bytes()


def test_the_wheel_holds_every_file_of_the_packages(distributions: Distributions) -> None:
    """A table, a schema or a page that is not Python is what a wheel loses in silence."""
    with zipfile.ZipFile(distributions.wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}

    assert packed == {str(path) for path in tracked("nonce_migrate", "codemods")}


def test_the_sdist_holds_every_tracked_file(distributions: Distributions) -> None:
    """Links to folders excepted: hatchling follows them, and leaves out one that is a loop."""
    with tarfile.open(distributions.sdist) as archive:
        packed = {name.removeprefix(f"{_STEM}/") for name in archive.getnames()}
    expected = {
        str(path)
        for path in tracked()
        if not ((ROOT / path).is_symlink() and (ROOT / path).is_dir())
    }

    assert packed - {"PKG-INFO"} == expected


def test_the_tests_of_the_sdist_run(distributions: Distributions, tmp_path: Path) -> None:
    with tarfile.open(distributions.sdist) as archive:
        archive.extractall(tmp_path, filter="data")

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n0", "tests/profile", "tests/edit/test_splice.py"],
        cwd=tmp_path / _STEM,
        capture_output=True,
        encoding="utf-8",
        timeout=_TIMEOUT_S,
        check=False,
    )

    assert done.returncode == 0, done.stdout


def test_the_wheel_migrates_a_bot_from_an_empty_environment(commands: Path, tmp_path: Path) -> None:
    bot = write_legacy_bot(tmp_path / "bot")
    before = snapshot(bot)

    def tool(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [commands / "nonce-migrate", *arguments],
            cwd=bot,
            env=environment_without_checkout(),
            capture_output=True,
            encoding="utf-8",
            timeout=_TIMEOUT_S,
            check=False,
        )

    version = tool("--version")
    assert version.stdout == f"nonce-migrate {nonce_migrate.__version__}\n", version.stderr
    scanned = tool("scan")
    assert scanned.returncode == 0 and "src/rest.py:1" in scanned.stdout, scanned.stderr
    assert tool("check").returncode == 1
    applied = tool("apply", "--report", "nonce-report")
    assert applied.returncode == 0, applied.stderr
    assert (bot / "src/utils/consolidated_nonce_manager.py").is_file()
    assert (bot / "nonce-report/report.md").is_file()
    checked = tool("check")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    undone = tool("undo")
    assert undone.returncode == 0, undone.stderr
    after = snapshot(bot)
    assert {name: after[name] for name in before} == before
    assert {name.partition("/")[0] for name in after.keys() - before.keys()} <= {"nonce-report"}


def test_the_codemods_are_installed_with_it(commands: Path, tmp_path: Path) -> None:
    code = "import codemods.rewrite_module_imports as command; print(command.__file__)"

    done = subprocess.run(
        [commands / "python", "-c", code],
        cwd=tmp_path,
        env=environment_without_checkout(),
        capture_output=True,
        encoding="utf-8",
        timeout=_TIMEOUT_S,
        check=False,
    )

    assert str(commands.parent) in done.stdout, done.stderr


def _build(checkout: Path, *options: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", *options, str(checkout)],
        capture_output=True,
        encoding="utf-8",
        timeout=_TIMEOUT_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr

"""Virtual environments that hold a wheel and what the wheel says that it needs, made offline."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement

_TIMEOUT_S = 120


def fresh_environment(folder: Path, wheel: Path) -> Path:
    """Installs a wheel in a new environment; gives the folder of its commands.

    What the wheel requires, and what that requires in turn, is linked from the environment of
    the tests: nothing is downloaded, and nothing that the wheel fails to name is there.
    """
    venv.EnvBuilder(symlinks=True, with_pip=False).create(folder)
    python = folder / "bin/python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check"]
    _run([*pip, "install", "--quiet", "--no-index", "--no-deps", str(wheel)])
    (site,) = folder.glob("lib/python*/site-packages")
    (installed,) = Distribution.discover(name="nonce-migrate", path=[str(site)])
    for needed in _closure(installed.requires or []):
        _link(needed, site)
    return python.parent


def environment_without_checkout() -> dict[str, str]:
    """The environment of a user's process: no way leads to this checkout."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    return {**kept, "PYTHONDONTWRITEBYTECODE": "1"}


def _closure(requirements: list[str]) -> list[Distribution]:
    """The distributions that satisfy requirements, those of theirs among them."""
    found: dict[str, Distribution] = {}
    waiting = [Requirement(text) for text in requirements]
    while waiting:
        wanted = waiting.pop()
        if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
            continue
        found_one = distribution(wanted.name)
        assert wanted.specifier.contains(found_one.version), f"{wanted}, not {found_one.version}"
        if found.setdefault(wanted.name, found_one) is found_one:
            waiting += [Requirement(text) for text in found_one.requires or []]
    return list(found.values())


def _link(needed: Distribution, site: Path) -> None:
    """Links the top-level files and folders of an installed distribution."""
    for name in {Path(file).parts[0] for file in needed.files or []} - {"..", "__pycache__"}:
        source = Path(str(needed.locate_file(name)))
        if not (site / name).exists():
            (site / name).symlink_to(source)


def _run(command: list[str]) -> None:
    done = subprocess.run(
        command, capture_output=True, encoding="utf-8", timeout=_TIMEOUT_S, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr

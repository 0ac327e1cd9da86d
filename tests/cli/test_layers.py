from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import nonce_migrate.cli
from tests.cli.running import environment

_HEAVY = ("rich", "libcst", "nonce_migrate.engine", "nonce_migrate.profile")
_FILES = sorted(Path(nonce_migrate.cli.__file__).parent.glob("*.py"))


@pytest.mark.parametrize("path", _FILES, ids=lambda path: path.name)
def test_a_command_loads_nothing_heavy_before_it_runs(path: Path) -> None:
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        assert not [name for name in names if name.startswith(_HEAVY)]


def test_an_apply_with_nothing_to_edit_loads_no_libcst(tmp_path: Path) -> None:
    (tmp_path / "bot.py").write_text("x = 1\n")
    (tmp_path / "pyproject.toml").touch()
    code = (
        "import sys; from nonce_migrate.cli import run; "
        "print(run(['apply', '--dry-run', '.']), 'libcst' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "0 False", done.stderr

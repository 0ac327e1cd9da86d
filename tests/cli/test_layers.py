from __future__ import annotations

import ast
from pathlib import Path

import pytest

import nonce_migrate.cli

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

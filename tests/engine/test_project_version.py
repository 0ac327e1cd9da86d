"""The version of a bot, where its packaging may say it."""

from __future__ import annotations

from pathlib import Path

import pytest

from nonce_migrate.engine.project_version import project_version
from nonce_migrate.engine.tree import Tree

_SAID = {
    "project": {"pyproject.toml": '[project]\nversion = "1.4"\n'},
    "poetry": {"pyproject.toml": '[tool.poetry]\nversion = "1.4"\n'},
    "hatch": {
        "pyproject.toml": '[tool.hatch.version]\npath = "b/a.py"\n',
        "b/a.py": '__version__ = "1.4"\n',
    },
    "setuptools": {
        "pyproject.toml": '[tool.setuptools.dynamic]\nversion = {attr = "b.__version__"}\n',
        "src/b/__init__.py": "__version__: str = '1.4'\n",
    },
    "setup.cfg": {"setup.cfg": "[metadata]\nversion = 1.4\n"},
    "setup.cfg, attr": {
        "setup.cfg": "[metadata]\nversion = attr: b.c.__version__\n",
        "b/c.py": '__version__ = "1.4"\n',
    },
    "the one package": {"b/__init__.py": '__version__ = "1.4"\n', "tests/__init__.py": ""},
}
_NOT_SAID = {
    "nothing": {},
    "two packages": {"a/__init__.py": '__version__ = "1"', "b/__init__.py": '__version__ = "2"'},
    "no version": {"pyproject.toml": '[project]\nversion = "tomorrow"\n'},
    "no TOML": {"pyproject.toml": "[project\n", "setup.cfg": "no\n[metadata"},
    "another type": {"pyproject.toml": "project = 3\ntool = [1]\n"},
}


def _tree(root: Path, files: dict[str, str]) -> tuple[Tree, frozenset[str]]:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return Tree(root), frozenset(files)


@pytest.mark.parametrize("files", _SAID.values(), ids=_SAID)
def test_it_is_found(tmp_path: Path, files: dict[str, str]) -> None:
    assert str(project_version(*_tree(tmp_path, files))) == "1.4"


@pytest.mark.parametrize("files", _NOT_SAID.values(), ids=_NOT_SAID)
def test_it_is_not_guessed_at(tmp_path: Path, files: dict[str, str]) -> None:
    assert project_version(*_tree(tmp_path, files)) is None

"""The version of a bot, as its packaging says it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from configparser import ConfigParser, Error
from typing import TYPE_CHECKING

from nonce_migrate.engine.tree import Tree

if TYPE_CHECKING:
    from packaging.version import Version

_ASSIGNED = re.compile(r"""^__version__\s*(?::\s*\w+\s*)?=\s*["']([^"'\n]+)["']""", re.M)
_ATTRIBUTE = re.compile(r"attr:\s*([\w.]+)\.\w+")


def project_version(tree: Tree, files: frozenset[str]) -> Version | None:
    """From pyproject.toml, setup.cfg, or the one `__version__` of the project's packages.

    files: those of the project. None where nothing of that says it in plain words.
    """
    from packaging.version import InvalidVersion, Version

    for text in _texts(tree, files):
        try:
            return Version(text)
        except InvalidVersion:
            continue
    return None


def _texts(tree: Tree, files: frozenset[str]) -> Iterator[str]:
    tables = _pyproject(tree)
    tool = _table(tables, "tool")
    for table in (_table(tables, "project"), _table(tool, "poetry")):
        if isinstance(table.get("version"), str):
            yield str(table["version"])
    path = _table(tool, "hatch", "version").get("path")
    attribute = _table(tool, "setuptools", "dynamic", "version").get("attr")
    if isinstance(path, str):
        yield from _assigned(tree, path)
    if isinstance(attribute, str):
        yield from _of_module(tree, attribute.rpartition(".")[0])
    yield from _setup_cfg(tree)
    packages = sorted(f for f in files if re.fullmatch(r"(src/)?[^/]+/__init__\.py", f))
    found = {text for file in packages for text in _assigned(tree, file)}
    if len(found) == 1:
        yield from found


def _pyproject(tree: Tree) -> dict[str, object]:
    try:
        return tomllib.loads(tree.read("pyproject.toml").decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return {}


def _table(table: dict[str, object], *keys: str) -> dict[str, object]:
    for key in keys:
        inner = table.get(key)
        table = inner if isinstance(inner, dict) else {}
    return table


def _setup_cfg(tree: Tree) -> Iterator[str]:
    parser = ConfigParser(interpolation=None)
    try:
        parser.read_string(tree.read("setup.cfg").decode("utf-8-sig"))
    except (OSError, ValueError, Error):
        return
    text = parser.get("metadata", "version", fallback="")
    attribute = _ATTRIBUTE.fullmatch(text)
    if attribute:
        yield from _of_module(tree, attribute[1])
    elif text:
        yield text


def _of_module(tree: Tree, module: str) -> Iterator[str]:
    path = module.replace(".", "/")
    for folder in ("", "src/"):
        yield from _assigned(tree, f"{folder}{path}/__init__.py")
        yield from _assigned(tree, f"{folder}{path}.py")


def _assigned(tree: Tree, path: str) -> Iterator[str]:
    try:
        match = _ASSIGNED.search(tree.read(path).decode("utf-8", errors="replace"))
    except OSError:
        return
    if match:
        yield match[1]

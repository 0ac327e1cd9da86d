"""Compares the ignore rules with those of the installed git."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from nonce_migrate.discover import walk
from tests.discover.trees import make_empty

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")

FOLDERS = ("a", "b", "build")
FILES = ("x.py", "a.py", "build.py")
SEGMENTS = (*FOLDERS, *FILES, "*", "**", "*.py", "?", "[ab]", "[!a]*", "b*d", "**x.py", "\\x.py")

segments = st.lists(st.sampled_from(SEGMENTS), min_size=1, max_size=3)
patterns = st.builds(
    lambda bang, start, parts, end: bang + start + "/".join(parts) + end,
    st.sampled_from(["", "", "!"]),
    st.sampled_from(["", "", "/"]),
    segments,
    st.sampled_from(["", "", "/", "  "]),
)
ignore_files = st.lists(patterns, max_size=5).map("\n".join)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("repository")
    folders = ["", *(f"{a}/" for a in FOLDERS)]
    folders += [f"{a}/{b}/" for a, b in itertools.product(FOLDERS, FOLDERS)]
    make_empty(root, *(folder + file for folder in folders for file in FILES))
    git(root, "init", "--quiet")
    return root


def git(root: Path, *arguments: str) -> str:
    env = {"PATH": os.environ["PATH"], "GIT_CONFIG_NOSYSTEM": "1", "HOME": str(root.parent)}
    command = ["git", "-C", str(root), *arguments]
    return subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout


@settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(top=ignore_files, inner=ignore_files, private=ignore_files)
@example(top="/a/*\n!/a/b/", inner="", private="")
@example(top="*\n!*/\n!x.py", inner="", private="")
@example(top="a/**\n!a/x.py", inner="", private="")
@example(top="a/**/\n!a/b/", inner="", private="")
@example(top="a\n**/\n!a", inner="/**/", private="/**")
@example(top="b", inner="!b\nx.py", private="")
@example(top="", inner="!x.py", private="x.py\nbuild")
@example(top="**/b/x.py\n**/a/", inner="/b/\n/x.py", private="")
def test_the_files_are_those_that_git_lists(
    repository: Path, top: str, inner: str, private: str
) -> None:
    (repository / ".gitignore").write_text(top)
    (repository / "a/.gitignore").write_text(inner)
    (repository / ".git/info/exclude").write_text(private)
    listed = git(repository, "ls-files", "--others", "--exclude-standard", "-z")
    expected = sorted(name for name in listed.split("\0") if name.endswith(".py"))
    assert list(walk(repository, []).files) == expected

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nonce_migrate.discover import find_root
from nonce_migrate.errors import ProjectError
from tests.discover.trees import make_empty


@pytest.mark.parametrize("marker", ["pyproject.toml", "setup.py", "setup.cfg", ".git"])
def test_the_nearest_folder_with_a_marker_is_the_root(tmp_path: Path, marker: str) -> None:
    make_empty(tmp_path, "setup.cfg", f"bot/{marker}", "bot/src/utils/a.py")
    assert find_root([tmp_path / "bot/src/utils"]) == tmp_path / "bot"


def test_a_git_folder_marks_a_root(tmp_path: Path) -> None:
    (tmp_path / "bot/.git").mkdir(parents=True)
    make_empty(tmp_path, "bot/src/a.py")
    assert find_root([tmp_path / "bot/src/a.py"]) == tmp_path / "bot"


def test_a_folder_with_a_marker_is_its_own_root(tmp_path: Path) -> None:
    make_empty(tmp_path, "pyproject.toml", "inner/pyproject.toml")
    assert find_root([tmp_path / "inner"]) == tmp_path / "inner"


def test_the_search_starts_at_the_common_parent_of_all_paths(tmp_path: Path) -> None:
    make_empty(tmp_path, "pyproject.toml", "one/setup.py", "one/a.py", "two/b.py")
    assert find_root([tmp_path / "one/a.py", tmp_path / "two"]) == tmp_path


def test_without_a_marker_the_common_parent_is_the_root(tmp_path: Path) -> None:
    make_empty(tmp_path, "src/one/a.py", "src/two/b.py")
    assert find_root([tmp_path / "src/one/a.py", tmp_path / "src/two/b.py"]) == tmp_path / "src"
    assert find_root([tmp_path / "src/one/a.py"]) == tmp_path / "src/one"


def test_no_path_means_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_empty(tmp_path, "setup.py", "src/a.py")
    monkeypatch.chdir(tmp_path / "src")
    assert find_root([]) == tmp_path
    assert find_root([Path("a.py")]) == tmp_path


def test_links_are_resolved_before_the_parents_are_looked_at(tmp_path: Path) -> None:
    make_empty(tmp_path, "bot/setup.py", "bot/src/a.py", "elsewhere/b.py")
    (tmp_path / "elsewhere/link").symlink_to(tmp_path / "bot/src")
    assert find_root([tmp_path / "elsewhere/link"]) == tmp_path / "bot"


def test_a_path_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=r"nowhere: no such file or folder") as caught:
        find_root([tmp_path, tmp_path / "nowhere"])
    assert "\n" not in str(caught.value)


def test_a_loop_of_links_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(ProjectError, match="loop: cannot be looked at"):
        find_root([tmp_path / "loop"])


def test_a_name_that_is_not_utf8_can_be_printed() -> None:
    with pytest.raises(ProjectError) as caught:
        find_root([Path(os.fsdecode(b"no\xffwhere\n"))])
    assert str(caught.value).encode("utf-8")
    assert "\n" not in str(caught.value)

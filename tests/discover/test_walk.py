from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from nonce_migrate.discover import walk
from nonce_migrate.discover.walk import SKIPPED_FOLDERS
from nonce_migrate.errors import ProjectError
from nonce_migrate.model import Unreadable
from tests.discover.trees import make, make_empty


def files(root: Path, *exclude: str, asked: tuple[str, ...] = ()) -> list[str]:
    return list(walk(root, exclude, asked=asked).files)


def test_python_files_are_listed_sorted_and_nothing_else_is(tmp_path: Path) -> None:
    make_empty(tmp_path, "b.py", "a/z.pyi", "a/y.pyw", "a-b.py", "a/x.pyc", "a/notes.md", "py")
    assert files(tmp_path) == ["a-b.py", "a/y.pyw", "a/z.pyi", "b.py"]
    assert walk(tmp_path, []).unreadable == ()


def test_an_empty_folder_has_no_files(tmp_path: Path) -> None:
    assert walk(tmp_path, []).files == ()


@pytest.mark.parametrize("name", sorted(SKIPPED_FOLDERS))
def test_folders_of_tools_are_left_out(tmp_path: Path, name: str) -> None:
    make_empty(tmp_path, f"src/{name}/a.py", f"src/x{name}/b.py")
    assert files(tmp_path) == [f"src/x{name}/b.py"]


def test_a_virtual_environment_of_any_name_is_left_out(tmp_path: Path) -> None:
    make_empty(tmp_path, "my_env/pyvenv.cfg", "my_env/bin/tool.py", "a.py")
    assert files(tmp_path) == ["a.py"]


def test_a_root_that_is_a_virtual_environment_is_still_looked_at(tmp_path: Path) -> None:
    make_empty(tmp_path, "pyvenv.cfg", "bot.py", "lib/python3.11/site-packages/x.py")
    assert files(tmp_path) == ["bot.py"]


@pytest.mark.parametrize("name", ["build", "dist", "env", "nonce_manager"])
def test_folders_that_may_be_packages_are_listed(tmp_path: Path, name: str) -> None:
    make_empty(tmp_path, f"{name}/a.py")
    assert files(tmp_path) == [f"{name}/a.py"]


def test_a_gitignore_holds_below_its_own_folder(tmp_path: Path) -> None:
    make(tmp_path, {"one/.gitignore": "/gen.py\n*_pb2.py\n"})
    make_empty(tmp_path, "gen.py", "one/gen.py", "one/deep/gen.py", "one/deep/a_pb2.py", "a_pb2.py")
    assert files(tmp_path) == ["a_pb2.py", "gen.py", "one/deep/gen.py"]


def test_a_deeper_gitignore_wins(tmp_path: Path) -> None:
    make(tmp_path, {".gitignore": "gen*.py\n", "keep/.gitignore": "!gen_a.py\n"})
    make_empty(tmp_path, "gen_a.py", "keep/gen_a.py", "keep/gen_b.py")
    assert files(tmp_path) == ["keep/gen_a.py"]


def test_an_ignored_folder_is_not_looked_into(tmp_path: Path) -> None:
    make(tmp_path, {".gitignore": "out/\n!out/keep.py\n", "out/.gitignore": "!*\n"})
    make_empty(tmp_path, "out/keep.py", "a.py")
    assert files(tmp_path) == ["a.py"]


def test_the_private_list_of_the_repository_counts_less_than_a_gitignore(tmp_path: Path) -> None:
    make(tmp_path, {".git/info/exclude": "a.py\nb.py\n", ".gitignore": "!b.py\n"})
    make_empty(tmp_path, "a.py", "b.py", "c.py")
    assert files(tmp_path) == ["b.py", "c.py"]


def test_a_gitignore_with_windows_line_ends_and_a_mark(tmp_path: Path) -> None:
    text = "\ufeffgen.py\r\n# b.py\r\n\r\nold/\r\nout/**\r\n!out/keep.py\r\n"
    make(tmp_path, {".gitignore": text})
    make_empty(tmp_path, "gen.py", "b.py", "old/a.py", "out/a.py", "out/keep.py")
    assert files(tmp_path) == ["b.py", "out/keep.py"]


def test_a_line_that_is_no_pattern_is_passed_over(tmp_path: Path) -> None:
    make(tmp_path, {".gitignore": "a[.py\n[z-a].py\n!\ntail\\\ngen.py\n"})
    make_empty(tmp_path, "gen.py", "b.py")
    assert files(tmp_path) == ["b.py"]


def test_a_gitignore_that_is_no_file_is_passed_over(tmp_path: Path) -> None:
    make_empty(tmp_path, "a.py")
    (tmp_path / ".gitignore").mkdir()
    assert files(tmp_path) == ["a.py"]


def test_the_repository_above_the_root_counts(tmp_path: Path) -> None:
    make(tmp_path, {".git/info/exclude": "private.py\n", ".gitignore": "/bot/src/gen.py\nout/\n"})
    make(tmp_path, {"bot/.gitignore": "*_old.py\n"})
    make_empty(tmp_path, *(f"bot/src/{n}.py" for n in ("a", "gen", "private", "a_old", "out/x")))
    assert files(tmp_path / "bot/src") == ["a.py"]


def test_ignore_files_above_the_repository_do_not_count(tmp_path: Path) -> None:
    make(tmp_path, {".gitignore": "*.py\n", "bot/.git/config": "", "bot/src/a.py": ""})
    assert files(tmp_path / "bot/src") == ["a.py"]


def test_without_a_repository_nothing_above_the_root_counts(tmp_path: Path) -> None:
    make(tmp_path, {".gitignore": "a.py\n", "bot/a.py": ""})
    assert files(tmp_path / "bot") == ["a.py"]


def test_a_root_that_its_repository_ignores_is_looked_at(tmp_path: Path) -> None:
    make(tmp_path, {".git/config": "", ".gitignore": "*\n!/src/\n*_pb2.py\n"})
    make_empty(tmp_path, "old/bots/a.py", "old/bots/a_pb2.py")
    assert files(tmp_path / "old/bots") == ["a.py"]
    assert files(tmp_path / "old") == ["bots/a.py"]
    assert files(tmp_path) == []


def test_exclude_patterns_win_over_ignore_files(tmp_path: Path) -> None:
    make(tmp_path, {".gitignore": "gen.py\n"})
    make_empty(tmp_path, "gen.py", "src/a.py", "src/a_backup.py", "backups/b.py")
    assert files(tmp_path, "*_backup.py", "/backups/", "!gen.py") == ["gen.py", "src/a.py"]


def test_what_is_no_exclude_pattern_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=r"not an exclude pattern: '!'"):
        walk(tmp_path, ["fine/", "!"])


def test_a_folder_that_was_asked_for_is_looked_at(tmp_path: Path) -> None:
    make(tmp_path, {".gitignore": "out/\n*_pb2.py\n"})
    make_empty(tmp_path, "a.py", "out/a.py", "out/deep/b.py", "out/c_pb2.py", "old/d.py")
    assert files(tmp_path, "old/") == ["a.py"]
    assert files(tmp_path, "old/", asked=("out",)) == ["a.py", "out/a.py", "out/deep/b.py"]
    assert files(tmp_path, "old/", asked=("out/deep/", "old")) == [
        "a.py",
        "old/d.py",
        "out/deep/b.py",
    ]


def test_a_file_that_was_asked_for_is_listed(tmp_path: Path) -> None:
    make(tmp_path, {".gitignore": "gen.py\n"})
    make_empty(tmp_path, "a.py", "gen.py", "notes.md")
    assert files(tmp_path, asked=("gen.py", "a.py", "notes.md", "")) == ["a.py", "gen.py"]


def test_a_linked_file_is_listed_once_at_its_own_place(tmp_path: Path) -> None:
    make_empty(tmp_path, "src/a.py")
    (tmp_path / "alias.py").symlink_to("src/a.py")
    (tmp_path / "alias").symlink_to("src")
    found = walk(tmp_path, [])
    assert found.files == ("src/a.py",)
    assert found.unreadable == ()


def test_links_out_of_the_tree_are_listed_and_not_followed(tmp_path: Path) -> None:
    make_empty(tmp_path, "bot/a.py", "bot-two/b.py", "bot-two/data.csv")
    (tmp_path / "bot/link.py").symlink_to(tmp_path / "bot-two/b.py")
    (tmp_path / "bot/more").symlink_to(tmp_path / "bot-two")
    (tmp_path / "bot/data.csv").symlink_to(tmp_path / "bot-two/data.csv")
    found = walk(tmp_path / "bot", [])
    assert found.files == ("a.py",)
    assert [entry.path for entry in found.unreadable] == ["link.py", "more"]
    assert all("link out of the project" in entry.reason for entry in found.unreadable)
    assert walk(tmp_path / "bot", ["link.py", "more"]).unreadable == ()


def test_links_that_lead_nowhere_are_passed_over(tmp_path: Path) -> None:
    make_empty(tmp_path, "a.py", "deep/b.py")
    (tmp_path / "loop.py").symlink_to("loop.py")
    (tmp_path / "gone.py").symlink_to("nothing.py")
    (tmp_path / "deep/up").symlink_to("..")
    found = walk(tmp_path, [])
    assert found.files == ("a.py", "deep/b.py")
    assert found.unreadable == ()


def test_a_root_behind_a_link_is_walked(tmp_path: Path) -> None:
    make_empty(tmp_path, "real/a.py")
    (tmp_path / "real/alias.py").symlink_to(tmp_path / "real/a.py")
    (tmp_path / "root").symlink_to("real")
    assert walk(tmp_path / "root", []) == walk(tmp_path / "real", [])
    assert files(tmp_path / "root") == ["a.py"]


def test_what_only_looks_like_a_python_file_is_left_out(tmp_path: Path) -> None:
    make_empty(tmp_path, "package.py/inner.py")
    os.mkfifo(tmp_path / "pipe.py")
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(tmp_path)  # A socket's path may have about a hundred bytes at most.
        try:
            server.bind("socket.py")
        finally:
            os.chdir(here)
        assert files(tmp_path) == ["package.py/inner.py"]


def test_a_submodule_is_left_out_and_listed(tmp_path: Path) -> None:
    make(tmp_path, {"a.py": "", "libs/sdk/.git": "gitdir: x\n", "libs/sdk/b.py": ""})
    found = walk(tmp_path, [])
    assert found.files == ("a.py",)
    assert [(entry.path, entry.line) for entry in found.unreadable] == [("libs/sdk", 0)]
    assert "a git submodule" in found.unreadable[0].reason
    assert files(tmp_path / "libs/sdk") == ["b.py"]


def test_a_clone_inside_the_tree_brings_its_own_rules(tmp_path: Path) -> None:
    make(tmp_path, {"bot/.git/info/exclude": "gen.py\n", "bot/.gitignore": "old.py\n"})
    make_empty(tmp_path, "gen.py", "bot/gen.py", "bot/old.py", "bot/a.py")
    assert files(tmp_path) == ["bot/a.py", "gen.py"]


def test_names_that_are_not_utf8_are_kept(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.py")
    (tmp_path / name).write_bytes(b"")
    assert files(tmp_path) == [name]
    (tmp_path / ".gitignore").write_bytes(b"caf\xe9.py\n")
    assert files(tmp_path) == []


def test_a_root_that_is_no_folder_is_an_error(tmp_path: Path) -> None:
    make_empty(tmp_path, "a.py")
    with pytest.raises(ProjectError, match=r"a\.py: the folder cannot be listed: Not a directory"):
        walk(tmp_path / "a.py", [])


@contextmanager
def without_privileges() -> Iterator[Path]:
    """A folder of an ordinary user, as that user: root may read everything."""
    with tempfile.TemporaryDirectory() as folder:
        if os.geteuid() != 0:
            yield Path(folder)
            return
        os.chown(folder, 65534, 65534)
        os.seteuid(65534)
        try:
            yield Path(folder)
        finally:
            os.seteuid(0)


def test_a_folder_without_permission_is_listed_and_the_rest_goes_on() -> None:
    with without_privileges() as root:
        make_empty(root, "a.py", "shut/b.py", "open/c.py")
        (root / "shut").chmod(0)
        try:
            found = walk(root, [])
        finally:
            (root / "shut").chmod(0o700)
    assert found.files == ("a.py", "open/c.py")
    reason = "the folder cannot be listed: Permission denied"
    assert found.unreadable == (Unreadable("shut", 0, reason),)


def test_an_ignore_file_without_permission_is_listed() -> None:
    with without_privileges() as root:
        make(root, {"src/.gitignore": "a.py\n", "src/a.py": ""})
        (root / "src/.gitignore").chmod(0)
        found = walk(root, [])
    assert found.files == ("src/a.py",)
    reason = "its rules are not followed: Permission denied"
    assert found.unreadable == (Unreadable("src/.gitignore", 0, reason),)

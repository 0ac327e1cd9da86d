"""Files that must not be written stop the run, all at once, before anything is."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from nonce_migrate.errors import ProjectError
from nonce_migrate.transaction.apply import put_in_place
from nonce_migrate.transaction.gates import GateError
from nonce_migrate.transaction.git import FileState, uncommitted
from nonce_migrate.transaction.journal import Write
from nonce_migrate.transaction.lock import locked
from nonce_migrate.transaction.store import FOLDER, Store
from tests.transaction.trees import HastyDisk, make_tree, nodes


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_tree(tmp_path / "bot")


def refused(root: Path, *names: str) -> str:
    """What is said when the files are to be written; nothing may have happened."""
    before = nodes(root)
    store = Store(root, HastyDisk())
    writes = [Write(name, (root / name).read_bytes(), b"new") for name in names]
    with pytest.raises(GateError) as caught, locked(store):
        put_in_place(store, writes)
    assert nodes(root) == before
    assert not (root / FOLDER).exists()
    return str(caught.value)


def test_a_link_out_of_the_project_is_never_written_through(root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "x.py").write_bytes(b"old")
    (root / "linked").symlink_to(outside)
    (root / "x.py").symlink_to(outside / "x.py")
    said = refused(root, "linked/x.py", "x.py")
    assert said.count("leads out of the project") == 2
    assert (outside / "x.py").read_bytes() == b"old"
    assert len(list(outside.iterdir())) == 1


def test_a_link_inside_the_project_is_followed(root: Path) -> None:
    (root / "linked").symlink_to("src")
    store = Store(root, HastyDisk())
    with locked(store):
        put_in_place(store, [Write("linked/a.py", b"old a\n", b"new")])
    assert (root / "linked").is_symlink()
    assert (root / "src/a.py").read_bytes() == b"new"


def test_hard_links_and_read_only_files_are_named_together(root: Path) -> None:
    os.link(root / "src/a.py", root / "src/other.py")
    (root / "-rf.py").chmod(0o444)
    said = refused(root, "src/a.py", "-rf.py", "src/two words.py").splitlines()
    assert said[0].startswith("src/a.py: it has another name (a hard link)")
    assert said[1].startswith("-rf.py: it is read-only")
    assert said[2:] == ["nothing was written"]


def test_a_file_of_somebody_else_is_refused(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 54_321)
    assert "belongs to user" in refused(root, "src/a.py")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_root_leaves_every_file_to_its_owner(root: Path) -> None:
    os.chown(root, 1234, 2345)
    os.chown(root / "src/a.py", 4567, 5678)
    store = Store(root, HastyDisk())
    with locked(store):
        put_in_place(store, [Write("src/a.py", b"old a\n", b"new"), Write("top.py", None, b"made")])
    owners = {
        path.relative_to(root).as_posix(): path.stat().st_uid
        for path in [root / "src/a.py", root / "top.py", *(root / FOLDER).rglob("*")]
    }
    assert owners.pop("src/a.py") == 4567
    assert {uid for name, uid in owners.items() if not name.endswith("/0001")} == {1234}


def test_a_name_with_a_line_end_stays_on_its_line(root: Path) -> None:
    (root / "src/new\nline.py").chmod(0o444)
    assert refused(root, "src/new\nline.py").startswith("src/new\\nline.py: it is read-only")


def git(root: Path, *arguments: str) -> None:
    subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments],
        cwd=root,
        check=True,
        capture_output=True,
    )


def test_git_tells_of_changes_in_a_project_below_its_top(tmp_path: Path) -> None:
    git(tmp_path, "init")
    root = make_tree(tmp_path / "bots" / "mine")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "all")
    (root / "src/two words.py").write_bytes(b"changed")
    (root / "src/new\nline.py").write_bytes(b"changed")
    git(tmp_path, "add", ".")
    (root / "untracked.py").write_bytes(b"")
    (root / "src/legacy.py").write_bytes(b"changed, but not asked for")
    asked = ["src/a.py", "src/two words.py", "src/new\nline.py", "untracked.py", "-rf.py"]
    found = {file.path: file.state for file in uncommitted(root, asked)}
    assert found == {
        "src/two words.py": FileState.CHANGED,
        "src/new\nline.py": FileState.CHANGED,
        "untracked.py": FileState.UNTRACKED,
    }


def test_outside_of_git_there_is_nothing_to_ask(root: Path) -> None:
    assert uncommitted(root, ["src/a.py"]) == ()


def test_a_repository_that_git_cannot_read_stops_it(root: Path) -> None:
    git(root, "init")
    (root / ".git/config").write_text("[broken")
    with pytest.raises(ProjectError, match="git cannot tell"):
        uncommitted(root, ["src/a.py"])

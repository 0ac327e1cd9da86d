"""Undo gives back every byte, mode and time, and takes nothing along that is somebody else's."""

from __future__ import annotations

import errno
import os
import py_compile
from pathlib import Path
from typing import Any

import pytest

from nonce_migrate.errors import ProjectError
from nonce_migrate.transaction.apply import put_in_place
from nonce_migrate.transaction.disk import Disk
from nonce_migrate.transaction.gates import GateError
from nonce_migrate.transaction.journal import Role, Write
from nonce_migrate.transaction.lock import BusyError, locked
from nonce_migrate.transaction.recovery import settle
from nonce_migrate.transaction.store import FOLDER, Store
from nonce_migrate.transaction.undo import Edited, EditedSinceError, Undone, undo
from tests.transaction.trees import (
    FILES,
    GONE,
    HastyDisk,
    WatchedDisk,
    make_tree,
    nodes,
    write_all,
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_tree(tmp_path / "a bot")


def write(root: Path, *writes: Write, disk: Disk | None = None) -> None:
    store = Store(root, disk or HastyDisk())
    with locked(store):
        put_in_place(store, writes)


def undo_last(root: Path, edited: Edited = Edited.REFUSE) -> Undone | None:
    store = Store(root, HastyDisk())
    with locked(store):
        return undo(store, edited)


def test_three_applies_deep_each_gives_back_what_was_before_it(root: Path) -> None:
    states = []
    for number in range(3):
        states.append(nodes(root))
        name = list(FILES)[number % 2]
        old = (root / name).read_bytes()
        write(
            root,
            Write(name, old, b"%d %s" % (number, old)),
            Write(f"new/{number}/x.py", None, b"x"),
        )
    for left, state in reversed(list(enumerate(states))):
        undone = undo_last(root)
        assert undone is not None and undone.left == left
        assert nodes(root) == state
    assert undo_last(root) is None
    assert not (root / FOLDER).exists()


def test_what_python_compiled_of_a_new_module_goes_with_its_folder(root: Path) -> None:
    before = nodes(root)
    write(root, Write("fresh/module.py", None, b"x = 1\n"))
    py_compile.compile(str(root / "fresh/module.py"))
    assert (root / "fresh/__pycache__").is_dir()
    undo_last(root)
    assert nodes(root) == before


def test_a_file_that_somebody_put_into_a_new_folder_stays(root: Path) -> None:
    write(root, Write("fresh/module.py", None, b"x = 1\n"))
    (root / "fresh/notes.txt").write_text("mine")
    undo_last(root)
    assert [path.name for path in (root / "fresh").iterdir()] == ["notes.txt"]


def edit(root: Path) -> None:
    write_all(root, HastyDisk())
    (root / "src/a.py").write_bytes(b"edited since\n")
    (root / "src/two words.py").unlink()


def test_files_edited_since_stop_it_and_are_named(root: Path) -> None:
    edit(root)
    before = nodes(root)
    with pytest.raises(EditedSinceError) as caught:
        undo_last(root)
    assert "src/a.py: edited since" in str(caught.value)
    assert "src/two words.py: removed since" in str(caught.value)
    assert "legacy" not in str(caught.value)
    assert nodes(root) == before


def test_the_rest_is_undone_if_asked_for_and_nothing_is_lost(root: Path) -> None:
    original = nodes(root)
    edit(root)
    undone = undo_last(root, Edited.LEAVE)
    assert undone is not None
    left = {item.path: item.kept for item in undone.back.aside}
    assert (root / "src/a.py").read_bytes() == b"edited since\n"
    assert set(left) == {"src/a.py", "src/two words.py"}
    for name, kept in left.items():
        assert kept is not None and kept.read_bytes() == FILES[name]
    now = nodes(root)
    assert {n for n in original if now.get(n) != original[n]} == set(left)


def test_force_gives_back_edited_files_too_and_keeps_the_edits(root: Path) -> None:
    original = nodes(root)
    edit(root)
    undone = undo_last(root, Edited.RESTORE)
    assert undone is not None
    assert nodes(root) == original
    kept = {item.path: item.kept for item in undone.back.aside}
    assert kept["src/two words.py"] is None
    edited = kept["src/a.py"]
    assert edited is not None and edited.read_bytes() == b"edited since\n"


def test_what_is_put_aside_is_never_written_over(root: Path) -> None:
    """The number of a run that was undone is given again."""
    kept = []
    for text in (b"edited once\n", b"edited twice\n"):
        write_all(root, HastyDisk())
        (root / "src/a.py").write_bytes(text)
        undone = undo_last(root, Edited.RESTORE)
        assert undone is not None
        kept += [item.kept for item in undone.back.aside]
    assert [path and path.read_bytes() for path in kept] == [b"edited once\n", b"edited twice\n"]


def test_a_file_that_was_taken_away_comes_back_with_its_folder(root: Path) -> None:
    (root / "old").mkdir()
    (root / "old/shim.py").write_bytes(b"shim\n")
    before = nodes(root)
    write(root, Write("old/shim.py", b"shim\n", None))
    assert not (root / "old/shim.py").exists()
    (root / "old").rmdir()

    undo_last(root)

    assert nodes(root) == before


def test_a_file_made_anew_where_one_was_taken_away_is_an_edit(root: Path) -> None:
    write(root, Write("src/shim.py", GONE["src/shim.py"], None))
    (root / "src/shim.py").write_bytes(b"mine\n")
    with pytest.raises(EditedSinceError, match=r"src/shim\.py: edited since"):
        undo_last(root)

    undone = undo_last(root, Edited.RESTORE)

    assert undone is not None
    assert (root / "src/shim.py").read_bytes() == GONE["src/shim.py"]
    (kept,) = (item.kept for item in undone.back.aside)
    assert kept is not None and kept.read_bytes() == b"mine\n"


def test_a_file_that_changed_is_not_taken_away(root: Path) -> None:
    before = nodes(root)
    with pytest.raises(GateError, match=r"src/shim\.py: changed while it was looked at"):
        write(root, Write("src/shim.py", b"as it was planned for\n", None))

    assert nodes(root) == before


def test_a_report_that_was_replaced_holds_nobody_up(root: Path) -> None:
    write_all(root, HastyDisk())
    (root / "report/report.md").write_text("of a later run")
    undone = undo_last(root)
    assert undone is not None
    assert [item.path for item in undone.back.aside] == ["report/report.md"]
    assert (root / "report/report.md").read_text() == "of a later run"
    assert (root / "src/a.py").read_bytes() == FILES["src/a.py"]


def test_a_report_outside_the_project_is_part_of_it(root: Path, tmp_path: Path) -> None:
    place = tmp_path / "reports" / "report.md"
    write(
        root,
        Write("src/a.py", FILES["src/a.py"], b"new\n"),
        Write(str(place), None, b"# report", Role.REPORT),
    )
    assert place.read_bytes() == b"# report"
    undo_last(root)
    assert not place.parent.exists()


def test_an_old_version_that_was_tampered_with_is_not_put_back(root: Path) -> None:
    write_all(root, HastyDisk())
    after = nodes(root)
    for image in (root / FOLDER).glob("*.done/00*"):
        image.write_bytes(b"tampered")
    with pytest.raises(ProjectError, match="missing or changed"):
        undo_last(root)
    assert nodes(root) == after


@pytest.mark.parametrize("refused", [errno.EPERM, errno.EXDEV, errno.EOPNOTSUPP])
def test_where_no_links_can_be_made_copies_do(root: Path, refused: int) -> None:
    """As on FAT, or where a folder of the project lies on another device."""
    before = nodes(root)
    image = f"{os.sep}{FOLDER}{os.sep}"

    def no_links(name: str, arguments: tuple[Any, ...]) -> None:
        crosses = name == "replace" and (image in str(arguments[0])) != (image in str(arguments[1]))
        if name == "link" or (refused == errno.EXDEV and crosses):
            raise OSError(refused, os.strerror(refused), str(arguments[0]))

    disk = WatchedDisk(no_links)
    write_all(root, disk)
    assert nodes(root) != before
    store = Store(root, disk)
    with locked(store):
        undo(store, Edited.REFUSE)
    assert nodes(root) == before


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="no extended attributes here")
def test_extended_attributes_are_kept(root: Path) -> None:
    path = root / "src/a.py"
    try:
        os.setxattr(path, "user.origin", b"mine")
    except OSError:
        pytest.skip("the file system has no user attributes")
    write_all(root, HastyDisk())
    assert os.getxattr(path, "user.origin") == b"mine"
    undo_last(root)
    assert os.getxattr(path, "user.origin") == b"mine"


def test_a_folder_exchanged_for_a_link_is_not_written_through(root: Path, tmp_path: Path) -> None:
    write_all(root, HastyDisk())
    outside = tmp_path / "outside"
    (root / "src").rename(outside)
    (root / "src").symlink_to(outside)
    before = nodes(outside)
    with pytest.raises(EditedSinceError):
        undo_last(root)
    undo_last(root, Edited.RESTORE)
    assert nodes(outside) == before


def test_a_second_run_waits_and_then_says_who_is_at_work(root: Path) -> None:
    with (
        locked(Store(root, HastyDisk())),
        pytest.raises(BusyError, match=rf"\(process {os.getpid()}\)"),
        locked(Store(root, HastyDisk()), patience_s=0.2),
    ):
        pass
    assert not (root / FOLDER).exists()


def test_a_journal_of_another_version_is_left_alone(root: Path) -> None:
    write_all(root, HastyDisk())
    journal = next((root / FOLDER).glob("*.done")) / "journal.json"
    journal.write_text(journal.read_text().replace('"version": 1', '"version": 99'))
    with pytest.raises(ProjectError, match="not a journal of this version"):
        undo_last(root)
    assert settle(root) == []

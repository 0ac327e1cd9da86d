"""Every single system call of the write phase fails, in every way; nothing is ever half done."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from nonce_migrate.errors import ProjectError
from nonce_migrate.transaction.disk import Disk
from nonce_migrate.transaction.lock import locked
from nonce_migrate.transaction.recovery import settle
from nonce_migrate.transaction.store import FOLDER, Store
from nonce_migrate.transaction.undo import Edited, undo
from tests.transaction.trees import (
    Counter,
    HastyDisk,
    WatchedDisk,
    calls_of,
    contents,
    make_tree,
    nodes,
    undo_all,
    write_all,
)

ERRORS = [errno.ENOSPC, errno.EIO, errno.EACCES, errno.ENOENT, errno.EROFS]


def failing(number: int) -> Callable[[], None]:
    def fail() -> None:
        raise OSError(number, "made to fail")

    return fail


def count_of_apply(tmp_path: Path) -> int:
    root = make_tree(tmp_path / "counted")
    return calls_of(lambda disk: write_all(root, disk))


@pytest.mark.parametrize("goes_on", [False, True], ids=["once", "from-then-on"])
@pytest.mark.parametrize("number", ERRORS, ids=errno.errorcode.__getitem__)
def test_whichever_call_fails_the_tree_is_as_it_was(
    tmp_path: Path, number: int, goes_on: bool
) -> None:
    count = count_of_apply(tmp_path)
    assert count > 60
    root = make_tree(tmp_path / "bot")
    before = nodes(root)
    succeeded = 0
    for at in range(1, count + 1):
        try:
            write_all(root, WatchedDisk(Counter(at, failing(number), goes_on=goes_on)))
            succeeded += 1  # The call was one that may fail, such as clearing up after the end.
            undo_all(root)
        except ProjectError as error:
            assert "made to fail" in str(error), at
            if "all files are in place" in str(error):
                undo_all(root)
            elif not goes_on:
                assert "nothing was written" in str(error)
        settle(root, HastyDisk())
        assert nodes(root) == before, f"call {at}"
        assert not (root / FOLDER).exists() or settle(root, HastyDisk()) == []
    assert succeeded < count / 4


@pytest.mark.parametrize("number", ERRORS, ids=errno.errorcode.__getitem__)
def test_whichever_call_of_an_undo_fails_it_is_finished_later(tmp_path: Path, number: int) -> None:
    root = make_tree(tmp_path / "bot")
    before = nodes(root)
    write_all(root, HastyDisk())

    def undo_once(disk: Disk) -> None:
        store = Store(root, disk)
        with locked(store):
            undo(store, Edited.REFUSE)

    for at in range(1, calls_of(undo_once) + 1):
        write_all(root, HastyDisk())
        after = contents(root)
        try:
            undo_once(WatchedDisk(Counter(at, failing(number), goes_on=True)))
        except ProjectError:
            settle(root, HastyDisk())
        if contents(root) == after:
            undo_all(root)
        assert nodes(root) == before, f"call {at}"


def test_a_folder_that_vanishes_takes_nothing_along(tmp_path: Path) -> None:
    """Back again, it holds either all that it had, or the run was not stopped by it."""
    count = count_of_apply(tmp_path)
    root, away = make_tree(tmp_path / "bot"), tmp_path / "away"
    before = nodes(root)

    def take_away() -> None:
        (root / "src").rename(away)

    for at in range(1, count + 1):
        failed = False
        try:
            write_all(root, WatchedDisk(Counter(at, take_away)))
        except ProjectError as error:
            failed = True
            assert "src" in str(error)
        if away.exists():
            assert failed or not (root / "src").exists()
            shutil.rmtree(root / "src", ignore_errors=True)
            away.rename(root / "src")
        settle(root, HastyDisk())
        if not failed:
            undo_all(root)
        assert nodes(root) == before, f"call {at}"

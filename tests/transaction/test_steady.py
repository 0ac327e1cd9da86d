"""A reader never sees some files new and some old."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nonce_migrate.errors import ProjectError
from nonce_migrate.transaction.disk import Disk
from nonce_migrate.transaction.lock import locked
from nonce_migrate.transaction.steady import steady
from nonce_migrate.transaction.store import FOLDER, Store
from nonce_migrate.transaction.undo import Edited, undo
from tests.transaction.trees import (
    FILES,
    HastyDisk,
    WatchedDisk,
    contents,
    make_tree,
    write_all,
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_tree(tmp_path / "bot")


def silent(line: str) -> None:
    raise AssertionError(line)


def test_a_project_without_runs_is_read_once(root: Path) -> None:
    reads = iter(range(9))
    assert steady(root, lambda: next(reads), silent) == 0
    assert next(reads) == 1
    assert not (root / FOLDER).exists()


def test_a_run_in_the_middle_of_a_reading_makes_it_read_again(root: Path) -> None:
    def read() -> list[bytes]:
        names = sorted(FILES)
        first = [(root / name).read_bytes() for name in names[:3]]
        if not (root / FOLDER).exists():
            write_all(root, HastyDisk())
        return first + [(root / name).read_bytes() for name in names[3:]]

    read_bytes = steady(root, read, silent)
    assert all(data.startswith(b"NEW ") for data in read_bytes)


def test_readers_beside_runs_see_all_or_nothing(root: Path) -> None:
    """Runs and undos as fast as they go, and readers that must never see a mixture."""
    before = contents(root)
    write_all(root, HastyDisk())
    after = contents(root)
    is_over = threading.Event()

    def keep_changing() -> None:
        store = Store(root, HastyDisk())
        while not is_over.is_set():
            with locked(store):
                undo(store, Edited.REFUSE)
            is_over.wait(0.03)
            write_all(root, HastyDisk())
            is_over.wait(0.03)

    writer = threading.Thread(target=keep_changing)
    writer.start()
    try:
        seen = list(_readings(root, 60))
    finally:
        is_over.set()
        writer.join()
    assert len(seen) > 5
    for reading in seen:
        assert reading in (before, after)


def _readings(root: Path, count: int) -> Iterator[object]:
    for _ in range(count):
        try:
            yield steady(root, lambda: contents(root), silent)
        except ProjectError:
            continue  # The runs were too fast for it: no result is no mixture.


def test_a_run_on_trial_may_be_read_by_its_own_check(root: Path) -> None:
    seen = []

    def trial() -> None:
        seen.append(steady(root, lambda: contents(root), silent))

    write_all(root, HastyDisk(), trial)
    assert seen == [contents(root)]


def test_a_reader_waits_for_a_run_that_is_half_done(root: Path) -> None:
    seen: list[object] = []
    reader = threading.Thread(
        target=lambda: seen.append(steady(root, lambda: contents(root), silent))
    )

    def in_the_middle(name: str, arguments: tuple[Any, ...]) -> None:
        if name == "replace" and str(arguments[1]).endswith("legacy.py"):
            reader.start()
            reader.join(0.5)
            assert reader.is_alive()

    write_all(root, WatchedDisk(in_the_middle))
    reader.join(30)
    assert seen == [contents(root)]


def test_a_half_done_project_that_cannot_be_settled_is_not_read(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / FOLDER / "0001.writing").mkdir(parents=True)

    def refuse(self: Disk, path: Path, new: Path) -> None:
        raise OSError(30, "Read-only file system", str(path))

    monkeypatch.setattr(Disk, "replace", refuse)
    with pytest.raises(ProjectError, match="cannot be put back now"):
        steady(root, lambda: None, silent)

"""What has to be on stable storage before what, for a power cut at any moment.

A kill leaves the system's caches alone, so only the order of the calls tells of this.
"""

from __future__ import annotations

import os
from os.path import samestat
from pathlib import Path
from typing import Any

import pytest

from nonce_migrate.transaction.store import FOLDER
from tests.transaction.trees import FILES, GONE, WatchedDisk, make_tree, write_all

Call = tuple[str, tuple[Any, ...]]


@pytest.fixture
def calls(tmp_path: Path) -> list[Call]:
    """All calls of one apply, descriptors exchanged for the paths that they are of."""
    root = make_tree(tmp_path / "bot")
    seen: list[Call] = []
    opened: list[Path] = []

    def note(name: str, arguments: tuple[Any, ...]) -> None:
        if name == "open_new":
            opened.append(arguments[0])
        if name == "sync":
            info = os.fstat(arguments[0])  # they are synced in no order
            arguments = (next(p for p in opened if p.exists() and samestat(p.stat(), info)),)
        seen.append((name, arguments))

    write_all(root, WatchedDisk(note))
    return seen


def moments(calls: list[Call], name: str, path: Path) -> list[int]:
    return [at for at, call in enumerate(calls) if call[0] == name and call[1][0] == path]


def replacements(calls: list[Call]) -> list[tuple[int, Path, Path]]:
    """When which new content was put at which place."""
    return [
        (at, *arguments)
        for at, (name, arguments) in enumerate(calls)
        if name == "replace" and FOLDER not in arguments[0].parent.parts
    ]


def removals(calls: list[Call]) -> list[tuple[int, Path]]:
    """When which file that was there before was taken away."""
    return [
        (at, arguments[0])
        for at, (name, arguments) in enumerate(calls)
        if name == "remove" and arguments[0].name in {Path(path).name for path in GONE}
    ]


def test_new_contents_are_stored_before_the_first_file_is_replaced(calls: list[Call]) -> None:
    moves = replacements(calls)
    first = moves[0][0]
    for _, waiting, _ in moves:
        written = moments(calls, "open_new", waiting)[0]
        assert any(written < at < first for at in moments(calls, "sync", waiting))
        assert any(written < at < first for at in moments(calls, "sync_folder", waiting.parent))


def test_images_are_stored_before_the_first_file_is_replaced(calls: list[Call]) -> None:
    first = min(replacements(calls)[0][0], removals(calls)[0][0])
    links = [(at, args[1]) for at, (name, args) in enumerate(calls) if name == "link"]
    assert len(links) == len(FILES | GONE)
    for made, image in links:
        assert any(made < at < first for at in moments(calls, "sync_folder", image.parent))


def test_the_journal_is_stored_before_anything_is_made(calls: list[Call]) -> None:
    journal = next(
        arguments[0]
        for name, arguments in calls
        if name == "open_new" and arguments[0].name == "journal.json"
    )
    made = [
        at
        for at, (name, arguments) in enumerate(calls)
        if name in ("open_new", "make_folder") and FOLDER not in str(arguments[0])
    ]
    stored = moments(calls, "sync", journal)[0]
    for folder in (journal.parent, journal.parent.parent):
        assert any(stored < at < min(made) for at in moments(calls, "sync_folder", folder))


def test_replacements_are_stored_before_the_run_counts_as_done(calls: list[Call]) -> None:
    done = next(
        at
        for at, (name, arguments) in enumerate(calls)
        if name == "replace" and arguments[1].suffix == ".done"
    )
    changed = [(at, place) for at, _, place in replacements(calls)] + removals(calls)
    assert len(changed) > len(GONE)
    for at, place in changed:
        assert any(at < t < done for t in moments(calls, "sync_folder", place.parent))
    assert any(t > done for t in moments(calls, "sync_folder", calls[done][1][1].parent))

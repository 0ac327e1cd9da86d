"""What a run makes before it replaces the first file, and that all of it is on stable storage."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack

from nonce_migrate.transaction.content import adopt, fill_new, preserve
from nonce_migrate.transaction.journal import Entry, Journal, Write
from nonce_migrate.transaction.side_by_side import side_by_side
from nonce_migrate.transaction.store import Run, Store

# Far from what a process may have open, which is 256 files on some systems.
_MOST_OPEN = 64


def stage(store: Store, run: Run, journal: Journal, writes: Sequence[Write]) -> None:
    """New contents beside their places, and images of the old files; all on stable storage."""
    disk, root = store.disk, store.root
    for name in journal.folders:
        disk.make_folder(root / name)
        adopt(disk, root / name)
        disk.sync_folder((root / name).parent)
    both = list(zip(journal.entries, writes, strict=True))
    for start in range(0, len(both), _MOST_OPEN):
        _stage_some(store, run, both[start : start + _MOST_OPEN])
    disk.sync_folder(run.folder)
    sync_folders(store, journal)


def sync_folders(store: Store, journal: Journal) -> None:
    """Waits until the names in all folders of the entries are on stable storage."""
    folders = {entry.place(store.root).parent for entry in journal.entries}
    side_by_side(store.disk.sync_folder, sorted(folders))


def _stage_some(store: Store, run: Run, some: Sequence[tuple[Entry, Write]]) -> None:
    disk, root = store.disk, store.root
    with ExitStack() as opened:
        descriptors = []
        for entry, write in some:
            place = entry.place(root)
            if write.after is not None:
                like = place if entry.image else None
                descriptors.append(fill_new(disk, entry.waiting(root), write.after, like))
                opened.callback(disk.close, descriptors[-1])
            if entry.image:
                preserve(disk, place, run.image(entry.image))
        side_by_side(disk.sync, descriptors)

"""Puts files back as they were before a run: after a failure, a kill, a failed trial, or to undo.

Every step leaves a state from which the same function goes on, so it may be cut short anywhere.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path, PurePosixPath

from nonce_migrate.errors import ProjectError
from nonce_migrate.transaction.content import bring_back
from nonce_migrate.transaction.journal import Entry, Journal, digest_of
from nonce_migrate.transaction.store import Run, Store
from nonce_migrate.visible import visible


class State(Enum):
    """What stands at a file's place, seen from the run that wrote it."""

    BEFORE = auto()
    AFTER = auto()
    EDITED = auto()


@dataclass(frozen=True, slots=True)
class Aside:
    """A file that was edited. kept: where the other version of it is, None where there is none.

    is_restored: whether the old version is in place and kept is the edited one.
    """

    path: str
    kept: Path | None
    is_restored: bool


@dataclass(frozen=True, slots=True)
class Back:
    """What putting back did. restored: files that are as they were, among them those removed."""

    restored: tuple[str, ...]
    aside: tuple[Aside, ...]


def aside_lines(back: Back) -> list[str]:
    """One line for each file that somebody edited since."""
    lines = []
    for item in back.aside:
        path, kept = visible(item.path), visible(str(item.kept))
        if item.is_restored:
            lines.append(f"{path}: as it was before; the edited version is {kept}")
        elif item.kept:
            lines.append(f"{path}: edited since and left alone; as it was before it is {kept}")
        else:
            lines.append(f"{path}: edited since it was made, and left alone")
    return lines


def state_of(root: Path, run: Run, entry: Entry) -> State:
    """What stands at an entry's place now. Raises OSError where it cannot be read."""
    place = entry.place(root)
    if leads_astray(root, entry):
        return State.EDITED
    now = digest_of(place)
    if (now or "") == entry.before or _is_untouched(run, entry, place):
        return State.BEFORE
    return State.AFTER if (now or "") == entry.after else State.EDITED


def _is_untouched(run: Run, entry: Entry, place: Path) -> bool:
    """Whether the very file that was there before still is, whatever is in it by now."""
    image = run.image(entry.image)
    return bool(entry.image) and image.exists() and place.exists() and image.samefile(place)


def leads_astray(root: Path, entry: Entry) -> bool:
    """Whether a folder on the way was exchanged for a link since: nothing is written through it."""
    folder = str(entry.place(root).parent)
    return os.path.realpath(folder) != folder


def put_back(store: Store, run: Run, journal: Journal, *, over_edits: bool) -> Back:
    """Restores every file and forgets the run.

    over_edits: whether a file that somebody edited is restored as well. Either way the version
    that is not in place is put aside, so nothing is lost. Raises OSError; the run stays, to be
    gone on with.
    """
    restored: list[str] = []
    aside: list[Aside] = []
    for entry in journal.entries:
        _remove_waiting(store, entry)
        state = state_of(store.root, run, entry)
        if state is State.AFTER:
            _restore(store, run, entry)
            restored.append(entry.path)
        elif state is State.EDITED:
            item = _set_aside(store, run, entry, over_edits=over_edits)
            aside.extend([item] if item else [])
    _remove_folders(store, journal)
    for folder in {entry.place(store.root).parent for entry in journal.entries}:
        if folder.is_dir():
            store.disk.sync_folder(folder)
    store.drop(run)
    return Back(tuple(restored), tuple(aside))


def _remove_waiting(store: Store, entry: Entry) -> None:
    with suppress(FileNotFoundError, NotADirectoryError):
        if not leads_astray(store.root, entry):
            store.disk.remove(entry.waiting(store.root))


def _restore(store: Store, run: Run, entry: Entry) -> None:
    place = entry.place(store.root)
    if not entry.image:
        store.disk.remove(place)
        _remove_compiled(store, place)
        return
    image = run.image(entry.image)
    if digest_of(image) != entry.before:
        raise ProjectError(
            f"{image}: it should hold {visible(entry.path)} as it was, and does not: "
            "restore that file by hand, then remove this folder"
        )
    if not entry.after:
        _make_folders(store, place.parent)
    bring_back(store.disk, image, place, entry.waiting(store.root))


def _make_folders(store: Store, folder: Path) -> None:
    """The folder of a file that was taken away may have been removed since, when it was empty."""
    if folder != store.root and not folder.exists():
        _make_folders(store, folder.parent)
        store.disk.make_folder(folder)
        store.disk.sync_folder(folder.parent)


def _set_aside(store: Store, run: Run, entry: Entry, *, over_edits: bool) -> Aside | None:
    place, root = entry.place(store.root), store.root
    image = run.image(entry.image) if entry.image else None
    if image is not None and not image.exists():
        return None  # An earlier attempt was here.
    can_restore = over_edits and place.parent.is_dir() and not leads_astray(root, entry)
    if not can_restore:
        kept = store.keep(run, f"{entry.image}-before", image) if image else None
        return Aside(entry.path, kept, is_restored=False)
    kept = None
    if place.is_symlink() or place.exists():
        kept = store.keep(run, f"{entry.staged.rpartition('-')[2]}-edited", place)
    if image is None:
        store.disk.remove(place)
    else:
        bring_back(store.disk, image, place, entry.waiting(root))
    return Aside(entry.path, kept, is_restored=True)


def _remove_compiled(store: Store, place: Path) -> None:
    """Python's cache of a module that is gone would keep its folder from being removed."""
    cache = place.parent / "__pycache__"
    if place.suffix != ".py" or not cache.is_dir() or cache.is_symlink():
        return
    for compiled in cache.iterdir():
        if compiled.suffix == ".pyc" and compiled.name.startswith(f"{place.stem}."):
            store.disk.remove(compiled)
    with suppress(OSError):
        store.disk.remove_folder(cache)


def _remove_folders(store: Store, journal: Journal) -> None:
    """Folders that the run made, unless something else is in them by now."""
    for folder in sorted(journal.folders, key=lambda name: -len(PurePosixPath(name).parts)):
        path = store.root / folder
        if os.path.realpath(path) != str(path):
            continue
        with suppress(OSError):
            store.disk.remove_folder(path)
            store.disk.sync_folder(path.parent)

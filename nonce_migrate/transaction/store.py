"""The folder `.nonce-migrate` of a project: one folder for each run, named by its phase.

A run goes from one phase to the next by renaming its folder: one atomic step, that needs no space
on the disk. Beside the runs are the lock, a .gitignore, and `kept`: versions of files that an undo
or a recovery had to put aside.
"""

from __future__ import annotations

import itertools
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from nonce_migrate.errors import ProjectError
from nonce_migrate.transaction.content import adopt, preserve, write_new
from nonce_migrate.transaction.disk import Disk
from nonce_migrate.transaction.journal import Journal, decode_journal, is_whole
from nonce_migrate.transaction.steady import FOLDER

LOCK = "lock"
_IGNORE = ".gitignore"
_KEPT = "kept"
__all__ = ["FOLDER", "LOCK", "Phase", "Run", "Store"]
_JOURNAL = "journal.json"


class Phase(StrEnum):
    """WRITING: some files may be new and some old. CHECKING: all are new, on trial. DONE: kept.
    UNDOING, FORCING: on the way back, the latter over edits. GONE: only to be cleared away.
    """

    WRITING = "writing"
    CHECKING = "checking"
    DONE = "done"
    UNDOING = "undoing"
    FORCING = "forcing"
    GONE = "gone"


_NAME = re.compile(rf"(\d{{4,}})\.({'|'.join(Phase)})")


@dataclass(frozen=True, slots=True)
class Run:
    """One apply that has been started. number: rising from 1."""

    store: Path
    number: int
    phase: Phase

    @property
    def folder(self) -> Path:
        """Where its journal and images are."""
        return self.store / f"{self.number:04}.{self.phase}"

    def image(self, name: str) -> Path:
        """A file as it was before."""
        return self.folder / name


class Store:
    """The runs of a project. root: its folder, absolute, without symbolic links."""

    def __init__(self, root: Path, disk: Disk) -> None:
        self.root = root
        self.disk = disk
        self.folder = root / FOLDER

    def runs(self) -> tuple[Run, ...]:
        """All runs, the oldest first. Raises ProjectError."""
        try:
            names = os.listdir(self.folder)  # noqa: PTH208
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise ProjectError(f"{self.folder}: cannot be looked into: {error.strerror}") from None
        matches = filter(None, map(_NAME.fullmatch, names))
        runs = [Run(self.folder, int(match[1]), Phase(match[2])) for match in matches]
        return tuple(sorted(runs, key=lambda run: run.number))

    def journal(self, run: Run) -> Journal | None:
        """What a run set out to do, None where it was cut short before it could say."""
        path = run.folder / _JOURNAL
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return None
        # Nothing is made before the journal is whole, so there is nothing that it could tell of.
        if run.phase is Phase.WRITING and not is_whole(data):
            return None
        return decode_journal(path, data)

    def prepare(self) -> None:
        """Makes the folder. Raises OSError, and ProjectError where something else is there."""
        try:
            info = self.folder.lstat()
        except FileNotFoundError:
            self.disk.make_folder(self.folder)
            adopt(self.disk, self.folder)
            self.disk.sync_folder(self.root)
        else:
            if not stat.S_ISDIR(info.st_mode):
                raise ProjectError(f"{self.folder}: not a folder: move it away")
        ignore = self.folder / _IGNORE
        if ignore.exists() and ignore.stat().st_size == 0:
            self.disk.remove(ignore)
        if not ignore.exists():
            write_new(self.disk, ignore, b"*\n")

    def clear(self) -> None:
        """Takes the folder away where nothing of worth is in it."""
        names = set(os.listdir(self.folder))  # noqa: PTH208
        if names <= {LOCK, _IGNORE}:
            for name in sorted(names):
                self.disk.remove(self.folder / name)
            self.disk.remove_folder(self.folder)

    def start(self, journal: Journal) -> Run:
        """A new run, with its journal on stable storage."""
        runs = self.runs()
        run = Run(self.folder, runs[-1].number + 1 if runs else 1, Phase.WRITING)
        self.disk.make_folder(run.folder)
        adopt(self.disk, run.folder)
        write_new(self.disk, run.folder / _JOURNAL, journal.encode())
        self.disk.sync_folder(run.folder)
        self.disk.sync_folder(self.folder)
        return run

    def move(self, run: Run, phase: Phase) -> Run:
        """The run in its next phase."""
        new = Run(run.store, run.number, phase)
        self.disk.replace(run.folder, new.folder)
        self.disk.sync_folder(self.folder)
        return new

    def drop(self, run: Run) -> None:
        """Forgets a run. Cut short, it is gone already, and cleared away by the next command."""
        if run.phase is not Phase.GONE:
            run = self.move(run, Phase.GONE)
        for path in _deepest_first(run.folder):
            if path.is_dir() and not path.is_symlink():
                self.disk.remove_folder(path)
            else:
                self.disk.remove(path)
        self.disk.sync_folder(self.folder)

    def keep(self, run: Run, name: str, path: Path) -> Path:
        """Gives a file a second name among what is put aside."""
        folder = self.folder / _KEPT
        if not folder.exists():
            self.disk.make_folder(folder)
            adopt(self.disk, folder)
        for number in itertools.count():
            place = folder / f"{run.number:04}-{name}{f'-{number}' if number else ''}"
            if os.path.lexists(place) and not place.samefile(path):
                continue  # Of an earlier run of that number.
            if not os.path.lexists(place):
                preserve(self.disk, path, place)
            self.disk.sync_folder(folder)
            return place
        raise AssertionError("unreachable")


def _deepest_first(folder: Path) -> Iterator[Path]:
    for child in sorted(folder.iterdir()):
        if child.is_dir() and not child.is_symlink():
            yield from _deepest_first(child)
        else:
            yield child
    yield folder

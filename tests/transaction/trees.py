"""Small projects, what they hold to the last bit, and disks that fail."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from nonce_migrate.transaction.apply import put_in_place
from nonce_migrate.transaction.disk import Disk
from nonce_migrate.transaction.journal import Role, Write
from nonce_migrate.transaction.lock import locked
from nonce_migrate.transaction.store import FOLDER, Store
from nonce_migrate.transaction.undo import Edited, undo

# Names that break careless tools: a space, a line end, a leading dash, no UTF-8.
FILES = {
    "src/a.py": b"old a\n",
    "src/two words.py": b"old b\r\n",
    "src/new\nline.py": b"old c\n",
    "-rf.py": b"old d",
    os.fsdecode(b"src/\xff\xfe.py"): b"old e\n",
    "src/legacy.py": b"old f\n" * 2000,
}
GONE = {"src/shim.py": b"old g\n" * 300}
NEW = {"src/utils/deep/manager.py": b"new manager\n" * 500}
OLD_NS = 1_500_000_000_123_456_789


class Node(NamedTuple):
    """What is known of a file or folder. times in ns, of folders left out."""

    mode: int
    data: bytes
    modified_ns: int


def make_tree(root: Path) -> Path:
    """The project of FILES, with modes and times of their own."""
    for number, (name, data) in enumerate((FILES | GONE).items()):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        path.chmod(0o640 if number % 2 else 0o755)
        os.utime(path, ns=(OLD_NS + number, OLD_NS + number))
    (root / "pyproject.toml").touch()
    return root


def writes() -> list[Write]:
    """A rewriting of every file, new ones in new folders, one that goes, and a report."""
    made = [Write(name, None, data) for name, data in NEW.items()]
    made += [Write(name, data, b"NEW " + data) for name, data in FILES.items()]
    made += [Write(name, data, None) for name, data in GONE.items()]
    return [*made, Write("report/report.md", None, b"# report\n", Role.REPORT)]


def nodes(root: Path) -> dict[str, Node]:
    """Every file and folder below root, but for the journal."""
    found = {}
    for path in root.rglob("*"):
        if FOLDER in path.relative_to(root).parts:
            continue
        info = path.lstat()
        is_file = stat.S_ISREG(info.st_mode)
        data = path.read_bytes() if is_file else b""
        times = info.st_mtime_ns if is_file else 0
        found[str(path.relative_to(root))] = Node(stat.S_IMODE(info.st_mode), data, times)
    return found


def contents(root: Path) -> dict[str, tuple[int, bytes]]:
    """Modes and bytes alone, for comparing trees that were written at different times."""
    return {name: node[:2] for name, node in nodes(root).items()}


def write_all(root: Path, disk: Disk, trial: Callable[[], None] | None = None) -> None:
    """Writes the files of `writes` as `apply` does."""
    store = Store(root, disk)
    with locked(store, patience_s=0.1):
        put_in_place(store, writes(), trial)


class HastyDisk(Disk):
    """Does not wait for the real disk, since nothing here cuts the power."""

    def sync(self, descriptor: int) -> None:
        os.fstat(descriptor)

    def sync_folder(self, folder: Path) -> None:
        folder.stat()


def undo_all(root: Path) -> None:
    """Undoes every run."""
    store = Store(root, HastyDisk())
    with locked(store):
        while undo(store, Edited.REFUSE):
            pass


class WatchedDisk(HastyDisk):
    """Before each call, `before_call(name, arguments)` may do as it likes."""

    def __init__(self, before_call: Callable[[str, tuple[Any, ...]], None]) -> None:
        self._before_call = before_call

    def __getattribute__(self, name: str) -> Any:
        value = super().__getattribute__(name)
        if name.startswith("_"):
            return value

        def call(*arguments: Any) -> Any:
            self._before_call(name, arguments)
            return value(*arguments)

        return call


class Counter:
    """Counts calls, and does something at the one with a number (from 1), or from there on."""

    def __init__(self, at: int, action: Callable[[], None], *, goes_on: bool = False) -> None:
        self.at = at
        self.action = action
        self.goes_on = goes_on
        self.calls = 0
        self._counting = threading.Lock()

    def __call__(self, name: str, arguments: tuple[Any, ...]) -> None:
        with self._counting:
            self.calls += 1
            number = self.calls
        if number == self.at or (self.goes_on and number > self.at):
            self.action()


def calls_of(work: Callable[[Disk], None]) -> int:
    """How many system calls a piece of work makes."""
    counter = Counter(0, lambda: None)
    work(WatchedDisk(counter))
    return counter.calls

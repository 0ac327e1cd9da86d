"""Kills runs in the middle. A program of its own: it forks, which a process with threads must not.

    python -m tests.transaction.killing FOLDER WORK MODE

WORK: apply, undo, recover or command. MODE: a number of kills at random moments, or `each` for a
kill at every system call. Prints one JSON document: how many ended how. Ends with an AssertionError
at the first tree that is neither as before nor as after.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import time
from collections import Counter as Tally
from collections.abc import Callable
from pathlib import Path

from nonce_migrate.cli.app import run as run_command
from nonce_migrate.transaction.disk import Disk
from nonce_migrate.transaction.lock import locked
from nonce_migrate.transaction.recovery import settle
from nonce_migrate.transaction.store import FOLDER, Store
from nonce_migrate.transaction.undo import Edited, undo
from tests.transaction import trees

_SEED = 20_251_119
_LEGACY = Path(__file__).parents[2] / "fixtures" / "cases" / "_legacy"


class Work:
    """One thing that is killed. disk: gives the one that the child uses."""

    def __init__(self, root: Path) -> None:
        self.root = trees.make_tree(root)
        self.before = trees.nodes(self.root)
        trees.write_all(self.root, trees.HastyDisk())
        self.after = trees.contents(self.root)
        self.go_back()

    def prepare(self) -> None:
        """Brings the tree to where the work starts."""

    def do(self, disk: Disk) -> None:
        """The work itself."""
        trees.write_all(self.root, disk)

    def settle(self) -> str:
        """The next command. Gives what it said first."""
        said = [line for item in settle(self.root, trees.HastyDisk()) for line in item.lines]
        return said[0].partition(":")[0] if said else "nothing to settle"

    def is_before(self) -> bool:
        return trees.nodes(self.root) == self.before

    def is_after(self) -> bool:
        return trees.contents(self.root) == self.after

    def go_back(self) -> None:
        """Undoes everything."""
        store = Store(self.root, trees.HastyDisk())
        if store.folder.exists():
            with locked(store):
                while undo(store, Edited.REFUSE):
                    pass


class UndoWork(Work):
    def prepare(self) -> None:
        trees.write_all(self.root, trees.HastyDisk())

    def do(self, disk: Disk) -> None:
        store = Store(self.root, disk)
        with locked(store):
            undo(store, Edited.REFUSE)


class RecoverWork(Work):
    """The recovery itself, after a kill in the middle of the replacing."""

    def prepare(self) -> None:
        seen = Tally[str]()

        def kill_late(name: str, _: tuple[object, ...]) -> None:
            seen[name] += 1
            if seen["replace"] == 6:
                die()

        finish(fork(lambda: super(RecoverWork, self).do(trees.WatchedDisk(kill_late))))
        assert not self.is_before() and not self.is_after()

    def do(self, disk: Disk) -> None:
        settle(self.root, disk)


class CommandWork(Work):
    """The whole command, planning and all, on a bot; the next command is `scan`."""

    def __init__(self, root: Path) -> None:
        shutil.copytree(_LEGACY, root)
        (root / "pyproject.toml").touch()
        (root / "app.py").write_text("from src.auth.nonce_manager import NonceManager\n")
        self.root = root
        self.before = trees.nodes(root)
        self.do(Disk())
        self.after = trees.contents(root)
        self.go_back()

    def do(self, disk: Disk) -> None:
        run_command(["apply", str(self.root)])

    def settle(self) -> str:
        pending = Store(self.root, Disk()).runs()
        assert run_command(["scan", str(self.root)]) == 0
        return f"left {pending[-1].phase}" if pending else "nothing to settle"


_WORKS: dict[str, type[Work]] = {
    "apply": Work,
    "undo": UndoWork,
    "recover": RecoverWork,
    "command": CommandWork,
}


def fork(work: Callable[[], object]) -> int:
    """Runs work in a child; gives its process id."""
    child = os.fork()
    if child:
        return child
    try:
        work()
    finally:
        os._exit(0)


def finish(child: int) -> None:
    os.waitpid(child, 0)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(60)


def kill_at_random(work: Work, kills: int) -> Tally[str]:
    """Kills so many runs, each at a random moment of the time that a whole one takes.

    On a machine that has become busier since that was measured, all would come too early; so they
    come later by and by, until they do not all end alike.
    """
    chance = random.Random(_SEED)
    work.prepare()
    start = time.perf_counter()
    finish(fork(lambda: work.do(trees.HastyDisk())))
    whole = time.perf_counter() - start
    work.settle()
    work.go_back()
    outcomes = Tally[str]()
    for _ in range(kills):
        work.prepare()
        child = fork(lambda: work.do(trees.HastyDisk()))
        time.sleep(chance.uniform(0, whole))
        os.kill(child, signal.SIGKILL)
        finish(child)
        outcomes[judge(work)] += 1
        if len(outcomes) == 1:
            whole *= 1.1
    return outcomes


def kill_at_each_call(work: Work) -> Tally[str]:
    """Kills a run before each of its system calls, until one gets through."""
    outcomes = Tally[str]()
    for at in range(1, 10_000):
        work.prepare()
        counter = trees.Counter(at, die)
        child = fork(lambda: work.do(trees.WatchedDisk(counter)))  # noqa: B023
        _, status = os.waitpid(child, 0)
        outcomes[judge(work)] += 1
        if not os.WIFSIGNALED(status):
            return outcomes
    raise AssertionError("no run ever got through")


def judge(work: Work) -> str:
    """Settles, and says how the tree is then. Raises AssertionError for a mixture."""
    said = work.settle()
    if work.is_before():
        outcome = f"before ({said})"
    else:
        assert work.is_after(), f"a mixture after: {said}"
        outcome = f"after ({said})"
    work.go_back()
    assert work.is_before()
    assert not (work.root / FOLDER).exists()
    return outcome


def main(arguments: list[str]) -> None:
    folder, name, mode = arguments
    said = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    work = _WORKS[name](Path(folder))
    outcomes = kill_at_each_call(work) if mode == "each" else kill_at_random(work, int(mode))
    os.write(said, json.dumps(outcomes).encode())


if __name__ == "__main__":
    main(sys.argv[1:])

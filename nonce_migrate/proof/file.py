"""All that is checked of one rewritten file by itself: it needs nothing of the other files."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from nonce_migrate.plans import ChangeKind, FileChange
from nonce_migrate.proof.clients import lost_names
from nonce_migrate.proof.module import Module, read_module, read_scopes
from nonce_migrate.proof.names import name_problems, unbound_problems
from nonce_migrate.proof.targets import Taken, taken_by

PYTHON = (".py", ".pyi", ".pyw")


@dataclass(frozen=True, slots=True)
class Checked:
    """What is known of one file that will be written.

    problems: what is wrong with it. lost: the names that it will have no more. taken: what its
    `from` statements take, where the checks of the whole project are to look at that.
    """

    path: str
    problems: tuple[str, ...]
    lost: frozenset[str]
    taken: tuple[Taken, ...]


def check_file(change: FileChange, broken: Collection[str]) -> Checked | None:
    """None where the file is no Python, before or after.

    broken: the files with a use that failed before already.
    """
    if not change.path.endswith(PYTHON) or change.before is None:
        return None
    before = read_scopes(change.path, change.before)
    after = read_module(change.path, change.after)
    if before is None or after is None:
        return None
    if change.kind is not ChangeKind.REWRITE:  # A shim is checked where it is made.
        return Checked(change.path, (), lost_names(before, after), ())
    problems = tuple(_problems(before, after, broken))
    return Checked(change.path, problems, lost_names(before, after), taken_by(after))


def _problems(before: Module, after: Module, broken: Collection[str]) -> Iterator[str]:
    yield from name_problems(before, after)
    # What failed at a name before may fail in another way.
    if after.path not in broken:
        yield from unbound_problems(before, after)

"""All checks that look at more than one file, over the project as it will be."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from nonce_migrate.helpers import spread
from nonce_migrate.model import Finding
from nonce_migrate.plans import ChangeKind, FileChange, Refusal
from nonce_migrate.profile.schema import Profile
from nonce_migrate.proof.clients import client_problems, lost_names, words
from nonce_migrate.proof.left import LegacyEye, stems
from nonce_migrate.proof.module import Module, read_module, read_scopes
from nonce_migrate.proof.names import name_problems, unbound_problems
from nonce_migrate.proof.places import Places
from nonce_migrate.proof.targets import Target, target_of, target_problems

# Files to rewrite or prove, below which a process more costs more than it saves.
WORTH_A_PROCESS = 30
_PYTHON = (".py", ".pyi", ".pyw")
OUR_FAULT = "this is a fault of nonce-migrate: please report it with this file"


@dataclass(frozen=True)
class Planned:
    """A project as it will be.

    files: all that were looked at, relative to the root. changes: what will be written. read:
    gives the bytes of a file as they will be; raises OSError. findings: what a second scan tells.
    targets: the files of the target module. broken: those with a use that failed before already.
    covers: whether a file was asked for. jobs: how many processes may work, 0 as many as cores.
    """

    profile: Profile
    files: Sequence[str]
    changes: Sequence[FileChange]
    read: Callable[[str], bytes]
    findings: Iterable[Finding]
    targets: Collection[str]
    broken: Collection[str]
    covers: Callable[[str], bool]
    jobs: int = 1


def prove(planned: Planned) -> list[Refusal]:
    """The files that must not be written as planned, each with the first thing that is wrong."""
    problems: dict[str, str] = {}
    proof = _Proof(planned)
    for path, problem in (*proof.of_files(), *proof.of_the_rest()):
        problems.setdefault(path, problem)
    return [Refusal(path, f"{problem}; {OUR_FAULT}") for path, problem in sorted(problems.items())]


@dataclass(frozen=True, slots=True)
class _Checked:
    """One rewritten file: what is wrong with it, and the names that it will have no more."""

    path: str
    problems: tuple[str, ...]
    lost: frozenset[str]


class _Proof:
    """The checks of one plan. Each gives pairs of a file and what is wrong with it."""

    def __init__(self, planned: Planned) -> None:
        self.planned = planned
        self.files = [path for path in planned.files if path.endswith(_PYTHON)]
        self.places = Places(self.files, planned.profile.roots)
        self.targets = [self._target(path) for path in planned.targets]
        self.told: dict[str, list[int]] = {}
        for finding in planned.findings:
            self.told.setdefault(finding.path, []).append(finding.line)
        found = spread(self._check, planned.changes, planned.jobs, WORTH_A_PROCESS)
        self.checked = [checked for checked in found if checked is not None]

    def of_files(self) -> Iterator[tuple[str, str]]:
        """Each rewritten file by itself."""
        for checked in self.checked:
            for problem in checked.problems:
                yield checked.path, problem

    def _check(self, change: FileChange) -> _Checked | None:
        """None where the file is no Python, before or after."""
        pair = _pair(change)
        if pair is None:
            return None
        # A shim is checked where it is made.
        is_rewrite = change.kind is ChangeKind.REWRITE
        problems = tuple(self._problems(*pair)) if is_rewrite else ()
        return _Checked(change.path, problems, lost_names(*pair))

    def _problems(self, before: Module, after: Module) -> Iterator[str]:
        yield from name_problems(before, after)
        # What failed at a name before may fail in another way.
        if after.path not in self.planned.broken:
            yield from unbound_problems(before, after)
        for target in self.targets:
            yield from target_problems(before, after, target, self.places)

    def of_the_rest(self) -> Iterator[tuple[str, str]]:
        """All files, each read once: what they import from those that are rewritten, and imports
        of a legacy module that no finding tells of.
        """
        lost = {checked.path: checked.lost for checked in self.checked if checked.lost}
        legacy = frozenset(system.module for system in self.planned.profile.systems)
        tail = f"{self.planned.profile.target.replace('.', '/')}.py"
        bases = [target.removesuffix(tail).rstrip("/") for target in self.planned.targets]
        eye = LegacyEye(legacy, bases, self.places)
        may_be_client, may_be_left = words(lost), stems(legacy)
        for path in self.files:
            try:
                data = self.planned.read(path)
            except OSError:
                continue
            is_client, is_left = may_be_client(data), may_be_left(data)
            module = read_module(path, data) if is_client or is_left else None
            if module is not None and is_client:
                yield from client_problems(module, lost, self.places)
            if module is not None and is_left:
                yield from self._untold(module, eye)

    def _untold(self, module: Module, eye: LegacyEye) -> Iterator[tuple[str, str]]:
        own = module.path in eye.files or module.path in self.planned.targets
        if own or not self.planned.covers(module.path):
            return
        for left in eye.imports(module):
            told = self.told.get(module.path, ())
            if not any(left.first <= line <= left.last for line in told):
                what = f"line {left.first} imports {left.module}, and no finding tells of it"
                yield module.path, what

    def _target(self, path: str) -> Target:
        try:
            module = read_module(path, self.planned.read(path))
        except OSError:
            module = None
        return target_of(path, module, self.planned.profile.exports)


def _pair(change: FileChange) -> tuple[Module, Module] | None:
    """A file that is changed, before and after; None where that is not two modules."""
    if not change.path.endswith(_PYTHON) or change.before is None:
        return None
    before = read_scopes(change.path, change.before)
    after = read_module(change.path, change.after)
    return None if before is None or after is None else (before, after)

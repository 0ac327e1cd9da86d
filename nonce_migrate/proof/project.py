"""All checks that look at more than one file, over the project as it will be."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from nonce_migrate.model import Finding
from nonce_migrate.plans import FileChange, Refusal
from nonce_migrate.profile.schema import Profile
from nonce_migrate.proof.clients import client_problems, words
from nonce_migrate.proof.file import PYTHON, Checked
from nonce_migrate.proof.left import LegacyEye, stems
from nonce_migrate.proof.module import Module, read_module
from nonce_migrate.proof.places import Places
from nonce_migrate.proof.targets import Taken, Target, taken_by, target_of, target_problems

# Files to rewrite or prove, below which a process more costs more than it saves.
WORTH_A_PROCESS = 30
OUR_FAULT = "this is a fault of nonce-migrate: please report it with this file"


@dataclass(frozen=True)
class Planned:
    """A project as it will be.

    files: all that were looked at, relative to the root. changes: what will be written. checked:
    what is known of those that are Python. read: gives the bytes of a file as they will be; raises
    OSError. findings: what a second scan tells. targets: the files of the target module. covers:
    whether a file was asked for.
    """

    profile: Profile
    files: Sequence[str]
    changes: Sequence[FileChange]
    checked: Sequence[Checked]
    read: Callable[[str], bytes]
    findings: Iterable[Finding]
    targets: Collection[str]
    covers: Callable[[str], bool]


def prove(planned: Planned) -> list[Refusal]:
    """The files that must not be written as planned, each with the first thing that is wrong."""
    problems: dict[str, str] = {}
    proof = _Proof(planned)
    for path, problem in (*proof.of_files(), *proof.of_the_rest()):
        problems.setdefault(path, problem)
    return [Refusal(path, f"{problem}; {OUR_FAULT}") for path, problem in sorted(problems.items())]


class _Proof:
    """The checks of one plan. Each gives pairs of a file and what is wrong with it."""

    def __init__(self, planned: Planned) -> None:
        self.planned = planned
        self.files = [path for path in planned.files if path.endswith(PYTHON)]
        self.places = Places(self.files, planned.profile.roots)
        self.targets = [self._target(path) for path in planned.targets]
        self.told: dict[str, list[int]] = {}
        for finding in planned.findings:
            self.told.setdefault(finding.path, []).append(finding.line)
        self.before = {change.path: change.before for change in planned.changes}

    def of_files(self) -> Iterator[tuple[str, str]]:
        """Each rewritten file by itself, and what it takes from the target."""
        for checked in self.planned.checked:
            for problem in checked.problems:
                yield checked.path, problem
            for target in self.targets:
                before = partial(self._taken_before, checked.path)
                for problem in target_problems(
                    checked.path, checked.taken, before, target, self.places
                ):
                    yield checked.path, problem

    def _taken_before(self, path: str) -> Sequence[Taken]:
        module = read_module(path, self.before[path] or b"")
        return taken_by(module) if module is not None else ()

    def of_the_rest(self) -> Iterator[tuple[str, str]]:
        """All files, each read once: what they import from those that are rewritten, and imports
        of a legacy module that no finding tells of.
        """
        lost = {checked.path: checked.lost for checked in self.planned.checked if checked.lost}
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

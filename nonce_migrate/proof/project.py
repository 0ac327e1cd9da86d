"""All checks that look at more than one file, over the project as it will be."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from nonce_migrate.model import ChangeKind, FileChange, Finding, Refusal
from nonce_migrate.profile.schema import Profile
from nonce_migrate.proof.clients import client_problems, lost_names, words
from nonce_migrate.proof.left import LegacyEye, stems
from nonce_migrate.proof.module import Module, read_module
from nonce_migrate.proof.names import name_problems, unbound_problems
from nonce_migrate.proof.places import Places
from nonce_migrate.proof.targets import Target, target_of, target_problems

_PYTHON = (".py", ".pyi", ".pyw")
OUR_FAULT = "this is a fault of nonce-migrate: please report it with this file"


@dataclass(frozen=True)
class Planned:
    """A project as it will be.

    files: all that were looked at, relative to the root. changes: what will be written. read:
    gives the bytes of a file as they will be; raises OSError. findings: what a second scan tells.
    targets: the files of the target module. broken: those with a use that failed before already.
    covers: whether a file was asked for.
    """

    profile: Profile
    files: Sequence[str]
    changes: Sequence[FileChange]
    read: Callable[[str], bytes]
    findings: Iterable[Finding]
    targets: Collection[str]
    broken: Collection[str]
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
        self.files = [path for path in planned.files if path.endswith(_PYTHON)]
        self.places = Places(self.files, planned.profile.roots)
        self.pairs = tuple(_pairs(planned.changes))
        self.known = {after.path: after for _, after in self.pairs}
        self.told: dict[str, list[int]] = {}
        for finding in planned.findings:
            self.told.setdefault(finding.path, []).append(finding.line)

    def of_files(self) -> Iterator[tuple[str, str]]:
        """Each rewritten file by itself. A shim is checked where it is made."""
        targets = [self._target(path) for path in self.planned.targets]
        shims = {c.path for c in self.planned.changes if c.kind is not ChangeKind.REWRITE}
        for before, after in self.pairs:
            if after.path in shims:
                continue
            for problem in name_problems(before, after):
                yield after.path, problem
            # What failed at a name before may fail in another way.
            for problem in (
                () if after.path in self.planned.broken else unbound_problems(before, after)
            ):
                yield after.path, problem
            for target in targets:
                for problem in target_problems(before, after, target, self.places):
                    yield after.path, problem

    def of_the_rest(self) -> Iterator[tuple[str, str]]:
        """All files, each read once: what they import from those that are rewritten, and imports
        of a legacy module that no finding tells of.
        """
        lost = {after.path: lost_names(before, after) for before, after in self.pairs}
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
            module = self._module(path, data) if is_client or is_left else None
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

    def _module(self, path: str, data: bytes) -> Module | None:
        return self.known.get(path) or read_module(path, data)

    def _target(self, path: str) -> Target:
        try:
            module = read_module(path, self.planned.read(path))
        except OSError:
            module = None
        return target_of(path, module, self.planned.profile.exports)


def _pairs(changes: Iterable[FileChange]) -> Iterator[tuple[Module, Module]]:
    """Each file that is changed, before and after."""
    for change in changes:
        if not change.path.endswith(_PYTHON):
            continue
        before = read_module(change.path, change.before) if change.before is not None else None
        after = read_module(change.path, change.after)
        if before is not None and after is not None:
            yield before, after

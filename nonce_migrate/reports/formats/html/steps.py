"""What is left for a person, as a list to tick off."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby

from nonce_migrate.model import Finding, Safety
from nonce_migrate.reports.record import Fate, Record
from nonce_migrate.visible import visible

_ONLY_TOLD = (Fate.LISTED, Fate.FAILS, Fate.WARNS)
_NEVER_EDITED = (Safety.UNSAFE, Safety.MANUAL)


@dataclass(frozen=True, slots=True)
class Place:
    """One place to settle. key: the same for the same place of the same report."""

    key: str
    line: int
    column: int
    code: str
    symbol: str


@dataclass(frozen=True, slots=True)
class Step:
    """What to do, why, and where in the file."""

    do: str
    reason: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class FileSteps:
    """The steps of one file. link: the fragment of its diff, "" where it has none."""

    path: str
    link: str
    steps: tuple[Step, ...]

    @property
    def count(self) -> int:
        """How many places there are."""
        return sum(len(step.places) for step in self.steps)


@dataclass(frozen=True, slots=True)
class Checklist:
    """key: under which a browser keeps what was ticked. A report with other steps has another, so
    that a tick can never land on a step that nobody took.
    """

    key: str
    files: tuple[FileSteps, ...]

    @property
    def count(self) -> int:
        """How many places there are."""
        return sum(file.count for file in self.files)


def checklist_of(record: Record, links: dict[str, str]) -> Checklist:
    """The steps of a record by file. links: fragments of diffs by path."""
    refused = {refusal.path: refusal.reason for refusal in record.refusals}
    left = [e.finding for e in record.entries if _is_left(e.fate, e.finding.safety)]
    files = []
    for path, findings in groupby(left, key=lambda finding: finding.path):
        steps = _steps(findings, refused.get(path, ""))
        files.append(FileSteps(visible(path), links.get(path, ""), steps))
    return Checklist(
        _digest(record.root, record.profile, record.target, *map(repr, left)), (*files,)
    )


def _is_left(fate: Fate, safety: Safety) -> bool:
    return fate is Fate.LEFT or (fate in _ONLY_TOLD and safety in _NEVER_EDITED)


def _steps(findings: Iterable[Finding], refusal: str) -> tuple[Step, ...]:
    """Places with the same reason and step share it, in the order of the first of each."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault(_told(finding, refusal), []).append(finding)
    return tuple(
        Step(
            visible(do),
            visible(reason),
            tuple(_place(finding, f"{i}") for i, finding in enumerate(found)),
        )
        for (do, reason), found in groups.items()
    )


def _told(finding: Finding, refusal: str) -> tuple[str, str]:
    """The step and the reason; a file that failed its proof is left though its edits are sure."""
    reason = finding.reason or (f"the file was refused: {refusal}" if refusal else "")
    step = finding.step or (
        f"make it {finding.becomes}" if finding.becomes else "settle it by hand"
    )
    return step, reason


def _place(finding: Finding, ordinal: str) -> Place:
    return Place(
        key=_digest(repr(finding), ordinal)[:12],
        line=finding.line,
        column=finding.column,
        code=finding.code.value,
        symbol=visible(finding.symbol),
    )


def _digest(*parts: str) -> str:
    data = "\0".join(parts).encode("utf-8", "surrogateescape")
    return sha256(data).hexdigest()[:16]

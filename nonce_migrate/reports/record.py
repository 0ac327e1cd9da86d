"""What one run told, in one shape whatever the command was: what every report format is made from.

A format is a pure function from a `Record` to text; it asks for nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from nonce_migrate.engine.identity import Identity, identities
from nonce_migrate.model import Accepted, Finding, ScanResult, Unreadable
from nonce_migrate.plans import FileChange, Plan, Refusal, ShimNote


class Command(StrEnum):
    """The command that was run."""

    SCAN = "scan"
    CHECK = "check"
    APPLY = "apply"


class Fate(StrEnum):
    """What the run did about a finding.

    LISTED: nothing, it was told (scan). FAILS: it fails the gate (check). WARNS: it is told of and
    does not fail it (check). PENDING: it would be edited (apply --dry-run). MADE: it was edited
    (apply). LEFT: it is left for a person (apply).
    """

    LISTED = "listed"
    FAILS = "fails"
    WARNS = "warns"
    PENDING = "pending"
    MADE = "made"
    LEFT = "left"


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """A finding and what the run did about it.

    statement, ordinal: see `Identity`; the ordinal is 0 where the identity is not known.
    """

    finding: Finding
    fate: Fate
    statement: str = ""
    ordinal: int = 0

    @property
    def fingerprint(self) -> str:
        """The same in every revision of the project: 64 hexadecimal digits, "" if not known."""
        found = self.finding
        if not self.ordinal:
            return ""
        return Identity(found.path, found.code, self.statement, self.ordinal).fingerprint


@dataclass(frozen=True, slots=True)
class Record:
    """root: absolute path of the project; all other paths are relative to it.

    systems: (name, module, description) in profile order. entries: in the order of path, line and
    column. changes: the files that were written, or would be. broken_before: what failed before
    any migration. files_seen: files looked at. manager_version: of the manager that was installed,
    "" where none was. dry_run: whether an apply wrote nothing. accepted: findings that do not
    count, which are not among the entries.
    planned: for a scan or a check, the changes that an apply would make, where that was asked for.
    """

    command: Command
    root: str
    profile: str
    target: str
    systems: tuple[tuple[str, str, str], ...]
    entries: tuple[Entry, ...]
    unreadable: tuple[Unreadable, ...]
    files_seen: int
    broken_before: tuple[Finding, ...] = ()
    changes: tuple[FileChange, ...] = ()
    shims: tuple[ShimNote, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    notes: tuple[str, ...] = ()
    manager_version: str = ""
    dry_run: bool = False
    accepted: tuple[Accepted[Finding], ...] = ()
    planned: tuple[FileChange, ...] = ()

    def findings(self, *fates: Fate) -> tuple[Finding, ...]:
        """The findings of these fates, of all where none is named, in their order."""
        return tuple(e.finding for e in self.entries if not fates or e.fate in fates)

    @property
    def edited(self) -> tuple[Finding, ...]:
        """The findings whose edits an apply made, or would make."""
        return self.findings(Fate.MADE, Fate.PENDING)

    @property
    def told(self) -> tuple[Finding, ...]:
        """The findings that a scan lists, or that fail a check."""
        return self.findings(Fate.LISTED, Fate.FAILS)

    @property
    def fixes(self) -> tuple[FileChange, ...]:
        """The changes that are still to be made, as far as they are known."""
        return self.changes if self.dry_run else self.planned

    @property
    def left(self) -> tuple[Finding, ...]:
        """The findings that an apply leaves for a person."""
        return self.findings(Fate.LEFT)

    def identified(self, read: Callable[[str], bytes]) -> Record:
        """The same with the identity of every finding that is there still.

        Those that were edited are not: so the others have the ordinals that the next run gives
        them. read: gives the bytes of a file that the findings were made from; may raise OSError.
        """
        there = [entry for entry in self.entries if entry.fate is not Fate.MADE]
        found = identities([entry.finding for entry in there], read)
        pairs = zip(there, found, strict=True)
        known = (replace(e, statement=i.statement, ordinal=i.ordinal) for e, i in pairs)
        made = (entry for entry in self.entries if entry.fate is Fate.MADE)
        return replace(self, entries=tuple(sorted([*known, *made])))


def record_of_scan(result: ScanResult) -> Record:
    """What `scan` told."""
    return _record(Command.SCAN, result, _entries(result.findings, Fate.LISTED))


def record_of_check(result: ScanResult, warnings: Collection[Finding] = ()) -> Record:
    """What `check` told. result: a scan for the codes of the gate. warnings: those it lets pass."""
    entries = (Entry(f, Fate.WARNS if f in warnings else Fate.FAILS) for f in result.findings)
    return _record(Command.CHECK, result, entries)


def record_of_plan(plan: Plan, *, dry_run: bool) -> Record:
    """What `apply` did, or would do."""
    done = Fate.PENDING if dry_run else Fate.MADE
    entries = (*_entries(plan.applied, done), *_entries(plan.remaining, Fate.LEFT))
    return Record(
        command=Command.APPLY,
        root=plan.scan.root,
        profile=plan.scan.profile,
        target=plan.scan.target,
        systems=plan.scan.systems,
        entries=tuple(sorted(entries)),
        unreadable=plan.scan.unreadable,
        files_seen=plan.scan.files_seen,
        broken_before=plan.broken_before,
        changes=plan.changes,
        shims=plan.shims,
        refusals=plan.refusals,
        notes=(*plan.scan.notes, *plan.notes),
        manager_version=plan.manager_version,
        dry_run=dry_run,
        accepted=plan.scan.accepted,
    )


def _record(command: Command, result: ScanResult, entries: Iterator[Entry]) -> Record:
    return Record(
        command=command,
        root=result.root,
        profile=result.profile,
        target=result.target,
        systems=result.systems,
        entries=tuple(sorted(entries)),
        unreadable=result.unreadable,
        files_seen=result.files_seen,
        broken_before=tuple(f for f in result.findings if f.broken),
        accepted=result.accepted,
        notes=result.notes,
    )


def _entries(findings: tuple[Finding, ...], fate: Fate) -> Iterator[Entry]:
    return (Entry(finding, fate) for finding in findings)

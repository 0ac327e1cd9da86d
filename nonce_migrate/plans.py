"""What `apply` would do, and who uses the shims that it has made, as data.

It stands apart from the findings since a check, which is to start at once, has no use for it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from nonce_migrate.model import Finding, ScanResult


class ChangeKind(StrEnum):
    """Why `apply` writes a file."""

    REWRITE = "rewrite"
    SHIM = "shim"
    MANAGER = "manager"


@dataclass(frozen=True, slots=True)
class FileChange:
    """New content for one file. before is None where the file does not exist yet."""

    path: str
    kind: ChangeKind
    before: bytes | None
    after: bytes
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Refusal:
    """A file that was planned but failed its own proof, and stays as it was."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class ShimNote:
    """One legacy module turned into a shim, and what could not be carried into it."""

    path: str
    system: str
    kept_names: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class ShimUser:
    """A place that uses a shim. line: 0 where there is none. how: the kind of reference, in words.

    symbol: what of the shim is used.
    """

    path: str
    line: int
    how: str
    symbol: str


@dataclass(frozen=True, slots=True)
class ShimUse:
    """A shim and everyone who uses it, in the order of their places.

    module: its dotted path from the project's root. remove_in: when it is to go, as it says, "" for
    not settled. stub: the path of the stub beside it, "" where there is none.
    """

    path: str
    module: str
    system: str
    remove_in: str
    users: tuple[ShimUser, ...]
    stub: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What `apply` would do: pure data, nothing is written yet.

    scan: the findings before. changes: files to write. applied: findings whose edits are in
    changes. remaining: findings that a person has to settle. refusals: files that failed their
    proof. broken_before: what failed before the migration. manager_version: of the manager that
    is installed, "" when none is.
    """

    scan: ScanResult
    changes: tuple[FileChange, ...]
    applied: tuple[Finding, ...]
    remaining: tuple[Finding, ...]
    shims: tuple[ShimNote, ...]
    refusals: tuple[Refusal, ...] = ()
    manager_version: str = ""
    notes: tuple[str, ...] = field(default=())

    @property
    def broken_before(self) -> tuple[Finding, ...]:
        """The findings that name something that failed already."""
        return tuple(f for f in self.scan.findings if f.broken)

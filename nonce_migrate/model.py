"""The facts that every layer exchanges: findings, edits and results. No behaviour beyond that."""

from __future__ import annotations

from enum import StrEnum
from typing import Generic, NamedTuple, TypeVar


class Safety(StrEnum):
    """How sure an edit is; only SAFE ones are made without being asked for."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    MANUAL = "manual"

    def is_made(self, accept: Safety) -> bool:
        """Whether an edit of this level is made by a run that accepts edits down to `accept`."""
        return self is Safety.SAFE or (self is Safety.UNSAFE and accept is Safety.UNSAFE)


class Code(StrEnum):
    """The finding codes. The hundreds tell the kind: see `Kind`."""

    LEGACY_MODULE = "NM001"
    IMPORT_NAME = "NM101"
    IMPORT_MODULE = "NM102"
    IMPORT_STAR = "NM103"
    IMPORT_REEXPORT = "NM104"
    USE = "NM201"
    QUOTED_ANNOTATION = "NM202"
    ALL_ENTRY = "NM203"
    CALL = "NM301"
    PRIVATE_STATE = "NM302"
    MEMBER_UNPROVEN = "NM303"
    STRING = "NM401"
    CODE_IN_STRING = "NM402"
    CONFIGURATION = "NM403"
    UNDOING = "NM404"
    ROGUE_NONCE = "NM501"
    MANAGER_EDITED = "NM601"
    MANAGER_OUTDATED = "NM602"
    SHIM_EXPIRED = "NM603"
    SHIM_DUE = "NM604"
    SUPPRESSION_UNCLEAR = "NM701"
    SUPPRESSION_UNUSED = "NM702"
    BASELINE_STALE = "NM703"
    BROKEN_BEFORE = "NM901"

    @property
    def kind(self) -> Kind:
        """The kind of reference that this code belongs to."""
        return _KINDS[self]

    @property
    def is_import(self) -> bool:
        """Whether `check` counts it as a legacy import."""
        return self.startswith("NM1")

    @property
    def is_upkeep(self) -> bool:
        """Whether it tells of what goes along with a migration, not of a reference to a system."""
        return self.startswith(("NM6", "NM7"))

    @property
    def is_suppression(self) -> bool:
        """Whether it is about what accepts findings: a comment, or an entry of a baseline."""
        return self.startswith("NM7")


class Kind(StrEnum):
    """What sort of reference a finding is."""

    MODULE = "module"
    IMPORT = "import"
    REEXPORT = "re-export"
    USE = "use"
    ANNOTATION = "annotation"
    EXPORT_LIST = "export list"
    CALL = "call"
    MEMBER = "member"
    STRING = "string"
    CONFIGURATION = "configuration"
    UNDOING = "undoing"
    ROGUE = "rogue nonce"
    MANAGER = "manager"
    SHIM = "shim"
    SUPPRESSION = "suppression"
    BASELINE = "baseline"
    BROKEN = "broken before"


_KINDS = {
    Code.LEGACY_MODULE: Kind.MODULE,
    Code.IMPORT_NAME: Kind.IMPORT,
    Code.IMPORT_MODULE: Kind.IMPORT,
    Code.IMPORT_STAR: Kind.IMPORT,
    Code.IMPORT_REEXPORT: Kind.REEXPORT,
    Code.USE: Kind.USE,
    Code.QUOTED_ANNOTATION: Kind.ANNOTATION,
    Code.ALL_ENTRY: Kind.EXPORT_LIST,
    Code.CALL: Kind.CALL,
    Code.PRIVATE_STATE: Kind.MEMBER,
    Code.MEMBER_UNPROVEN: Kind.MEMBER,
    Code.STRING: Kind.STRING,
    Code.CODE_IN_STRING: Kind.STRING,
    Code.CONFIGURATION: Kind.CONFIGURATION,
    Code.UNDOING: Kind.UNDOING,
    Code.ROGUE_NONCE: Kind.ROGUE,
    Code.MANAGER_EDITED: Kind.MANAGER,
    Code.MANAGER_OUTDATED: Kind.MANAGER,
    Code.SHIM_EXPIRED: Kind.SHIM,
    Code.SHIM_DUE: Kind.SHIM,
    Code.SUPPRESSION_UNCLEAR: Kind.SUPPRESSION,
    Code.SUPPRESSION_UNUSED: Kind.SUPPRESSION,
    Code.BASELINE_STALE: Kind.BASELINE,
    Code.BROKEN_BEFORE: Kind.BROKEN,
}


Found = TypeVar("Found", "Finding", "LegacyImport")


class Finding(NamedTuple):
    """One reference to a legacy system.

    path: relative to the project root, `/` between parts. line: 1-based. column: 1-based, in
    characters. system: the name of the legacy system in the profile. symbol: what is referred to
    (`get_unified_nonce_manager`, `KrakenNonceManager.get_nonce`, a module). becomes: what will
    stand there, or what happens to it. reason: why it is not edited, or the guess that the edit
    rests on (manual and unsafe only). step: what a person has to do then. broken: what failed here
    before any migration, or "". why: the chain of reasons behind it, from the place outward.
    """

    path: str
    line: int
    column: int
    code: Code
    system: str
    symbol: str
    safety: Safety
    becomes: str = ""
    reason: str = ""
    step: str = ""
    broken: str = ""
    why: tuple[str, ...] = ()

    @property
    def kind(self) -> Kind:
        """The kind of reference."""
        return self.code.kind

    @property
    def as_import(self) -> LegacyImport:
        """The same as the gate tells of it."""
        return LegacyImport(self.path, self.line, self.column, self.code, self.system, self.symbol)


class LegacyImport(NamedTuple):
    """An import that fails the gate: a finding without what becomes of it.

    replacement: the name at the target that stands for it, "" where there is none; then step says
    what to do, as far as that is known.
    """

    path: str
    line: int
    column: int
    code: Code
    system: str
    symbol: str
    replacement: str = ""
    step: str = ""

    @property
    def kind(self) -> Kind:
        """The kind of reference."""
        return self.code.kind


class AcceptedBy(StrEnum):
    """What accepts a finding."""

    COMMENT = "comment"
    PER_FILE = "per-file-ignores"
    BASELINE = "baseline"


class Accepted(NamedTuple, Generic[Found]):
    """A finding that does not count. reason: the one that was given, or the pattern of files."""

    finding: Found
    by: AcceptedBy
    reason: str


class Unreadable(NamedTuple):
    """A file that could not be looked into: listed, never fatal. line is 0 where there is none."""

    path: str
    line: int
    reason: str


class ScanResult(NamedTuple):
    """Everything `scan` knows. findings are in the order of path, line and column.

    root: absolute path of the project. systems: (name, module, description) in profile order.
    files_seen: files looked at. unreadable: files that were left out, with the reason. accepted:
    what was found and does not count; it is not among the findings. notes: what a person should
    know of the run.
    """

    root: str
    profile: str
    target: str
    systems: tuple[tuple[str, str, str], ...]
    findings: tuple[Finding, ...]
    unreadable: tuple[Unreadable, ...]
    files_seen: int
    accepted: tuple[Accepted[Finding], ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def known(self) -> tuple[Finding, ...]:
        """All that was found, whether or not it counts, in the same order."""
        return tuple(sorted((*self.findings, *(a.finding for a in self.accepted))))


class CheckResult(NamedTuple):
    """What the gate found, in the order of path, line and column; see ScanResult for the rest.

    upkeep: findings on what the migration has put in place, and on comments that accept findings,
    which fail the gate. warnings: those that do not.
    """

    target: str
    imports: tuple[LegacyImport, ...]
    unreadable: tuple[Unreadable, ...]
    files_seen: int
    upkeep: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()
    accepted: tuple[Accepted[LegacyImport], ...] = ()
    notes: tuple[str, ...] = ()


class Explained(NamedTuple):
    """What `scan --why` tells of one line.

    findings: those of the line. notes: where it has none, why what looks like a reference there is
    none. nearest: the findings of the file that stand nearest, in the order of the text.
    """

    path: str
    line: int
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()
    nearest: tuple[Finding, ...] = ()

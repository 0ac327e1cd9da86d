"""A record told from a folder around its project."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath
from typing import Protocol, TypeVar

from nonce_migrate.model import Finding, Unreadable
from nonce_migrate.plans import FileChange
from nonce_migrate.reports.record import Record


class _AtPath(Protocol):
    @property
    def path(self) -> str: ...


T = TypeVar("T", bound=_AtPath)
Found = TypeVar("Found", Finding, Unreadable)


def relocated(record: Record, folder: PurePath) -> Record:
    """The same with paths that are relative to the folder; the record itself where it is the root
    already, or not around it.
    """
    root = PurePath(record.root)
    if root == folder or not root.is_relative_to(folder):
        return record
    prefix = root.relative_to(folder).as_posix()

    def moved(item: T) -> T:
        new: T = replace(item, path=f"{prefix}/{item.path}")  # type: ignore[type-var]
        return new

    def found(item: Found) -> Found:
        return item._replace(path=f"{prefix}/{item.path}")

    def moved_change(change: FileChange) -> FileChange:
        return replace(moved(change), findings=tuple(map(found, change.findings)))

    return replace(
        record,
        root=str(folder),
        entries=tuple(replace(e, finding=found(e.finding)) for e in record.entries),
        unreadable=tuple(map(found, record.unreadable)),
        broken_before=tuple(map(found, record.broken_before)),
        changes=tuple(map(moved_change, record.changes)),
        planned=tuple(map(moved_change, record.planned)),
        shims=tuple(map(moved, record.shims)),
        refusals=tuple(map(moved, record.refusals)),
        accepted=tuple(a._replace(finding=found(a.finding)) for a in record.accepted),
    )

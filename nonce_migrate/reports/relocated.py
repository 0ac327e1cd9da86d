"""A record told from a folder around its project."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath
from typing import Protocol, TypeVar

from nonce_migrate.plans import FileChange
from nonce_migrate.reports.record import Record


class _AtPath(Protocol):
    @property
    def path(self) -> str: ...


T = TypeVar("T", bound=_AtPath)


def relocated(record: Record, folder: PurePath) -> Record:
    """The same with paths that are relative to the folder; the record itself where it is the root
    already, or not around it.
    """
    root = PurePath(record.root)
    if root == folder or not root.is_relative_to(folder):
        return record
    prefix = root.relative_to(folder).as_posix()

    def moved(item: T) -> T:
        found: T = replace(item, path=f"{prefix}/{item.path}")  # type: ignore[type-var]
        return found

    def moved_change(change: FileChange) -> FileChange:
        return replace(moved(change), findings=tuple(map(moved, change.findings)))

    return replace(
        record,
        root=str(folder),
        entries=tuple(replace(e, finding=moved(e.finding)) for e in record.entries),
        unreadable=tuple(map(moved, record.unreadable)),
        broken_before=tuple(map(moved, record.broken_before)),
        changes=tuple(map(moved_change, record.changes)),
        planned=tuple(map(moved_change, record.planned)),
        shims=tuple(map(moved, record.shims)),
        refusals=tuple(map(moved, record.refusals)),
        accepted=tuple(replace(a, finding=moved(a.finding)) for a in record.accepted),
    )

"""A plan as the files to write, in an order in which whatever is in place finds what it imports."""

from __future__ import annotations

from pathlib import Path

from nonce_migrate.plans import ChangeKind, Plan
from nonce_migrate.transaction.apply import put_in_place
from nonce_migrate.transaction.disk import Disk
from nonce_migrate.transaction.journal import Write
from nonce_migrate.transaction.lock import locked
from nonce_migrate.transaction.recovery import recover
from nonce_migrate.transaction.store import Store

_ORDER = (ChangeKind.MANAGER, ChangeKind.REWRITE, ChangeKind.SHIM)


def writes_of(plan: Plan) -> tuple[Write, ...]:
    """The manager first and the shims last."""
    changes = sorted(plan.changes, key=lambda change: (_ORDER.index(change.kind), change.path))
    return tuple(Write(change.path, change.before, change.after) for change in changes)


def write(plan: Plan) -> None:
    """Puts every change in place, all or none, to be undone later. Raises ProjectError."""
    store = Store(Path(plan.scan.root), Disk())
    if plan.changes:
        with locked(store):
            recover(store)
            put_in_place(store, writes_of(plan))

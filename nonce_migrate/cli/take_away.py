"""Takes files of a project away: all or none, put to the proof, to be undone later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from nonce_migrate.cli.care import Care
from nonce_migrate.cli.output import complain, tell

if TYPE_CHECKING:
    from nonce_migrate.engine import Options
    from nonce_migrate.transaction.journal import Write
    from nonce_migrate.transaction.store import Store


def take_away(options: Options, care: Care, files: Sequence[str]) -> None:
    """Removes files, named from the root, unless a check goes worse by it. Raises ProjectError."""
    from nonce_migrate.cli.carry_out import require_committed
    from nonce_migrate.engine.tree import Tree
    from nonce_migrate.transaction.disk import Disk
    from nonce_migrate.transaction.gates import check_writable, settle_places
    from nonce_migrate.transaction.journal import Write
    from nonce_migrate.transaction.lock import locked
    from nonce_migrate.transaction.recovery import recover
    from nonce_migrate.transaction.store import Store

    store, tree = Store(options.root, Disk()), Tree(options.root)
    writes = tuple(Write(path, tree.read(path), None) for path in files)
    with locked(store):
        for recovered in recover(store):
            complain("\n".join(recovered.lines))
        check_writable(store.root, settle_places(store.root, writes))
        if not care.allow_dirty:
            require_committed(store, writes)
        _try_out(options, care, store, writes)


def _try_out(options: Options, care: Care, store: Store, writes: Sequence[Write]) -> None:
    from nonce_migrate.cli.carry_out import verify_commands
    from nonce_migrate.transaction.apply import put_in_place

    commands = verify_commands(options, care)
    if not commands:
        put_in_place(store, writes)
        return
    from nonce_migrate.cli.verifying import Verification
    from nonce_migrate.reports.verify_report import render_regressions
    from nonce_migrate.verify.trial import WorseError

    # What is gone cannot be imported, and that is no worse.
    gone = tuple(f"/{write.path}" for write in writes)
    rest = replace(options, exclude=(*options.exclude, *gone))
    verification = Verification(rest, care, commands, lambda kept: ())
    verification.before()
    try:
        put_in_place(store, writes, verification.after)
    except WorseError as error:
        tell(render_regressions(error.found))
        raise

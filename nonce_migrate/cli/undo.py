"""`nonce-migrate undo`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from nonce_migrate.cli.examples import examples
from nonce_migrate.cli.status import OK

if TYPE_CHECKING:
    from nonce_migrate.transaction.undo import Undone

_NONCES = (
    "nonces drawn meanwhile stay used: before the bot runs on a legacy manager again, see that "
    "it starts above them (`nonce-migrate status` shows the last one)"
)


@click.command(short_help="Take back the last apply, byte for byte.", epilog=examples("undo"))
@click.argument("path", default=".", metavar="[PATH]")
@click.option("--skip-edited", is_flag=True, help="Leave alone what was edited since.")
@click.option(
    "--force", is_flag=True, help="Also put back what was edited since; the edits are put aside."
)
def undo(path: str, skip_edited: bool, force: bool) -> int:
    """Gives back what the last apply changed in the project of PATH (default: the current folder).

    Bytes, modes and times of its files are as before, and what it made is removed. Once more, it
    takes back the apply before.

    Exit status: 0; 2 on an error, as when files were edited since, and nothing was changed.
    """
    from nonce_migrate.cli.output import complain, print_text
    from nonce_migrate.cli.request import project_root
    from nonce_migrate.errors import ProjectError
    from nonce_migrate.transaction.disk import Disk
    from nonce_migrate.transaction.lock import locked
    from nonce_migrate.transaction.recovery import recover
    from nonce_migrate.transaction.store import Store
    from nonce_migrate.transaction.undo import Edited
    from nonce_migrate.transaction.undo import undo as undo_last

    if force and skip_edited:
        raise ProjectError("--force and --skip-edited exclude each other")
    store = Store(project_root(path), Disk())
    if not store.runs():
        print_text(f"Nothing to undo in {store.root}.\n")
        return OK
    edited = Edited.RESTORE if force else Edited.LEAVE if skip_edited else Edited.REFUSE
    with locked(store):
        recovered = recover(store)
        undone = None if recovered else undo_last(store, edited)
    for item in recovered:
        complain("\n".join(item.lines))
    if undone is not None:
        _tell(undone)
    elif not recovered:
        print_text(f"Nothing to undo in {store.root}.\n")
    return OK


def _tell(undone: Undone) -> None:
    from nonce_migrate.cli.output import complain, print_text
    from nonce_migrate.reports.wording import counted
    from nonce_migrate.transaction.back import aside_lines

    files = counted(len(undone.back.restored), "file")
    lines = [f"Undid the apply of {undone.started}: {files} as before."]
    if undone.left:
        lines.append(f"{undone.left} more can be undone.")
    print_text(" ".join(lines) + "\n")
    for line in [*aside_lines(undone.back), _NONCES]:
        complain(line)

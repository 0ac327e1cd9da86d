"""`nonce-migrate baseline`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from nonce_migrate.cli.examples import examples
from nonce_migrate.cli.options import finding_codes, jobs_option
from nonce_migrate.cli.status import ERROR, FOUND, OK

if TYPE_CHECKING:
    from pathlib import Path

    from nonce_migrate.baseline.entries import Entry
    from nonce_migrate.baseline.update import Updated
    from nonce_migrate.engine import Options


@click.group(
    invoke_without_command=True,
    short_help="Accept what there is for now, and nothing new.",
    epilog=examples("baseline"),
)
@click.pass_context
def baseline(context: click.Context) -> int:
    """Works on the file of findings that `check --baseline FILE` accepts.

    An entry is known by its path, code and statement, and by its place among equal ones; lines and
    counts play no part. The file can only shrink, unless a reason is given.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help(), err=True)
        context.exit(ERROR)
    return OK


@baseline.command(
    short_help="Drop the entries whose finding is gone.", epilog=examples("baseline update")
)
@click.option("--baseline", "named", metavar="FILE", help="The file; else that of the settings.")
@click.option("--allow-new", is_flag=True, help="Take new findings up; needs --reason.")
@click.option("--reason", metavar="TEXT", help="Why they are accepted; it is kept with them.")
@click.option("--profile", metavar="NAME|FILE", help="As for check.")
@click.option("--exclude", multiple=True, metavar="PATTERN", help="As for check.")
@finding_codes
@jobs_option
def update(
    named: str | None,
    allow_new: bool,
    reason: str | None,
    profile: str | None,
    exclude: tuple[str, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    jobs: int,
) -> int:
    """Brings the baseline of this folder's project up to date.

    Entries whose finding is gone are dropped. What is new is named and left out, unless
    --allow-new --reason TEXT takes it up, which also writes the first baseline. Without a file
    named here or in the settings it is nonce-migrate-baseline.toml in the project.

    Exit status: 0; 1 where something new was left out; 2 on an error, and nothing was written.
    """
    from nonce_migrate.cli.baselines import DEFAULT, baseline_file
    from nonce_migrate.cli.check import GATE, of_kinds
    from nonce_migrate.cli.request import Request, build_options

    why = _reason(reason, allow_new=allow_new)
    request = Request((), profile, exclude, None, None, select, ignore)
    options = of_kinds(build_options(request, jobs=jobs, codes=GATE))
    file = baseline_file(options.root, named) or options.root / DEFAULT
    done = _update(options, file, why)
    _tell(options.root, file, done, is_taken=why is not None)
    return FOUND if done.new and why is None else OK


def _reason(reason: str | None, *, allow_new: bool) -> str | None:
    """The reason, None where nothing new is to be taken up. Raises ProjectError."""
    from nonce_migrate.errors import ProjectError

    if reason is not None and not allow_new:
        raise ProjectError("--reason: it is kept with new findings; give --allow-new, too")
    if allow_new and not (reason or "").strip():
        raise ProjectError("--allow-new: say why, by --reason TEXT; it is kept with the entries")
    return " ".join(reason.split()) if reason else None


def _update(options: Options, file: Path, reason: str | None) -> Updated:
    """Looks at the project, and writes the file. Raises ProjectError."""
    from nonce_migrate.baseline.entries import render_baseline
    from nonce_migrate.baseline.judging import judging
    from nonce_migrate.baseline.update import update as updated
    from nonce_migrate.cli.baselines import found_keys
    from nonce_migrate.cli.files import require_writable, staged

    entries = _entries(options.root, file, is_first=reason is not None)
    require_writable(file)
    keys, unreadable = found_keys(options)
    done = updated(entries, keys, judging(options, unreadable), reason)
    with staged({file: render_baseline(done.entries)}):
        pass
    return done


def _entries(root: Path, file: Path, *, is_first: bool) -> tuple[Entry, ...]:
    """The entries so far; none where the file may be written for the first time."""
    from nonce_migrate.baseline.entries import read_baseline
    from nonce_migrate.cli.baselines import name_of
    from nonce_migrate.errors import ProjectError

    name = name_of(root, file)
    try:
        return read_baseline(name, file.read_bytes())
    except FileNotFoundError:
        if is_first:
            return ()
        raise ProjectError(
            f"{name}: there is no such baseline; to write the first one, say why its findings are "
            "accepted: --allow-new --reason TEXT"
        ) from None
    except OSError as error:
        raise ProjectError(f"{name}: cannot be read: {error.strerror}") from None


def _tell(root: Path, file: Path, done: Updated, *, is_taken: bool) -> None:
    from nonce_migrate.cli.baselines import name_of
    from nonce_migrate.cli.output import print_text
    from nonce_migrate.reports.wording import counted, visible

    lines = [f"gone {e.key.path}: {e.key.code} {e.key.statement}" for e in sorted(done.gone)]
    word = "new" if is_taken else "left out, new"
    lines += [f"{word} {key.path}: {key.code} {key.statement}" for key in done.new]
    lines.append(f"{name_of(root, file)}: {counted(len(done.entries), 'entry', 'entries')}")
    if done.new and not is_taken:
        lines.append("take what is new up by --allow-new --reason TEXT, or mend it")
    print_text("".join(f"{visible(line)}\n" for line in lines))

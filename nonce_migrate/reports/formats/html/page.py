"""Everything that the report shows, as data: what the templates print and nothing besides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath

from nonce_migrate import __version__
from nonce_migrate.plans import ChangeKind
from nonce_migrate.reports.formats.html.compare import Diff, diff_of
from nonce_migrate.reports.formats.html.graph import Graph, graph_of
from nonce_migrate.reports.formats.html.progress import Progress, progress_of
from nonce_migrate.reports.formats.html.rows import Listing, listing_of
from nonce_migrate.reports.formats.html.steps import Checklist, checklist_of
from nonce_migrate.reports.record import Command, Fate, Record
from nonce_migrate.reports.wording import counted
from nonce_migrate.visible import visible

# Above that the unchanged lines of the files are left out, which are most of a large report.
_MOST_WITH_FOLDS = 1_500_000


@dataclass(frozen=True, slots=True)
class Figure:
    """A number worth telling first. link: the section that has more, "" where there is none."""

    label: str
    number: int
    link: str


@dataclass(frozen=True, slots=True)
class Told:
    """Something told of a file. link: the fragment of its diff, "" where it has none."""

    path: str
    line: int
    texts: tuple[str, ...]
    link: str


@dataclass(frozen=True, slots=True)
class Shim:
    """A legacy module that became a shim."""

    path: str
    system: str
    kept: tuple[str, ...]
    dropped: tuple[str, ...]
    link: str


@dataclass(frozen=True, slots=True)
class Page:
    """The whole report. facts: (name, value) of the run."""

    project: str
    headline: str
    version: str
    is_dry: bool
    facts: tuple[tuple[str, str], ...]
    figures: tuple[Figure, ...]
    progress: Progress
    graph: Graph | None
    checklist: Checklist
    listing: Listing
    diffs: tuple[Diff, ...]
    has_folds: bool
    broken: tuple[Told, ...]
    refused: tuple[Told, ...]
    unreadable: tuple[Told, ...]
    shims: tuple[Shim, ...]
    notes: tuple[str, ...]


def page_of(record: Record) -> Page:
    """What the report of a record shows."""
    changes = sorted(record.changes, key=lambda change: change.path)
    links = {change.path: f"file-{number}" for number, change in enumerate(changes, 1)}
    size = sum(len(change.before or b"") + len(change.after) for change in changes)
    progress = progress_of(record)
    checklist = checklist_of(record, links)
    has_folds = size <= _MOST_WITH_FOLDS
    return Page(
        project=visible(PurePath(record.root).name or record.root),
        headline=_headline(record),
        version=__version__,
        is_dry=record.dry_run,
        facts=_facts(record),
        figures=_figures(record, checklist),
        progress=progress,
        graph=graph_of(record),
        checklist=checklist,
        listing=listing_of(record, links),
        diffs=tuple(diff_of(c, links[c.path], with_folds=has_folds) for c in changes),
        has_folds=has_folds,
        broken=_broken(record, links),
        refused=tuple(
            Told(visible(r.path), 0, (visible(r.reason),), "") for r in sorted(record.refusals)
        ),
        unreadable=tuple(
            Told(visible(u.path), u.line, (visible(u.reason),), "")
            for u in sorted(record.unreadable)
        ),
        shims=tuple(
            Shim(
                visible(shim.path),
                visible(shim.system),
                tuple(map(visible, shim.kept_names)),
                tuple(map(visible, shim.dropped)),
                links.get(shim.path, ""),
            )
            for shim in record.shims
        ),
        notes=tuple(map(visible, record.notes)),
    )


def _headline(record: Record) -> str:
    """The run in one sentence."""
    if record.command is Command.APPLY:
        return _done(record)
    files = len({finding.path for finding in record.told})
    found = f"{counted(len(record.told), 'finding')} in {files:,} of {record.files_seen:,} files"
    if record.command is Command.CHECK:
        warnings = record.findings(Fate.WARNS)
        besides = f"; {counted(len(warnings), 'warning')}" if warnings else ""
        return (f"The check failed: {found}" if record.told else "The check passed") + f"{besides}."
    return f"{found}." if record.told else "No reference to a legacy system was found."


def _done(record: Record) -> str:
    total, left = len(record.entries), len(record.left)
    if not total:
        return "There is nothing to migrate."
    verb = "would be migrated" if record.dry_run else "migrated"
    rest = f"{left:,} left for a person" if left else "nothing is left for a person"
    return f"{len(record.edited):,} of {counted(total, 'reference')} {verb}; {rest}."


def _figures(record: Record, checklist: Checklist) -> tuple[Figure, ...]:
    kinds = Counter(change.kind for change in record.changes)
    written = "Files to write" if record.dry_run else "Files written"
    is_apply = record.command is Command.APPLY
    figures = [
        Figure("Files looked at", record.files_seen, ""),
        Figure("References found", len(record.entries), "findings"),
        *([Figure(written, len(record.changes), "changes")] if is_apply else []),
        *([Figure("Shims", kinds[ChangeKind.SHIM], "shims")] if is_apply else []),
        Figure("Manual steps", checklist.count, "steps"),
        *([Figure("Accepted", len(record.accepted), "")] if record.accepted else []),
        Figure("Broken before", len(record.broken_before), "broken"),
        *([Figure("Files refused", len(record.refusals), "refused")] if is_apply else []),
        Figure("Files not readable", len(record.unreadable), "unreadable"),
    ]
    return tuple(figures)


def _facts(record: Record) -> tuple[tuple[str, str], ...]:
    command = f"{record.command.value} --dry-run" if record.dry_run else record.command.value
    facts = [
        ("Command", command),
        ("Profile", record.profile),
        ("Target", record.target),
        ("Manager", record.manager_version),
        ("Project", record.root),
    ]
    return tuple((name, visible(value)) for name, value in facts if value)


def _broken(record: Record, links: dict[str, str]) -> tuple[Told, ...]:
    """What failed before, and what becomes of it now."""
    return tuple(
        Told(
            visible(f.path),
            f.line,
            tuple(visible(text) for text in (f.symbol, f.broken, *_now(f.becomes, f.step)) if text),
            links.get(f.path, ""),
        )
        for f in sorted(record.broken_before)
    )


def _now(becomes: str, step: str) -> Iterable[str]:
    return [becomes or step]

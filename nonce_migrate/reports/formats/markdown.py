"""A record as Markdown (GitHub Flavored Markdown 0.29): to keep beside a change, or to post."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from nonce_migrate import __version__
from nonce_migrate.model import Finding
from nonce_migrate.plans import ChangeKind, FileChange, ShimNote
from nonce_migrate.reports.record import Command, Fate, Record
from nonce_migrate.reports.tally import by_file, tally
from nonce_migrate.reports.wording import counted, fate, visible

# An underscore between letters or digits is no emphasis (GFM 6.4), so it may stand as it is.
_SPECIAL = re.compile(r"[\\`*\[\]<>&|~#$]|(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])")
_LIST_MARK = re.compile(r"^(?=[-+]|\d+[.)](?:\s|$))(\d*)(.)")
_NOT_FOR_A_SPAN = re.compile(r"[`|\\]")
_TITLES = {
    Command.SCAN: "Legacy references",
    Command.CHECK: "Check for legacy references",
    Command.APPLY: "Nonce migration",
}
_WHAT = {
    ChangeKind.REWRITE: "rewritten",
    ChangeKind.SHIM: "made a shim",
    ChangeKind.MANAGER: "the manager",
}


def render_markdown(record: Record) -> str:
    """The whole report."""
    told = _apply(record) if record.command is Command.APPLY else _listing(record)
    filled = [lines for lines in map(list, told) if lines]
    return "\n\n".join("\n".join(lines) for lines in filled) + "\n"


def _apply(record: Record) -> Iterator[Iterator[str]]:
    yield _summary(record)
    yield _left(record.left)
    yield _changed(record)
    yield _shims(record.shims)
    yield _broken(record.broken_before)
    yield _items(
        "Refused, left as they were", ((r.path, r.reason) for r in sorted(record.refusals))
    )
    yield _unreadable(record)
    yield _notes(record.notes)


def _listing(record: Record) -> Iterator[Iterator[str]]:
    """Of scan and check."""
    yield _sums(record)
    yield _found("Findings", record.told)
    yield _found("Warnings", record.findings(Fate.WARNS))
    yield _broken(record.broken_before)
    yield _unreadable(record)


def code(text: str) -> str:
    """The text as code, on one line, whatever it holds and wherever it stands."""
    shown = visible(text)
    if not shown:
        return ""
    if shown == shown.strip() and not _NOT_FOR_A_SPAN.search(shown):
        return f"`{shown}`"
    return f"<code>{re.sub('[^0-9A-Za-z]', lambda m: f'&#{ord(m.group())};', shown)}</code>"


def prose(text: str) -> str:
    """The text as plain words: nothing in it is markup but pairs of backticks, which mark code."""
    pieces = visible(text).split("`")
    if len(pieces) % 2 == 0:
        return _words(visible(text))
    return "".join(code(p) if index % 2 else _words(p) for index, p in enumerate(pieces))


def _words(text: str) -> str:
    return _LIST_MARK.sub(r"\1\\\2", _SPECIAL.sub(r"\\\g<0>", text))


def _heading(record: Record) -> Iterator[str]:
    yield f"# {_TITLES[record.command]}"
    yield ""
    yield f"Profile {code(record.profile)}, target {code(record.target)},"
    yield f"nonce-migrate {__version__}."
    if record.dry_run:
        yield ""
        yield "A dry run: nothing was written."


def _sums(record: Record) -> Iterator[str]:
    counts = tally(record.told, record.systems)
    yield from _heading(record)
    yield ""
    if record.command is Command.CHECK:
        yield "Passed." if not record.told else "**Failed.**"
        yield ""
    yield "| | |"
    yield "|---|---:|"
    yield f"| Files looked at | {record.files_seen} |"
    yield f"| Files with findings | {counts.files} |"
    yield f"| Findings | {counts.findings} |"
    for level, number in counts.by_safety.items():
        yield f"| Of these {level} | {number} |"
    if record.accepted:
        yield f"| Accepted | {len(record.accepted)} |"
    yield f"| Files not looked into | {len(record.unreadable)} |"
    if counts.findings:
        yield ""
        yield f"By system: {_systems(counts.by_system)}."


def _found(title: str, findings: Iterable[Finding]) -> Iterator[str]:
    for index, (path, found_there) in enumerate(by_file(findings)):
        if not index:
            yield f"## {title}"
        yield ""
        yield f"### {code(path)}"
        yield ""
        yield "| Line | Code | What | Level | What becomes of it |"
        yield "|---:|---|---|---|---|"
        for found in found_there:
            what = f"{found.kind} {code(found.symbol)}"
            becomes = prose(fate(found))
            yield f"| {found.line} | {found.code} | {what} | {found.safety} | {becomes} |"


def _summary(record: Record) -> Iterator[str]:
    kinds = Counter(change.kind for change in record.changes)
    yield from _heading(record)
    yield ""
    yield "| | |"
    yield "|---|---:|"
    yield f"| Files looked at | {record.files_seen} |"
    yield f"| Files rewritten | {kinds[ChangeKind.REWRITE]} |"
    yield f"| Edits | {len(record.edited)} |"
    yield f"| Legacy modules made shims | {kinds[ChangeKind.SHIM]} |"
    yield f"| Version of the manager | {prose(record.manager_version) or 'not installed'} |"
    yield f"| Places left for a person | {len(record.left)} |"
    yield f"| Files refused | {len(record.refusals)} |"
    if record.accepted:
        yield f"| Accepted | {len(record.accepted)} |"
    yield f"| Files not looked into | {len(record.unreadable)} |"


def _left(remaining: Iterable[Finding]) -> Iterator[str]:
    yield "## Left for a person"
    files = by_file(remaining)
    if not files:
        yield ""
        yield "Nothing."
    for path, findings in files:
        yield ""
        yield f"### {code(path)}"
        yield ""
        for finding in findings:
            yield f"- [ ] line {finding.line}, {finding.code}: {code(finding.symbol)}"
            if finding.reason:
                yield f"  - Why: {prose(finding.reason)}"
            if finding.step:
                yield f"  - Do: {prose(finding.step)}"
            if finding.why:
                yield "  - Because:"
                yield from (f"    - {prose(reason)}" for reason in finding.why)


def _changed(record: Record) -> Iterator[str]:
    yield "## Changed files"
    yield ""
    if not record.changes:
        yield "None."
        return
    yield f"By system: {_systems(tally(record.edited, record.systems).by_system)}."
    yield ""
    yield "| File | What | Edits | Systems |"
    yield "|---|---|---:|---|"
    for change in sorted(record.changes, key=lambda c: c.path):
        yield _row(change)


def _row(change: FileChange) -> str:
    counts = Counter(finding.system for finding in sorted(change.findings))
    what = _WHAT[change.kind] + (", new" if change.before is None else "")
    edits = len(change.findings) or ""
    return f"| {code(change.path)} | {what} | {edits} | {_systems(counts) if counts else ''} |"


def _systems(counts: dict[str, int]) -> str:
    named = [f"{code(name)} {number}" for name, number in counts.items() if number]
    return ", ".join(named) or "none"


def _shims(shims: Iterable[ShimNote]) -> Iterator[str]:
    for index, shim in enumerate(shims):
        if not index:
            yield "## Shims"
        yield ""
        yield f"### {code(shim.path)}"
        yield ""
        kept = ", ".join(map(code, shim.kept_names)) or "none"
        yield f"- System: {code(shim.system)}"
        yield f"- Other names that stay importable: {kept}"
        for line in shim.dropped:
            yield f"- Not carried over: {prose(line)}"


def _broken(findings: Iterable[Finding]) -> Iterator[str]:
    files = by_file(findings)
    if files:
        yield "## Broken before the migration"
        yield ""
    for path, found in files:
        places = counted(len(found), "place")
        yield f"- {code(path)}, {places}"
        for finding in found:
            yield f"  - line {finding.line}: {code(finding.symbol)} {prose(finding.broken)}"


def _items(title: str, items: Iterable[tuple[str, str]]) -> Iterator[str]:
    for index, (path, text) in enumerate(items):
        if not index:
            yield f"## {title}"
            yield ""
        yield f"- {code(path)}: {prose(text)}"


def _unreadable(record: Record) -> Iterator[str]:
    return _items(
        "Could not be looked into",
        (
            (u.path, f"line {u.line}: {u.reason}" if u.line else u.reason)
            for u in sorted(record.unreadable)
        ),
    )


def _notes(notes: Iterable[str]) -> Iterator[str]:
    for index, note in enumerate(notes):
        if not index:
            yield "## Notes"
            yield ""
        yield f"- {prose(note)}"

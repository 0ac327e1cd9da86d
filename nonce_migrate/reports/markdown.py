"""What `apply` did, as Markdown (GitHub Flavored Markdown 0.29) to keep beside the change."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from nonce_migrate import __version__
from nonce_migrate.model import ChangeKind, FileChange, Finding, Plan, ShimNote
from nonce_migrate.reports.tally import by_file, tally
from nonce_migrate.reports.wording import counted, visible

# An underscore between letters or digits is no emphasis (GFM 6.4), so it may stand as it is.
_SPECIAL = re.compile(r"[\\`*\[\]<>&|~#$]|(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])")
_LIST_MARK = re.compile(r"^(?=[-+]|\d+[.)](?:\s|$))(\d*)(.)")
_NOT_FOR_A_SPAN = re.compile(r"[`|\\]")
_WHAT = {
    ChangeKind.REWRITE: "rewritten",
    ChangeKind.SHIM: "made a shim",
    ChangeKind.MANAGER: "the manager",
}


def render_markdown(plan: Plan) -> str:
    """The whole report."""
    sections = [
        _summary(plan),
        _left(plan.remaining),
        _changed(plan),
        _shims(plan.shims),
        _broken(plan.broken_before),
        _items("Refused, left as they were", ((r.path, r.reason) for r in sorted(plan.refusals))),
        _items(
            "Could not be looked into",
            (
                (u.path, f"line {u.line}: {u.reason}" if u.line else u.reason)
                for u in sorted(plan.scan.unreadable)
            ),
        ),
        _notes(plan.notes),
    ]
    filled = [lines for lines in map(list, sections) if lines]
    return "\n\n".join("\n".join(lines) for lines in filled) + "\n"


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


def _summary(plan: Plan) -> Iterator[str]:
    kinds = Counter(change.kind for change in plan.changes)
    yield "# Nonce migration"
    yield ""
    yield f"Profile {code(plan.scan.profile)}, target {code(plan.scan.target)},"
    yield f"nonce-migrate {__version__}."
    yield ""
    yield "| | |"
    yield "|---|---:|"
    yield f"| files looked at | {plan.scan.files_seen} |"
    yield f"| Files rewritten | {kinds[ChangeKind.REWRITE]} |"
    yield f"| Edits | {len(plan.applied)} |"
    yield f"| Legacy modules made shims | {kinds[ChangeKind.SHIM]} |"
    yield f"| Version of the manager | {prose(plan.manager_version) or 'not installed'} |"
    yield f"| Places left for a person | {len(plan.remaining)} |"
    yield f"| Files refused | {len(plan.refusals)} |"
    yield f"| Files not looked into | {len(plan.scan.unreadable)} |"


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


def _changed(plan: Plan) -> Iterator[str]:
    yield "## Changed files"
    yield ""
    if not plan.changes:
        yield "None."
        return
    yield f"By system: {_systems(tally(plan.applied, plan.scan).by_system)}."
    yield ""
    yield "| File | What | Edits | Systems |"
    yield "|---|---|---:|---|"
    for change in sorted(plan.changes, key=lambda c: c.path):
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


def _notes(notes: Iterable[str]) -> Iterator[str]:
    for index, note in enumerate(notes):
        if not index:
            yield "## Notes"
            yield ""
        yield f"- {prose(note)}"

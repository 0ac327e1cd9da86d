"""Reads what `--format json` wrote back into a record.

Of the files that an apply changed, such a document has the diff of a dry run at most: then their
lines outside of it are empty.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from nonce_migrate.errors import ProjectError
from nonce_migrate.model import Accepted, AcceptedBy, Code, Finding, Safety, Unreadable
from nonce_migrate.plans import ChangeKind, FileChange, Refusal, ShimNote
from nonce_migrate.reports.formats.as_json import VERSION
from nonce_migrate.reports.record import Command, Entry, Fate, Record

Document = Mapping[str, Any]

_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_NO_NEWLINE = "\\"


def read_document(file: Path, commands: Sequence[Command]) -> Document:
    """A document of one of the commands. Raises ProjectError."""
    try:
        document = json.loads(file.read_bytes())
    except OSError as error:
        raise ProjectError(f"{file}: cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise ProjectError(f"{file}: not JSON: {error}") from None
    if not isinstance(document, dict) or document.get("command") not in list(commands):
        names = " or ".join(commands)
        raise ProjectError(f"{file}: not a result of {names} with --format json")
    if document.get("version") != VERSION:
        raise ProjectError(f"{file}: written by another version of nonce-migrate; make it anew")
    return document


def read_record(file: Path) -> Record:
    """The record of a document in a file. Raises ProjectError."""
    document = read_document(file, tuple(Command))
    try:
        return record_of_document(document)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ProjectError(f"{file}: not a whole result of nonce-migrate: {error!r}") from None


def record_of_document(document: Document) -> Record:
    """The record. Raises KeyError, TypeError, ValueError where the document is not whole."""
    command = Command(document["command"])
    summary = document["summary"]
    known = document.get("systems")
    if known is None:
        systems = tuple((name, "", "") for name in summary["by_system"])
    else:
        systems = tuple((s["name"], s["module"], s["description"]) for s in known)
    record = Record(
        command=command,
        root=document["root"],
        profile=document["profile"],
        target=document["target"],
        systems=systems,
        entries=tuple(sorted(_entries(document, command))),
        unreadable=tuple(
            Unreadable(u["path"], u["line"], u["reason"]) for u in document["unreadable"]
        ),
        files_seen=summary.get("files_seen", 0),
        accepted=tuple(
            Accepted(_finding(a), AcceptedBy(a["accepted_by"]), a["accepted_because"])
            for a in document.get("accepted", ())
        ),
    )
    return _of_apply(record, document) if command is Command.APPLY else _of_listing(record)


def _of_listing(record: Record) -> Record:
    return replace(record, broken_before=tuple(f for f in record.findings() if f.broken))


def _of_apply(record: Record, document: Document) -> Record:
    shims = document["shims"]
    return replace(
        record,
        broken_before=tuple(map(_finding, document["broken_before"])),
        changes=tuple(map(_change, document["changes"])),
        shims=tuple(
            ShimNote(s["path"], s["system"], tuple(s["kept_names"]), tuple(s["dropped"]))
            for s in shims
        ),
        refusals=tuple(Refusal(r["path"], r["reason"]) for r in document["refusals"]),
        notes=tuple(document["notes"]),
        manager_version=document["manager_version"],
        dry_run=document["dry_run"],
    )


def _entries(document: Document, command: Command) -> Iterator[Entry]:
    match command:
        case Command.SCAN:
            yield from _all(document["findings"], Fate.LISTED)
        case Command.CHECK:
            yield from _all(document["findings"], Fate.FAILS)
            yield from _all(document.get("warnings", ()), Fate.WARNS)
        case Command.APPLY:
            done = Fate.PENDING if document["dry_run"] else Fate.MADE
            for change in document["changes"]:
                yield from _all(change["edits"], done)
            yield from _all(document["remaining"], Fate.LEFT)


def _all(findings: Iterable[Document], fate: Fate) -> Iterator[Entry]:
    for found in findings:
        yield Entry(_finding(found), fate, found.get("statement", ""), found.get("ordinal", 0))


def _finding(found: Document) -> Finding:
    return Finding(
        path=found["path"],
        line=found["line"],
        column=found["column"],
        code=Code(found["code"]),
        system=found["system"],
        symbol=found["symbol"],
        safety=Safety(found["safety"]),
        becomes=found["becomes"],
        reason=found["reason"],
        step=found["step"],
        broken=found["broken"],
        why=tuple(found["why"]),
    )


def _change(change: Document) -> FileChange:
    before, after = _sides(change.get("diff", ""))
    return FileChange(
        path=change["path"],
        kind=ChangeKind(change["kind"]),
        before=None if change["created"] else before.encode(),
        after=after.encode(),
        findings=tuple(map(_finding, change["edits"])),
    )


def _sides(diff: str) -> tuple[str, str]:
    """Both sides of a unified diff, each line where it belongs, with empty ones in between."""
    sides: tuple[list[str], list[str]] = ([], [])
    last: Sequence[list[str]] = ()
    in_hunk = False
    for line in diff.split("\n"):
        match = _HUNK.match(line)
        if match:
            in_hunk = True
            for side, start, count in zip(sides, match.group(1, 3), match.group(2, 4), strict=True):
                first = int(start) - (count != "0")
                side += ["\n"] * (first - len(side))
        elif in_hunk and line[:1] in (" ", "-", "+"):
            last = {" ": sides, "-": sides[:1], "+": sides[1:]}[line[0]]
            for side in last:
                side.append(line[1:] + "\n")
        elif in_hunk and line.startswith(_NO_NEWLINE):
            for side in last:
                side[-1] = side[-1].removesuffix("\n")
    return "".join(sides[0]), "".join(sides[1])

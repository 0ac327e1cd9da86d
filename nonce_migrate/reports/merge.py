"""Puts the JSON documents of several runs together: the shards of one tree, or several trees."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from nonce_migrate.engine.identity import Identity
from nonce_migrate.errors import ProjectError
from nonce_migrate.reports.document import Document
from nonce_migrate.reports.record import Command

MERGEABLE = (Command.SCAN, Command.CHECK)
_SAME = ("version", "command", "profile", "target")
_COUNTS = {"by_system": "system", "by_kind": "kind", "by_safety": "safety"}


def merge(documents: Mapping[Path, Document]) -> str:
    """One document of the same form.

    Paths stay as they are where all have the same root, and are told from the folder that all
    roots lie in elsewhere. What several documents tell counts once. Raises ProjectError where
    they are of different commands or profiles, or nothing is there to merge.
    """
    if not documents:
        raise ProjectError("report merge: no files given")
    first, *others = documents.items()
    for file, document in others:
        for key in _SAME:
            if document.get(key) != first[1].get(key):
                raise ProjectError(f"{file}: another {key} than {first[0]} has")
    roots = {str(document["root"]) for document in documents.values()}
    root = roots.pop() if len(roots) == 1 else os.path.commonpath(sorted(roots))
    findings = _united(root, documents.values(), "findings")
    merged = {**first[1], "root": root}
    if "passed" in merged:
        merged["passed"] = not findings
    merged["summary"] = _summary(findings, list(documents.values()))
    merged["findings"] = findings
    if "warnings" in merged:
        merged["warnings"] = _united(root, documents.values(), "warnings")
    merged["accepted"] = _united(root, documents.values(), "accepted")
    merged["unreadable"] = _united(root, documents.values(), "unreadable")
    return json.dumps(merged, indent=2) + "\n"


def _united(root: str, documents: Iterable[Document], key: str) -> list[dict[str, Any]]:
    """The entries of all documents, each once, in the order of path, line and column."""
    known: dict[str, dict[str, Any]] = {}
    for document in documents:
        prefix = os.path.relpath(str(document["root"]), root)
        for entry in document.get(key, ()):
            path = entry["path"] if prefix == "." else f"{prefix}/{entry['path']}"
            moved = _moved(entry, path)
            known[json.dumps(moved, sort_keys=True)] = moved
    return sorted(known.values(), key=lambda e: (e["path"], e["line"], e.get("column", 0)))


def _moved(entry: Document, path: str) -> dict[str, Any]:
    """A finding or a file that was not looked into, under another path."""
    moved = {**entry, "path": path}
    if "fingerprint" in moved:
        identity = Identity(path, moved["code"], moved["statement"], moved["ordinal"])
        moved["fingerprint"] = identity.fingerprint
    return moved


def _summary(findings: Sequence[Document], documents: Sequence[Document]) -> dict[str, Any]:
    summary: dict[str, Any] = {
        "findings": len(findings),
        "files": len({finding["path"] for finding in findings}),
    }
    for key, field in _COUNTS.items():
        names = dict.fromkeys(name for document in documents for name in document["summary"][key])
        counts = Counter(finding[field] for finding in findings)
        summary[key] = {name: counts[name] for name in names}
    summary["files_seen"] = sum(document["summary"]["files_seen"] for document in documents)
    return summary

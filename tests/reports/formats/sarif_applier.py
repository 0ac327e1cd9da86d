"""Applies the fixes of a SARIF log to a tree, by the specification alone."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

Object = dict[str, Any]


def apply_fixes(log: Object, root: Path) -> set[str]:
    """Applies every fix once; gives the URIs of the files that were changed."""
    (run,) = log["runs"]
    encodings = {a["location"]["uri"]: a["encoding"] for a in run["artifacts"]}
    wanted: dict[str, list[Object]] = {}
    for result in run["results"]:
        for fix in result.get("fixes", ()):
            for change in fix["artifactChanges"]:
                assert change["artifactLocation"]["uriBaseId"] == "%SRCROOT%"
                known = wanted.setdefault(change["artifactLocation"]["uri"], [])
                known += [r for r in change["replacements"] if r not in known]
    for uri, replacements in wanted.items():
        path = root / unquote_to_bytes(uri).decode(errors="surrogateescape")
        encoding = encodings.get(uri, "utf-8")
        lines = re.compile("|".join(map(re.escape, run["newlineSequences"])))
        path.write_bytes(replaced(path.read_bytes(), replacements, encoding, lines))
    return set(wanted)


def replaced(
    data: bytes, replacements: list[Object], encoding: str, newline: re.Pattern[str]
) -> bytes:
    """A file's bytes after replacements, of text (in code points) or of bytes."""
    if any("byteOffset" in r["deletedRegion"] for r in replacements):
        (replacement,) = replacements
        start = replacement["deletedRegion"]["byteOffset"]
        end = start + replacement["deletedRegion"]["byteLength"]
        return data[:start] + base64.b64decode(_content(replacement, "binary")) + data[end:]
    text = data.decode(encoding)
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    text = text.removeprefix(mark)
    starts = [0, *(match.end() for match in newline.finditer(text))]
    pieces, cursor = [], 0
    for start, end, new in sorted(_span(replacement, starts) for replacement in replacements):
        assert cursor <= start <= end <= len(text)
        pieces += [text[cursor:start], new]
        cursor = end
    return (mark + "".join([*pieces, text[cursor:]])).encode(encoding)


def _span(replacement: Object, starts: list[int]) -> tuple[int, int, str]:
    region = replacement["deletedRegion"]
    start = starts[region["startLine"] - 1] + region["startColumn"] - 1
    end = starts[region["endLine"] - 1] + region["endColumn"] - 1
    return start, end, _content(replacement, "text")


def _content(replacement: Object, kind: str) -> str:
    return str(replacement["insertedContent"][kind])

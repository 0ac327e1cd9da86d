"""Copies of the packaged manager in bots: which release one is, or that it was edited."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from importlib.resources import files

MANAGER_MARKER = b"# nonce-migrate: consolidated nonce manager"
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_VERSION = re.compile(rb'^__version__ = "([^"]+)"', re.M)


class Standing(Enum):
    """What a file at the target is, beside the packaged manager.

    NEWER: of a version above the packaged one, so this tool knows nothing of it. EDITED: it bears
    the marker, and is none of the releases. FOREIGN: it does not bear the marker.
    """

    CURRENT = auto()
    OUTDATED = auto()
    NEWER = auto()
    EDITED = auto()
    FOREIGN = auto()


@dataclass(frozen=True, slots=True)
class Release:
    """A version of the manager that was shipped, with the SHA-256 of its bytes in hexadecimal."""

    version: str
    sha256: str


@cache
def releases() -> tuple[Release, ...]:
    """Every release, oldest first; the last one is the packaged manager."""
    import tomllib

    text = files("nonce_migrate.vendored").joinpath("releases.toml").read_text("utf-8")
    return tuple(Release(**row) for row in tomllib.loads(text)["release"])


def packaged_manager() -> bytes:
    """The manager as this package ships it."""
    folder = files("nonce_migrate.vendored")
    return folder.joinpath("consolidated_nonce_manager.py").read_bytes()


def manager_version(data: bytes) -> str:
    """The version that a copy of the manager names, "" where it names none."""
    match = _VERSION.search(data)
    return match.group(1).decode(errors="replace") if match else ""


def is_manager(data: bytes) -> bool:
    """Whether a file is a copy of our manager, by its marker."""
    return MANAGER_MARKER in b"\n".join(data[:1000].splitlines()[:5])


def standing(data: bytes, known: Sequence[Release]) -> Standing:
    """What a file is, beside the known releases (oldest first). A checkout with CRLF is no edit."""
    if not is_manager(data):
        return Standing.FOREIGN
    digest = fingerprint(data)
    for release in known:
        if release.sha256 == digest:
            return Standing.CURRENT if release is known[-1] else Standing.OUTDATED
    newest = _numbers(known[-1].version)
    return Standing.NEWER if _numbers(manager_version(data)) > newest else Standing.EDITED


def lacking(data: bytes) -> tuple[str, ...]:
    """The public names and methods of the packaged manager that a copy does not have, sorted."""
    return tuple(sorted(_offered(packaged_manager()) - _offered(data)))


def _offered(data: bytes) -> frozenset[str]:
    """`function`, `Class` and `Class.method`, as a module defines them; nothing if it is torn."""
    try:
        body = ast.parse(data).body
    except (SyntaxError, ValueError):
        return frozenset()
    defined = [(node.name, node) for node in body if isinstance(node, _DEFINITIONS)]
    for owner, node in tuple(defined):
        inner = (item for item in node.body if isinstance(item, _DEFINITIONS))
        if isinstance(node, ast.ClassDef):
            defined += [(f"{owner}.{item.name}", item) for item in inner]
    return frozenset(name for name, _ in defined if not re.search(r"(^|\.)_", name))


def fingerprint(data: bytes) -> str:
    """The SHA-256 of a copy with the line ends that releases have."""
    import hashlib

    return hashlib.sha256(data.replace(b"\r\n", b"\n")).hexdigest()


def _numbers(version: str) -> tuple[int, ...]:
    """`4.0.0` as (4, 0, 0); nothing where it is none of that form."""
    parts = version.split(".")
    return tuple(int(part) for part in parts) if all(p.isdecimal() for p in parts) else ()

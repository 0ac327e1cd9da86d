"""Makes folders of files for the tests."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def make(root: Path, files: Mapping[str, str]) -> Path:
    """Writes files (path -> text) below root, with the folders they need; gives root."""
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8", newline="")
    return root


def make_empty(root: Path, *paths: str) -> Path:
    """Makes empty files below root; gives root."""
    return make(root, dict.fromkeys(paths, ""))

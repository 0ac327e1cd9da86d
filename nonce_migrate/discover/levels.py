"""Reads the ignore rules that hold in a folder, from the files that git would read."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from nonce_migrate.discover.ignore import Level, read_rules
from nonce_migrate.errors import ProjectError

# The weakest first: what a .gitignore says wins over the repository's private list.
IGNORE_FILES = (".git/info/exclude", ".gitignore")


def level_of_file(file: str, *, cut: int = 0) -> Level:
    """The rules of an ignore file (cut: see Level); none where it is no plain file.

    Raises OSError where it cannot be read.
    """
    try:
        if not stat.S_ISREG(os.lstat(file).st_mode):
            return Level(())
    except (FileNotFoundError, NotADirectoryError):
        return Level(())
    text = Path(file).read_bytes().decode(errors="surrogateescape")
    return Level(read_rules(text)[0], cut)


def level_of_patterns(patterns: Sequence[str]) -> Level:
    """The rules that the user gave. Raises ProjectError where one is no pattern."""
    rules, wrong = read_rules("\n".join(patterns))
    if wrong:
        names = ", ".join(repr(pattern) for pattern in wrong)
        raise ProjectError(f"not an exclude pattern: {names}; use the syntax of .gitignore")
    return Level(rules)


def levels_above(root: Path) -> Iterator[Level]:
    """The rules of the git repository that a folder lies in, from the folders above it.

    Rules that hide the folder itself are passed over: it was asked for.
    """
    above: list[Path] = []
    for folder in (root, *root.parents):
        above.append(folder)
        if os.path.lexists(folder / ".git"):
            break
    else:
        return
    for folder in reversed(above[1:]):
        way = root.relative_to(folder).as_posix()
        for name in IGNORE_FILES:
            try:
                level = level_of_file(f"{folder}/{name}")
            except OSError:
                continue
            yield Level(level.sparing(way).rules, prefix=f"{way}/")


def folders_above(folder: str) -> tuple[str, ...]:
    """`""`, `a` and `a/b` for `a/b/c`; nothing for `""`."""
    parts = folder.split("/") if folder else []
    return tuple("/".join(parts[:count]) for count in range(len(parts)))


def is_named(level: Level, path: str) -> bool:
    """Whether the rules hide a file, or a folder that it lies in. path: relative to the start."""
    folders = filter(None, folders_above(path))
    is_folder_named = any(level.verdict(folder, is_folder=True) for folder in folders)
    return is_folder_named or level.verdict(path, is_folder=False) is True

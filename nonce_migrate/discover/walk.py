"""Lists the files of a project that are looked at, without what git or the user leaves out."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from nonce_migrate.discover.ignore import Level, is_ignored
from nonce_migrate.discover.levels import (
    IGNORE_FILES,
    folders_above,
    level_of_file,
    level_of_patterns,
    levels_above,
)
from nonce_migrate.documents.kinds import DocumentKind, kind_of
from nonce_migrate.errors import ProjectError
from nonce_migrate.model import Unreadable

_PYTHON = frozenset((DocumentKind.PYTHON,))

SKIPPED_FOLDERS = frozenset(
    {
        ".git",
        ".hg",
        ".svn",
        "__pycache__",
        "node_modules",
        "site-packages",
        ".venv",
        "venv",
        ".tox",
        ".nox",
        ".eggs",
        ".mypy_cache",
        ".ruff_cache",
        ".pytest_cache",
        ".ipynb_checkpoints",
        ".nonce-migrate",
    }
)

_SUBMODULE = "a git submodule or worktree: scan it as a project of its own"
_LINK_OUT = "a symbolic link out of the project: scan what it points to as a project of its own"


class Walk(NamedTuple):
    """What a walk found; all paths are relative to its root, with `/`.

    files: those of the kinds asked for, sorted. unreadable: what could not be looked into, sorted.
    """

    files: tuple[str, ...]
    unreadable: tuple[Unreadable, ...]


def walk(
    root: Path,
    exclude: Sequence[str],
    *,
    asked: Sequence[str] = (),
    kinds: frozenset[DocumentKind] = _PYTHON,
    take: Callable[[Sequence[str]], None] | None = None,
) -> Walk:
    """The files below an absolute folder that are looked at.

    kinds: what is looked at, told by the names of files. exclude: patterns in the syntax of
    .gitignore, relative to root, that win over ignore files.
    asked: files and folders, relative to root with `/`, that the user named: like the root itself,
    they are looked at even where an ignore rule hides them. take: is called with the files of each
    folder as soon as they are known.

    Left out are what .gitignore files (of every level, and of the repository above root) and
    .git/info/exclude hide, SKIPPED_FOLDERS, virtual environments and submodules. Symbolic links
    are never followed: what they point to inside root is found at its own place.

    Raises ProjectError where an exclude pattern is none, or root cannot be listed.
    """
    walker = _Walker(
        str(root),
        os.path.realpath(root),
        tuple(levels_above(root)),
        level_of_patterns(exclude),
        kinds,
        take or _ignored,
    )
    walker.folder("")
    if "" not in walker.seen:
        name = str(root).encode(errors="backslashreplace").decode()
        raise ProjectError(f"{name}: {min(walker.unreadable).reason}")
    for path in asked:
        walker.asked(path.strip("/"))
    return Walk(tuple(sorted(walker.files)), tuple(sorted(walker.unreadable)))


@dataclass(slots=True, eq=False, repr=False)
class _Walker:
    """The state of one walk. above and exclude: the weakest and the strongest ignore rules."""

    root: str
    real_root: str
    above: tuple[Level, ...]
    exclude: Level
    kinds: frozenset[DocumentKind]
    take: Callable[[Sequence[str]], None]
    files: set[str] = field(default_factory=set)
    unreadable: set[Unreadable] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)
    own_levels: dict[str, tuple[Level, ...]] = field(default_factory=dict)
    takes_python: bool = field(init=False)

    def __post_init__(self) -> None:
        self.takes_python = DocumentKind.PYTHON in self.kinds

    def asked(self, path: str) -> None:
        """Adds a file or folder that the walk from the root may have left out."""
        full = Path(self.root, path)
        if full.is_file() and kind_of(path) in self.kinds:
            self._add([path])
        elif full.is_dir() and path not in self.seen:
            self.folder(path)

    def folder(self, start: str) -> None:
        """Adds what lies below a folder, whatever hides the folder itself."""
        inherited = [*self.above]
        for folder in folders_above(start):
            inherited.extend(self._own_levels(folder))
        exclude = self.exclude.sparing(start)
        pending = [(start, tuple(level.sparing(start) for level in inherited))]
        while pending:
            path, levels = pending.pop()
            entries = self._entries(path)
            if entries is None or (path != start and self._stands_apart(path, entries)):
                continue
            self.seen.add(path)
            if ".gitignore" in entries or ".git" in entries:
                levels = (*levels, *self._own_levels(path))
            own = (*levels, exclude) if exclude.rules else levels
            folders = self._sort(path, entries, own)
            for folder in folders:
                pending.append((folder, levels))

    def _entries(self, path: str) -> dict[str, os.DirEntry[str]] | None:
        try:
            with os.scandir(f"{self.root}/{path}") as entries:
                return {entry.name: entry for entry in entries}
        except OSError as error:
            self._leave(path, f"the folder cannot be listed: {error.strerror}")
            return None

    def _stands_apart(self, path: str, entries: Mapping[str, os.DirEntry[str]]) -> bool:
        """Whether a folder is no part of the project: a virtual environment or a submodule."""
        if "pyvenv.cfg" in entries:
            return True
        if ".git" in entries and entries[".git"].is_file(follow_symlinks=False):
            self._leave(path, _SUBMODULE)
            return True
        return False

    def _own_levels(self, path: str) -> tuple[Level, ...]:
        """The ignore rules that a folder brings along, the weakest first."""
        if path not in self.own_levels:
            prefix = f"{path}/" if path else ""
            levels = []
            for name in IGNORE_FILES:
                try:
                    file = f"{self.root}/{prefix}{name}"
                    levels.append(level_of_file(file, cut=len(prefix)))
                except OSError as error:
                    self._leave(prefix + name, f"its rules are not followed: {error.strerror}")
            self.own_levels[path] = tuple(level for level in levels if level.rules)
        return self.own_levels[path]

    def _sort(
        self, path: str, entries: Mapping[str, os.DirEntry[str]], levels: Sequence[Level]
    ) -> list[str]:
        """Adds the files among a folder's entries; gives the folders to go into."""
        files, folders = [], []
        prefix = f"{path}/" if path else ""
        on_files = [level for level in levels if level.may_name_files]
        for name, entry in entries.items():
            if entry.is_file(follow_symlinks=False):
                child = prefix + name
                if self._is_wanted(name) and not (
                    on_files and is_ignored(on_files, child, is_folder=False)
                ):
                    files.append(child)
            elif name not in SKIPPED_FOLDERS:
                child = prefix + name
                is_folder = entry.is_dir(follow_symlinks=False)
                if is_ignored(levels, child, is_folder=is_folder):
                    continue
                if is_folder:
                    folders.append(child)
                elif entry.is_symlink() and self._leads_out(entry):
                    self._leave(child, _LINK_OUT)
        self._add(files)
        return folders

    def _is_wanted(self, name: str) -> bool:
        if name.endswith(".py"):  # most of what is asked for
            return self.takes_python
        return kind_of(name) in self.kinds

    def _add(self, files: Sequence[str]) -> None:
        if not self.files.isdisjoint(files):
            files = [file for file in files if file not in self.files]
        self.files.update(files)
        self.take(files)

    def _leads_out(self, link: os.DirEntry[str]) -> bool:
        """Whether a link stands for code that lies outside the root."""
        try:
            mode = link.stat().st_mode
            real = os.path.realpath(link.path)
        except OSError:
            return False  # It leads nowhere, or to itself.
        is_code = stat.S_ISREG(mode) and kind_of(link.name) is DocumentKind.PYTHON
        inside = (real + os.sep).startswith(self.real_root.rstrip(os.sep) + os.sep)
        return (is_code or stat.S_ISDIR(mode)) and not inside

    def _leave(self, path: str, reason: str) -> None:
        self.unreadable.add(Unreadable(path, 0, reason))


def _ignored(files: Sequence[str]) -> None:
    """For those who wait until the walk is over."""

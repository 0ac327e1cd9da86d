"""Which file a module name means, from which place.

A module is identified by its path relative to the project root: `src/utils/x.py` for a file,
`src/utils` for a package with or without `__init__.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from nonce_migrate.profile.schema import Profile, System


class Found(NamedTuple):
    """Where an import leads. directory: the folder that the dotted name was looked up from.

    level: dots of a relative import, 0 for an absolute one. parts: the dotted name without dots
    in front. others: further modules of the same name, where the search was a guess.
    """

    module: str
    directory: str
    parts: tuple[str, ...]
    level: int = 0
    others: tuple[str, ...] = ()


class ModuleIndex:
    """The modules of a project, known by their paths alone."""

    def __init__(self, files: Iterable[str], profile: Profile) -> None:
        listed = tuple(files)  # gone through in its order, which is much quicker than a set's
        self.files = frozenset(listed)
        self.profile = profile
        self.folders = frozenset(_folders(listed))
        self.bases = self._find_bases(listed)
        self.legacy: dict[str, System] = {}
        for base in self.bases:
            for system in profile.systems:
                path = _join(base, system.module.replace(".", "/"))
                self.legacy[path if path in self.folders else f"{path}.py"] = system
        self.targets = frozenset(self.target_path(base) for base in self.bases)
        self.stubs = dict(self._find_stubs(listed))
        self.stems = frozenset(PurePosixPath(path).stem for path in self.legacy)
        self._absolute: dict[tuple[str, tuple[str, ...], tuple[str, ...]], Found | None] = {}
        self._roots: dict[str, tuple[str, ...]] = {}

    def _find_bases(self, files: Sequence[str]) -> tuple[str, ...]:
        """Folders that hold a legacy module (or the target) at its place; "" is the root.

        Where the target is the project's own and stands beside the legacy module in one folder,
        a folder with such a module alone holds another one of that name: there is nothing for
        its importers to move to.
        """
        modules = [system.module for system in self.profile.systems]
        target, *holders = self._holders(files, [self.profile.target, *modules])
        bases = set(target)
        for found in holders:
            bases |= (found if self.profile.vendor else found & target) or found
        return tuple(sorted(bases)) or ("",)

    def _holders(self, files: Sequence[str], modules: Sequence[str]) -> list[set[str]]:
        """For each module the folders under which it stands at its dotted path."""
        paths = [module.replace(".", "/") for module in modules]
        tails = [(f"/{path}.py", f"/{path}/__init__.py") for path in paths]
        any_tail = tuple(tail[1:] for pair in tails for tail in pair)
        found: list[set[str]] = [set() for _ in modules]
        for path in files:
            if path.endswith(any_tail):
                rooted = f"/{path}"
                for folders, pair in zip(found, tails, strict=True):
                    folders.update(rooted[1 : -len(t)] for t in pair if rooted.endswith(t))
        return found

    def _find_stubs(self, files: Sequence[str]) -> Iterator[tuple[str, System]]:
        """The stubs of legacy modules, beside them or in a folder of stubs."""
        stubs = [path for path in files if path.endswith(".pyi")]
        for system in self.profile.systems:
            tail = f"{system.module.replace('.', '/')}.pyi"
            for path in stubs:
                if path == tail or path.endswith("/" + tail):
                    yield path, system

    def base_of(self, path: str) -> str:
        """The base that a file belongs to: the nearest one around it, else the first."""
        around = [b for b in self.bases if not b or path.startswith(b + "/")]
        return max(around, key=len) if around else self.bases[0]

    def target_path(self, base: str) -> str:
        """Path of the target module under a base."""
        return _join(base, self.profile.target.replace(".", "/") + ".py")

    def at(self, directory: str, parts: Sequence[str]) -> str | None:
        """The module that the dotted `parts` mean when looked up in `directory`."""
        path = _join(directory, "/".join(parts)) if parts else directory
        if f"{path}/__init__.py" in self.files:
            return path
        for file in (f"{path}.py", f"{path}.pyi"):
            if file in self.files or file in self.legacy or file in self.targets:
                return file
        return path if path in self.folders or path in self.legacy else None

    def source_file(self, module: str) -> str | None:
        """The file with a module's code, None for a package without `__init__.py`."""
        file = module if module.endswith((".py", ".pyi")) else f"{module}/__init__.py"
        return file if file in self.files else None

    def roots(self, importer: str) -> tuple[str, ...]:
        """Folders that absolute imports of a file are looked up in, most likely first."""
        folder = importer.rpartition("/")[0]  # all that counts of it
        if folder not in self._roots:
            self._roots[folder] = self._find_roots(importer)
        return self._roots[folder]

    def _find_roots(self, importer: str) -> tuple[str, ...]:
        base = self.base_of(importer)
        places = [_join(base, root) for root in self.profile.roots]
        return tuple(dict.fromkeys([*places, base, ""]))

    def absolute(self, importer: str, parts: Sequence[str], hints: Sequence[str]) -> Found | None:
        """Resolves an absolute import. hints: folders that the file itself puts on `sys.path`."""
        own = importer.rpartition("/")[0]
        question = own, tuple(parts), tuple(hints)
        if question not in self._absolute:
            self._absolute[question] = self._find(importer, parts, hints)
        return self._absolute[question]

    def _find(self, importer: str, parts: Sequence[str], hints: Sequence[str]) -> Found | None:
        own = importer.rpartition("/")[0]
        for directory in dict.fromkeys([*hints, *self.roots(importer), own]):
            module = self.at(directory, parts)
            if module is not None:
                return Found(module, directory, tuple(parts))
        return self._by_suffix(parts)

    def _by_suffix(self, parts: Sequence[str]) -> Found | None:
        """A legacy module by the end of its path, for scripts whose `sys.path` is not known."""
        tail = "/" + "/".join(parts) + ".py"
        hits = sorted(p for p in self.legacy if p.endswith(tail) and p in self.files)
        if not hits:
            return None
        twins = sorted(p for p in self.files if p.endswith(tail) and p not in hits)
        directory = hits[0][: -len(tail)]
        return Found(hits[0], directory, tuple(parts), others=(*hits[1:], *twins))

    def relative(self, importer: str, level: int, parts: Sequence[str]) -> Found | None:
        """Resolves a relative import by folders, whether or not they have an `__init__.py`."""
        folders = PurePosixPath(importer).parent.parts
        if level - 1 > len(folders):
            return None
        directory = "/".join(folders[: len(folders) - (level - 1)])
        module = self.at(directory, parts)
        return None if module is None else Found(module, directory, tuple(parts), level)


def _join(folder: str, path: str) -> str:
    if path in ("", "."):
        return folder
    return f"{folder}/{path}" if folder else path


def _folders(files: Iterable[str]) -> set[str]:
    folders: set[str] = {""}
    for folder in {file.rpartition("/")[0] for file in files}:
        while folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    return folders

"""Finds the imports of a project that bring something legacy, by the outlines of its modules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from pathlib import PurePosixPath

from nonce_migrate.discover import Prefilter, Sweep, Swept
from nonce_migrate.engine.following import Follower
from nonce_migrate.engine.handing import Handing, handed_on_by_import
from nonce_migrate.engine.tree import Tree
from nonce_migrate.model import Unreadable
from nonce_migrate.profile.schema import Profile
from nonce_migrate.resolve.modules import ModuleIndex
from nonce_migrate.resolve.outline import ImportedName, Outline, OutlinedModule
from nonce_migrate.resolve.project import Project
from nonce_migrate.source import Source, decode


class ImportSearch(Follower[OutlinedModule]):
    """What an import brings is resolved only where it can be something legacy.

    That takes a name that a module hands on, or the name of a legacy module, or of the target
    (which may be a module of the project's own): nothing else leads to one.
    """

    def __init__(
        self,
        python: Iterable[str],
        profile: Profile,
        tree: Tree,
        sweep: Sweep[Outline | Unreadable],
    ) -> None:
        """python: all Python files of the project. sweep: has searched for the modules' stems."""
        super().__init__(sweep, profile.module_stems)
        index = ModuleIndex(python, profile)
        self._tree = tree
        self._stems = index.stems | {PurePosixPath(path).stem for path in index.targets}
        self._has_packages = not all(path.endswith(".py") for path in index.legacy)
        self._own = own_files(index)
        self._outlines: dict[str, Outline] = {}
        self.project = Project(profile, index, self._load)

    def take(self, found: Swept[Outline | Unreadable]) -> list[OutlinedModule]:
        """Adds the outlines that the search has brought."""
        self.unreadable += (item for item in found.unreadable if item.path not in self._own)
        fresh = []
        for path, outline in found.hits:
            if path in self._own:
                continue
            if isinstance(outline, Unreadable):
                self.unreadable.append(outline)
                continue
            self._outlines[path] = outline
            self.modules[path] = OutlinedModule(outline, self.can_bring)
            fresh.append(self.modules[path])
        return fresh

    def handed_on(self, module: OutlinedModule) -> Handing:
        """What a module hands on by its imports."""
        return handed_on_by_import(self.project, module)

    def taking(self, words: Set[str], known: Sequence[OutlinedModule]) -> list[OutlinedModule]:
        """Those that may hand on something of that name themselves."""
        return [
            module
            for module in known
            if any(n.is_global and n.name in words for n in self._outlines[module.path].names)
        ]

    def can_bring(self, name: ImportedName) -> bool:
        """Whether an import can bring something legacy, by what is known so far."""
        if not name.is_from:
            return name.name.rpartition(".")[2] in self._stems
        if name.name == "*" or name.name in self.words or name.name in self._stems:
            return True
        if not name.module:
            return self._has_packages
        return name.module.rpartition(".")[2] in self._stems

    def _load(self, path: str) -> Source | None:
        """A file that an import leads to; None where it cannot hand on anything legacy."""
        index = self.project.index
        if path not in self._own and path not in self.modules:
            return None  # It was searched.
        try:
            data = self._tree.read(path)
        except OSError:
            return None
        if path in index.stubs and not Prefilter(self.words).may_refer(data):
            return None
        return decode(path, data)


def own_files(index: ModuleIndex) -> frozenset[str]:
    """The legacy modules, their stubs and the target, whose own imports are no findings."""
    return index.targets | frozenset(index.legacy) | frozenset(index.stubs)

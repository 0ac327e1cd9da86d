"""Outlines some files of a project, and looks at others only where those import from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nonce_migrate.engine.import_search import own_files
from nonce_migrate.engine.outlining import outline
from nonce_migrate.engine.tree import Tree
from nonce_migrate.model import Unreadable
from nonce_migrate.profile.schema import Profile
from nonce_migrate.resolve.modules import ModuleIndex
from nonce_migrate.resolve.outline import ImportedName, OutlinedModule
from nonce_migrate.resolve.project import Project
from nonce_migrate.source import Source, decode


@dataclass(frozen=True, slots=True)
class Given:
    """The modules among the given files, and what could not be looked into."""

    project: Project
    modules: tuple[OutlinedModule, ...]
    unreadable: tuple[Unreadable, ...]


def given_modules(
    profile: Profile, tree: Tree, python: Iterable[str], given: Sequence[str]
) -> Given:
    """The outlines of the given files. python: all Python files of the project."""
    index = ModuleIndex(python, profile)
    own = own_files(index)

    def load(path: str) -> Source | None:
        try:
            return decode(path, tree.read(path))
        except OSError:
            return None

    modules: list[OutlinedModule] = []
    unreadable: list[Unreadable] = []
    for path in given:
        if path in own:
            continue
        try:
            found = outline(path, tree.read(path))
        except OSError as error:
            found = Unreadable(path, 0, error.strerror or str(error))
        if isinstance(found, Unreadable):
            unreadable.append(found)
        else:
            modules.append(OutlinedModule(found, _may_be_anything))
    return Given(Project(profile, index, load), tuple(modules), tuple(unreadable))


def _may_be_anything(name: ImportedName) -> bool:
    """Nothing was searched, so that it is not known under which names things are handed on."""
    return True

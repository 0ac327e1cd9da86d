"""Finds and parses the files of a project that can refer to a legacy system."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from nonce_migrate.discover import Prefilter, walk
from nonce_migrate.engine.options import Options, Progress
from nonce_migrate.model import Unreadable
from nonce_migrate.profile.schema import Profile
from nonce_migrate.resolve.inference import Inference
from nonce_migrate.resolve.modules import ModuleIndex
from nonce_migrate.resolve.project import ModuleTarget, ParsedModule, Project, SymbolTarget
from nonce_migrate.resolve.scopes import BindingKind
from nonce_migrate.source import Source, UnparsableError, decode

_STAR = re.compile(rb"\bimport\s*\(?\s*\*")


class Tree:
    """The bytes of a project's files, with some replaced by what a plan would write."""

    def __init__(self, root: Path, overlay: Mapping[str, bytes] | None = None) -> None:
        self.root = root
        self.overlay = overlay or {}

    def read(self, path: str) -> bytes:
        """A file's bytes. Raises OSError."""
        if path in self.overlay:
            return self.overlay[path]
        with open(os.path.join(self.root, path), "rb") as file:  # noqa: PTH118, PTH123
            return file.read()


@dataclass(frozen=True)
class Gathered:
    """A project with the modules that matter, and what could not be looked into."""

    project: Project
    modules: tuple[ParsedModule, ...]
    unreadable: tuple[Unreadable, ...]
    files: tuple[str, ...]


def gather(options: Options, tree: Tree, progress: Progress | None = None) -> Gathered:
    """Walks, filters and parses. A file that cannot be parsed is listed and left out."""
    profile = options.profile
    asked = [p.relative_to(options.root).as_posix() for p in options.paths if p != options.root]
    walked = walk(options.root, (*profile.exclude, *options.exclude), asked=asked)
    files = tuple(sorted({*walked.files, *tree.overlay}))
    index = ModuleIndex(files, profile)
    search = _Search(index, profile, tree)
    own = {index.target_path(base) for base in index.bases} | set(index.legacy)
    search.first_pass([file for file in files if file not in own], progress)
    search.later_passes()
    covered = [u for u in walked.unreadable if options.covers(u.path)]
    unreadable = [*covered, *(u for u in search.unreadable if options.covers(u.path))]
    modules = tuple(search.modules[path] for path in sorted(search.modules))
    return Gathered(search.project, modules, tuple(sorted(unreadable)), files)


class _Search:
    """Widens the words it looks for until no file is left that could matter."""

    def __init__(self, index: ModuleIndex, profile: Profile, tree: Tree) -> None:
        self.tree = tree
        self.words = set(profile.words)
        self.prefilter = Prefilter(self.words)
        self.project = Project(profile, index, self.load)
        self.modules: dict[str, ParsedModule] = {}
        self.rest: list[str] = []
        self.unreadable: list[Unreadable] = []

    def load(self, path: str) -> Source | None:
        """A file that an import leads to; None where it cannot hand on anything legacy."""
        try:
            data = self.tree.read(path)
        except OSError:
            return None
        if path not in self.project.index.legacy and not self.may_matter(data):
            return None
        return decode(path, data)

    def may_matter(self, data: bytes) -> bool:
        return self.prefilter.may_refer(data) or _STAR.search(data) is not None

    def first_pass(self, files: list[str], progress: Progress | None) -> None:
        for done, path in enumerate(files, start=1):
            self.look(path)
            if progress is not None:
                progress(done, len(files))

    def look(self, path: str) -> None:
        try:
            data = self.tree.read(path)
            if not self.may_matter(data):
                self.rest.append(path)
                return
            module = ParsedModule(decode(path, data))
            self.modules[path] = module
            self.project.adopt(module)
        except UnparsableError as error:
            self.unreadable.append(Unreadable(path, error.line, error.reason))
        except OSError as error:
            self.unreadable.append(Unreadable(path, 0, error.strerror or str(error)))

    def later_passes(self) -> None:
        """Looks for the aliases and attributes under which legacy things are handed on."""
        fresh: Iterable[ParsedModule] = tuple(self.modules.values())
        while fresh and self.rest:
            new = {word for module in fresh for word in _handed_on(self.project, module)}
            new -= self.words
            if not new:
                return
            self.words |= new
            self.prefilter = Prefilter(new)
            waiting, self.rest = self.rest, []
            before = set(self.modules)
            for path in waiting:
                self.look(path)
            self.project.forget_misses()
            fresh = tuple(m for path, m in self.modules.items() if path not in before)


def _handed_on(project: Project, module: ParsedModule) -> set[str]:
    """The names and attributes of a module that can carry something legacy elsewhere."""
    words: set[str] = set()
    for name, bindings in module.names.module.bindings.items():
        for binding in bindings:
            if binding.kind is BindingKind.IMPORT and _is_legacy(
                project, project.imported(module, binding)
            ):
                words.add(name)
    for star in project.stars(module):
        system = project.index.legacy.get(star.module)
        if system is not None:
            words |= set(system.symbols) | project.defined_names(star.module)
    inference = Inference(project, module)
    for name in module.names.module.bindings:
        if inference.name(name, module.names.module).instances:
            words.add(name)
    words |= {name for name, value in inference.attributes.stored() if value.instances}
    words |= {function.name for function, _ in inference.calls.returning()}
    return words


def _is_legacy(project: Project, target: object) -> bool:
    if isinstance(target, ModuleTarget):
        return target.module in project.index.legacy
    return isinstance(target, SymbolTarget)

"""Finds and parses the files of a project that can refer to a legacy system."""

from __future__ import annotations

import ast
import os
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from nonce_migrate.discover import Prefilter, Query, Sweep, Swept, Walk, read_file, walk
from nonce_migrate.documents import CODE, Document, DocumentKind, kind_of, read_document
from nonce_migrate.engine.options import Options, Progress
from nonce_migrate.engine.reading import read_code
from nonce_migrate.model import Code, Unreadable
from nonce_migrate.profile.schema import Profile
from nonce_migrate.resolve.modules import ModuleIndex
from nonce_migrate.resolve.project import ParsedModule, Project
from nonce_migrate.resolve.scopes import Binding
from nonce_migrate.rules.facts import CarrierKind
from nonce_migrate.rules.imports import find_brought
from nonce_migrate.source import Source, UnparsableError, decode

if TYPE_CHECKING:
    from nonce_migrate.resolve.program import Program

_MOST_BYTES = 2 << 20


class Tree:
    """The bytes of a project's files, with some replaced by what a plan would write."""

    def __init__(self, root: Path, overlay: Mapping[str, bytes] | None = None) -> None:
        self.root = root
        self.overlay = overlay or {}

    def read(self, path: str) -> bytes:
        """A file's bytes. Raises OSError."""
        if path in self.overlay:
            return self.overlay[path]
        return read_file(str(self.root), path)

    def is_small(self, path: str) -> bool:
        """Whether a file has a size at which it can name modules; above that it is data."""
        if path in self.overlay:
            return True
        try:
            return os.stat(f"{self.root}/{path}").st_size <= _MOST_BYTES  # noqa: PTH116
        except OSError:
            return True  # reading it tells what is wrong


@dataclass(frozen=True)
class Gathered:
    """A project with the modules that matter, and what could not be looked into.

    modules: Python files, and notebooks under their own path. blocks: the Python of Markdown
    pages, under paths of their own. documents: by their path. pieces: for the path of a notebook
    or of blocks, its document and the number of the piece there. mentions: modules that only
    speak of a nonce. program: what was inferred of the modules; None for imports alone.
    """

    project: Project
    modules: tuple[ParsedModule, ...]
    blocks: tuple[ParsedModule, ...]
    documents: Mapping[str, Document]
    pieces: Mapping[str, tuple[Document, int]]
    unreadable: tuple[Unreadable, ...]
    files: tuple[str, ...]
    mentions: tuple[ParsedModule, ...] = ()
    program: Program | None = None

    def module(self, path: str) -> ParsedModule:
        """The module or blocks of that path."""
        return self._by_path[path]

    @cached_property
    def _by_path(self) -> Mapping[str, ParsedModule]:
        return {m.path: m for m in (*self.mentions, *self.modules, *self.blocks)}

    def file_of(self, path: str) -> str:
        """The file that a module or block stands in."""
        return self.pieces[path][0].path if path in self.pieces else path


@dataclass(frozen=True, slots=True)
class Handing:
    """What a module hands on: under which words, and whether by `import *` too."""

    words: set[str]
    is_source: bool


Handed = Callable[[Project, ParsedModule], Handing]


def gather(
    options: Options,
    tree: Tree,
    progress: Progress | None = None,
    words: frozenset[str] | None = None,
) -> Gathered:
    """Walks, filters and parses. A file that cannot be parsed is listed and left out.

    words: what to look for first, None for all that the profile tells of.
    """
    if words is None:
        moved = options.profile.target.rpartition(".")[2]  # patches reach what has moved before
        words = options.profile.words | {moved}
    return _gather(options, tree, _handed_on_by_text, progress, words, follows_objects=True)


def gather_imports(options: Options, tree: Tree, progress: Progress | None = None) -> Gathered:
    """The same for those who ask for imports only: what objects are kept in is not followed.

    Only code is looked at, whatever else the options name.
    """
    options = replace(options, kinds=options.kinds & CODE)
    return _gather(options, tree, _handed_on_by_import, progress, options.profile.words)


def walked(options: Options) -> Walk:
    """The files of the project, and of what was asked for besides."""
    asked = [p.relative_to(options.root).as_posix() for p in options.paths if p != options.root]
    exclude = (*options.profile.exclude, *options.exclude)
    return walk(options.root, exclude, asked=asked, kinds=options.kinds)


def _gather(
    options: Options,
    tree: Tree,
    handed_on: Handed,
    progress: Progress | None,
    words: frozenset[str],
    *,
    follows_objects: bool = False,
) -> Gathered:
    profile = replace(options.profile, shims=options.profile.shims and options.shims)
    found = walked(options)
    files = tuple(sorted({*found.files, *tree.overlay}))
    kinds = {file: kind_of(file) or DocumentKind.PYTHON for file in files}
    index = ModuleIndex((f for f in files if kinds[f] is DocumentKind.PYTHON), profile)
    own = {index.target_path(base) for base in index.bases} | set(index.legacy) | set(index.stubs)
    code = [file for file in files if kinds[file] in CODE and file not in own]
    with Sweep(options.root, code, tree.overlay, options.jobs) as sweep:
        search = _Search(index, profile, tree, sweep, handed_on, words)
        search.run(_state_files(options), progress)
        program = search.follow_objects() if follows_objects else None
        mentions = search.mentioning(_mentions(options))
    documents = [file for file in files if kinds[file] not in CODE and tree.is_small(file)]
    with Sweep(options.root, documents, tree.overlay, options.jobs) as sweep:
        search.read_documents(sweep, _state_files(options))
    covered = [u for u in found.unreadable if options.covers(u.path)]
    unreadable = [*covered, *(u for u in search.unreadable if options.covers(u.path))]
    return Gathered(
        project=search.project,
        modules=tuple(search.modules[path] for path in sorted(search.modules)),
        blocks=tuple(search.blocks),
        documents=search.documents,
        pieces=search.pieces,
        unreadable=tuple(sorted(unreadable)),
        files=files,
        mentions=mentions,
        program=program,
    )


def _state_files(options: Options) -> frozenset[str]:
    """The state files whose writers are looked for; none where only code counts."""
    systems = options.profile.systems if DocumentKind.TEXT in options.kinds else ()
    return frozenset(name for system in systems for name in system.state_files)


def _mentions(options: Options) -> frozenset[str]:
    """What a file must speak of that could make a nonce without a manager."""
    rogue = options.profile.rogue
    if rogue is None or Code.ROGUE_NONCE not in options.codes:
        return frozenset()
    return frozenset((*rogue.names, *rogue.functions))


class _Search:
    """Widens the words it looks for until no file is left that could matter."""

    def __init__(
        self,
        index: ModuleIndex,
        profile: Profile,
        tree: Tree,
        sweep: Sweep,
        handed_on: Handed,
        words: frozenset[str],
    ) -> None:
        self.handed_on = handed_on
        self.tree = tree
        self.sweep = sweep
        self.words = set(words)
        self.prefilter = Prefilter(self.words)
        self.stars: set[str] = set()
        self.project = Project(profile, index, self.load)
        self.modules: dict[str, ParsedModule] = {}
        self.blocks: list[ParsedModule] = []
        self.documents: dict[str, Document] = {}
        self.pieces: dict[str, tuple[Document, int]] = {}
        self.unreadable: list[Unreadable] = []

    def widen(self, words: Set[str]) -> None:
        """Takes more words among those that may stand for something legacy."""
        self.words |= words
        self.prefilter = Prefilter(self.words)

    def load(self, path: str) -> Source | None:
        """A file that an import leads to; None where it cannot hand on anything legacy."""
        try:
            data = self.tree.read(path)
        except OSError:
            return None
        index = self.project.index
        is_known = path in index.legacy or path in index.targets
        if not is_known and not self.prefilter.may_refer(data):
            return None  # One that only hands on by a star is found when its source is known.
        return decode(path, data)

    def run(self, state_files: frozenset[str], progress: Progress | None) -> None:
        """Parses what may hold a legacy name, then what may hold what that hands on.

        state_files: those whose writers are parsed too.
        """
        query = Query(frozenset(self.words), state_files=state_files)
        self.follow_imports(self.parse(self.sweep.find(query), progress))

    def follow_imports(self, fresh: Sequence[ParsedModule]) -> None:
        """Parses what may hold a name that modules which were just parsed hand on."""
        while fresh and self.sweep.rest:
            words: set[str] = set()
            stars: set[str] = set()
            for module in fresh:
                handed = self.handed_on(self.project, module)
                words |= handed.words
                if handed.is_source:
                    stars.update(_star_names(module.path))
            query = Query(frozenset(words - self.words), frozenset(stars - self.stars))
            if not query.words and not query.stars:
                return
            self.widen(words)
            self.stars |= stars
            known = tuple(self.modules.values())
            fresh = self.parse(self.sweep.find(query), None)
            self.project.forget_misses()
            fresh = [*fresh, *self.importing(fresh, known)]

    def follow_objects(self) -> Program:
        """Parses what may hold an object that came from a legacy module, by whatever name.

        Gives what was inferred when nothing was left to read.
        """
        from nonce_migrate.resolve.handing import handing_words
        from nonce_migrate.resolve.program import infer

        while True:
            modules = [self.modules[path] for path in sorted(self.modules)]
            program = infer(self.project, modules, frozenset(self.words))
            new = handing_words(program)
            if not new:
                program = program.next_round()
                new = handing_words(program)
            if not new:
                return program
            self.widen(new)
            stars = {n for m in modules for n in _star_names(m.path)} - self.stars
            self.stars |= stars
            fresh = self.parse(self.sweep.find(Query(new, frozenset(stars))), None)
            self.project.forget_misses()
            self.follow_imports([*fresh, *self.importing(fresh, modules)])

    def importing(
        self, fresh: Sequence[ParsedModule], known: Sequence[ParsedModule]
    ) -> list[ParsedModule]:
        """The modules that import from one that was not known when they were looked at."""
        new = {module.path for module in fresh}
        return [module for module in known if new and any(self.sources(module, new))]

    def sources(self, module: ParsedModule, among: Set[str]) -> Iterator[str]:
        """The files among those given that a module imports names from."""
        for node in module.imports:
            found = self.project.locate(module, node) if isinstance(node, ast.ImportFrom) else None
            file = self.project.index.source_file(found.module) if found else None
            if file is not None and file in among:
                yield file

    def parse(self, found: Swept, progress: Progress | None) -> list[ParsedModule]:
        parsed = self.parsed(found, progress)
        for module in parsed:
            self.modules[module.path] = module
            self.project.adopt(module)
        return parsed

    def mentioning(self, names: frozenset[str]) -> tuple[ParsedModule, ...]:
        """The other files that hold one of some names; the project does not know them."""
        found = self.sweep.find(Query(mentions=names)) if names else Swept((), ())
        return tuple(self.parsed(found, None))

    def parsed(self, found: Swept, progress: Progress | None) -> list[ParsedModule]:
        self.unreadable += found.unreadable
        parsed: list[ParsedModule] = []
        for done, path in enumerate(found.hits, start=1):
            try:
                module = self.read(path)
            except UnparsableError as error:
                self.unreadable.append(Unreadable(path, error.line, error.reason))
            except OSError as error:
                self.unreadable.append(Unreadable(path, 0, error.strerror or str(error)))
            else:
                if module is not None:
                    parsed.append(module)
            if progress is not None:
                progress(done, len(found.hits))
        return parsed

    def read(self, path: str) -> ParsedModule | None:
        """A file's code; None for a notebook without any. Raises UnparsableError, OSError."""
        code = read_code(path, self.tree.read(path))
        if code.document is not None:
            self.documents[path] = code.document
            self.pieces[path] = code.document, 0
        return code.module

    def read_documents(self, sweep: Sweep, state_files: frozenset[str]) -> None:
        """Reads what is no code; all words that legacy things go by are known then."""
        found = sweep.find(Query(frozenset(self.words), state_files=state_files))
        self.unreadable += found.unreadable
        prefilter = Prefilter(self.words)
        for path in found.hits:
            kind = kind_of(path)
            assert kind is not None
            try:
                document = read_document(path, kind, self.tree.read(path))
            except OSError as error:
                self.unreadable.append(Unreadable(path, 0, error.strerror or str(error)))
                continue
            self.documents[path] = document
            for number, piece in enumerate(document.pieces):
                if prefilter.may_refer(piece.source.text.encode()):
                    self.blocks.append(ParsedModule(piece.source))
                    self.pieces[piece.source.path] = document, number


def _star_names(path: str) -> tuple[str, ...]:
    """What may stand between the last dot and `import *` for a module ("" for a package)."""
    folder, _, name = path.rpartition("/")
    stem = name.rpartition(".")[0]
    return (folder.rpartition("/")[2], "") if stem == "__init__" else (stem,)


def _handed_on_by_import(project: Project, module: ParsedModule) -> Handing:
    """The names under which a module hands on what it has imported from a legacy one."""
    words: set[str] = set()
    for node in module.global_imports:
        for alias in node.names:
            brought = find_brought(project, module, node, alias)
            if brought is not None and brought.kind is not CarrierKind.STAR:
                words.add(alias.asname or alias.name.partition(".")[0])
    for star in project.stars(module):
        system = project.index.legacy.get(star.module)
        if system is not None:
            words |= set(system.symbols) | project.defined_names(star.module)
    return Handing(words, bool(words))


def _handed_on_by_text(project: Project, module: ParsedModule) -> Handing:
    """The same, with what texts that name a legacy module bring."""
    words = _handed_on_by_import(project, module).words
    for name, bindings in module.names.module.bindings.items():
        if any(_is_table(project, binding) for binding in bindings):
            words.add(name)
    return Handing(words, bool(words) or _names_legacy_modules(project, module))


def _names_legacy_modules(project: Project, module: ParsedModule) -> bool:
    """Whether a module has a text that may be the name of a legacy module, and look it up."""
    return any(_is_legacy_text(project, node.value) for node, _ in module.names.strings)


def _is_legacy_text(project: Project, text: object) -> bool:
    """Whether a text ends like the dotted name of a legacy module."""
    is_short = isinstance(text, str) and len(text) < 200
    return is_short and str(text).rpartition(".")[2] in project.index.stems


def _is_table(project: Project, binding: Binding) -> bool:
    """Whether a name is bound to a table with strings that name a legacy module."""
    table = binding.value
    if not isinstance(table, ast.Tuple | ast.List | ast.Dict | ast.Set):
        return False
    texts = (node.value for node in ast.walk(table) if isinstance(node, ast.Constant))
    return any(_is_legacy_text(project, text) for text in texts)

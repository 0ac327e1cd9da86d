"""Widens the words that files are searched for until none is left that could matter."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence, Set
from typing import TYPE_CHECKING

from nonce_migrate.discover import Prefilter, Query, Sweep, Swept
from nonce_migrate.documents import Document, kind_of, read_document
from nonce_migrate.engine.handing import Handed, star_names
from nonce_migrate.engine.options import Progress
from nonce_migrate.engine.reading import read_code
from nonce_migrate.engine.tree import Tree
from nonce_migrate.model import Unreadable
from nonce_migrate.profile.schema import Profile
from nonce_migrate.resolve.modules import ModuleIndex
from nonce_migrate.resolve.project import ParsedModule, Project
from nonce_migrate.source import Source, UnparsableError, decode

if TYPE_CHECKING:
    from nonce_migrate.resolve.program import Program


class Search:
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
                    stars.update(star_names(module.path))
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
            stars = {n for m in modules for n in star_names(m.path)} - self.stars
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

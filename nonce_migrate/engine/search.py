"""Widens the words that files are searched for until none is left that could matter."""

from __future__ import annotations

from collections.abc import Set
from typing import TYPE_CHECKING

from nonce_migrate.discover import Prefilter, Query, Sweep, Swept
from nonce_migrate.documents.document import Document
from nonce_migrate.documents.kinds import kind_of
from nonce_migrate.documents.reading import read_document
from nonce_migrate.engine.following import Follower
from nonce_migrate.engine.handing import Handing, handed_on_by_text, star_names
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


class Search(Follower[ParsedModule]):
    """Widens the words it looks for until no file is left that could matter."""

    def __init__(
        self,
        index: ModuleIndex,
        profile: Profile,
        tree: Tree,
        sweep: Sweep[None],
        words: frozenset[str],
    ) -> None:
        super().__init__(sweep, words)
        self.tree = tree
        self.prefilter = Prefilter(self.words)
        self.project = Project(profile, index, self.load)
        self.blocks: list[ParsedModule] = []
        self.documents: dict[str, Document] = {}
        self.pieces: dict[str, tuple[Document, int]] = {}

    def widen(self, words: Set[str]) -> None:
        """Takes more words among those that may stand for something legacy."""
        super().widen(words)
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

    def run(self, progress: Progress | None) -> None:
        """Parses what may hold a legacy name, then what may hold what that hands on."""
        self.follow_imports(self.parse(self.sweep.first(), progress))

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
            fresh = self.take(self.sweep.find(Query(new, frozenset(stars))))
            self.project.forget_misses()
            self.follow_imports([*fresh, *self.importing(fresh, modules)])

    def take(self, found: Swept[None]) -> list[ParsedModule]:
        """Parses what was found."""
        return self.parse(found, None)

    def handed_on(self, module: ParsedModule) -> Handing:
        """What a module hands on by its imports, and by texts that name a legacy module."""
        return handed_on_by_text(self.project, module)

    def parse(self, found: Swept[None], progress: Progress | None) -> list[ParsedModule]:
        parsed = self.parsed(found, progress)
        for module in parsed:
            self.modules[module.path] = module
            self.project.adopt(module)
        return parsed

    def mentioning(self, names: frozenset[str]) -> tuple[ParsedModule, ...]:
        """The other files that hold one of some names; the project does not know them."""
        if not names:
            return ()
        return tuple(self.parsed(self.sweep.find(Query(mentions=names)), None))

    def parsed(self, found: Swept[None], progress: Progress | None) -> list[ParsedModule]:
        self.unreadable += found.unreadable
        parsed: list[ParsedModule] = []
        for done, (path, _) in enumerate(found.hits, start=1):
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

    def read_documents(self, found: Swept[None]) -> None:
        """Reads what is no code, found by all words that legacy things go by."""
        self.unreadable += found.unreadable
        prefilter = Prefilter(self.words)
        for path, _ in found.hits:
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

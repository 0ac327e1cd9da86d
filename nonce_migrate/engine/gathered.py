"""The modules and documents of a project that can refer to a legacy system."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from nonce_migrate.documents.document import Document
from nonce_migrate.model import Unreadable
from nonce_migrate.resolve.project import ParsedModule, Project

if TYPE_CHECKING:
    from nonce_migrate.resolve.program import Program


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

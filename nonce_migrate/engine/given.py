"""Parses some files of a project, and of the others only what those import from."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace

from nonce_migrate.documents import CODE, Document, DocumentKind, kind_of
from nonce_migrate.engine.gather import walked
from nonce_migrate.engine.gathered import Gathered
from nonce_migrate.engine.options import Options
from nonce_migrate.engine.reading import read_code
from nonce_migrate.engine.tree import Tree
from nonce_migrate.model import Unreadable
from nonce_migrate.resolve.modules import ModuleIndex
from nonce_migrate.resolve.project import ParsedModule, Project
from nonce_migrate.source import Source, UnparsableError, decode


def gather_given(options: Options, tree: Tree, given: Set[str]) -> Gathered:
    """The modules among the given files (relative to the root) that a walk finds too.

    Nothing is searched: it is for a few files, whose imports are then followed wherever they lead.
    """
    found = walked(replace(options, kinds=options.kinds & CODE))
    python = (file for file in found.files if kind_of(file) is DocumentKind.PYTHON)
    index = ModuleIndex(python, options.profile)
    own = {index.target_path(base) for base in index.bases} | set(index.legacy) | set(index.stubs)

    def load(path: str) -> Source | None:
        try:
            return decode(path, tree.read(path))
        except OSError:
            return None

    project = Project(options.profile, index, load)
    modules: list[ParsedModule] = []
    pieces: dict[str, tuple[Document, int]] = {}
    unreadable = [item for item in found.unreadable if item.path in given]
    for path in found.files:
        if path not in given or path in own:
            continue
        try:
            code = read_code(path, tree.read(path))
        except UnparsableError as error:
            unreadable.append(Unreadable(path, error.line, error.reason))
        except OSError as error:
            unreadable.append(Unreadable(path, 0, error.strerror or str(error)))
        else:
            if code.document is not None:
                pieces[path] = code.document, 0
            if code.module is not None:
                project.adopt(code.module)
                modules.append(code.module)
    documents = {path: document for path, (document, _) in pieces.items()}
    return Gathered(
        project, tuple(modules), (), documents, pieces, tuple(sorted(unreadable)), found.files
    )

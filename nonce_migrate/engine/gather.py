"""Finds and parses the files of a project that can refer to a legacy system."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nonce_migrate.accept.comments import MARK
from nonce_migrate.discover import Query, Sweep, nothing
from nonce_migrate.documents.kinds import CODE, DocumentKind, kind_of
from nonce_migrate.engine.gathered import Gathered
from nonce_migrate.engine.import_search import own_files
from nonce_migrate.engine.options import Options, Progress
from nonce_migrate.engine.search import Search
from nonce_migrate.engine.tree import Tree
from nonce_migrate.engine.walking import walked
from nonce_migrate.model import Code
from nonce_migrate.resolve.modules import ModuleIndex


def gather(
    options: Options,
    tree: Tree,
    progress: Progress | None = None,
    words: frozenset[str] | None = None,
) -> Gathered:
    """Walks, filters and parses. A file that cannot be parsed is listed and left out.

    words: what to look for first, None for all that the profile tells of, and for what comments
    that accept findings begin with.
    """
    if words is None:
        moved = options.profile.target.rpartition(".")[2]  # patches reach what has moved before
        words = options.profile.words | {moved, MARK}
    found = walked(options)
    files = tuple(sorted({*found.files, *tree.overlay}))
    kinds = {file: kind_of(file) or DocumentKind.PYTHON for file in files}
    profile = replace(options.profile, shims=options.profile.shims and options.shims)
    index = ModuleIndex((f for f in files if kinds[f] is DocumentKind.PYTHON), profile)
    own = own_files(index)
    code = [file for file in files if kinds[file] in CODE and file not in own]
    state_files = _state_files(options)
    with _sweep(options, tree, Query(words, state_files=state_files), code) as sweep:
        search = Search(index, profile, tree, sweep, words)
        search.run(progress)
        program = search.follow_objects()
        mentions = search.mentioning(_mentions(options))
    documents = [file for file in files if kinds[file] not in CODE and tree.is_small(file)]
    query = Query(frozenset(search.words), state_files=state_files)
    with _sweep(options, tree, query, documents) as sweep:
        search.read_documents(sweep.first())
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


def _sweep(options: Options, tree: Tree, query: Query, files: Sequence[str]) -> Sweep[None]:
    sweep = Sweep(options.root, query, nothing, overlay=tree.overlay, jobs=options.jobs)
    sweep.take(files)
    return sweep


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

"""Finds and parses the files of a project that can refer to a legacy system."""

from __future__ import annotations

from dataclasses import replace

from nonce_migrate.discover import Sweep, Walk, walk
from nonce_migrate.documents import CODE, DocumentKind, kind_of
from nonce_migrate.engine.gathered import Gathered
from nonce_migrate.engine.handing import Handed, handed_on_by_import, handed_on_by_text
from nonce_migrate.engine.options import Options, Progress
from nonce_migrate.engine.search import Search
from nonce_migrate.engine.tree import Tree
from nonce_migrate.model import Code
from nonce_migrate.resolve.modules import ModuleIndex


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
    return _gather(options, tree, handed_on_by_text, progress, words, follows_objects=True)


def gather_imports(options: Options, tree: Tree, progress: Progress | None = None) -> Gathered:
    """The same for those who ask for imports only: what objects are kept in is not followed.

    Only code is looked at, whatever else the options name.
    """
    options = replace(options, kinds=options.kinds & CODE)
    return _gather(options, tree, handed_on_by_import, progress, options.profile.words)


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
        search = Search(index, profile, tree, sweep, handed_on, words)
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

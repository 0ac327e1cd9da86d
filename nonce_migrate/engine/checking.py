"""`check`: the legacy imports of a project, at the cost of their import statements alone.

What becomes of an import takes a look at every use of it, over the whole project; that it is one
does not. The same resolver answers for both, so this finds the imports that `scan` lists.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from nonce_migrate.accept.comments import MARK
from nonce_migrate.accept.judge import Judgement, Text, judge, judge_files
from nonce_migrate.discover import Query, Sweep
from nonce_migrate.documents.kinds import CODE, DocumentKind, kind_of
from nonce_migrate.engine.absent import notes_on_absent
from nonce_migrate.engine.options import Options, Progress
from nonce_migrate.engine.tree import Tree
from nonce_migrate.engine.walking import walked
from nonce_migrate.model import Accepted, CheckResult, Code, Finding, LegacyImport, Unreadable
from nonce_migrate.profile.schema import Profile

if TYPE_CHECKING:
    from nonce_migrate.engine.import_search import ImportSearch
    from nonce_migrate.resolve.modules import ModuleIndex
    from nonce_migrate.resolve.outline import Outline, OutlinedModule
    from nonce_migrate.resolve.project import Project

_KNOWN = frozenset(code for code in Code if code.is_import)


def check_tree(options: Options, tree: Tree, progress: Progress | None = None) -> CheckResult:
    """Every legacy import of the paths asked for, outside the shims and the legacy modules."""
    options = replace(options, kinds=options.kinds & CODE)
    looked = _searched(options, tree, progress) if options.only is None else _given(options, tree)
    beside = judge_files(options.accepted, _upkeep(options, looked.modules, tree))
    codes = options.codes
    problems = (found for each in looked.judged for found in each.problems if found.code in codes)
    upkeep = sorted([*problems, *beside.kept])
    accepted = [a for each in looked.judged for a in each.accepted if a.finding.code in codes]
    accepted += [Accepted(a.finding.as_import, a.by, a.reason) for a in beside.accepted]
    return CheckResult(
        target=options.profile.target,
        imports=tuple(sorted(i for j in looked.judged for i in j.kept if i.code in codes)),
        unreadable=tuple(sorted(u for u in looked.unreadable if options.covers(u.path))),
        files_seen=_seen(options, looked.files),
        upkeep=tuple(f for f in upkeep if f.code not in options.warn),
        warnings=tuple(f for f in upkeep if f.code in options.warn),
        accepted=tuple(sorted(accepted)),
        notes=()
        if any(j.kept for j in looked.judged)
        else notes_on_absent(options.profile, looked.files),
    )


def _seen(options: Options, files: Sequence[str]) -> int:
    if options.covers_everything:
        return len(files)
    return sum(1 for path in files if options.covers(path))


class _Looked(NamedTuple):
    """The files looked at, what was found in each module that the run covers, and what is left out.

    modules: None where it is plain that none of them matters.
    """

    files: Sequence[str]
    judged: Sequence[Judgement[LegacyImport]]
    unreadable: Sequence[Unreadable]
    modules: ModuleIndex | None = None


def _searched(options: Options, tree: Tree, progress: Progress | None) -> _Looked:
    """Looks at all files; parses those whose bytes may name a legacy module, or a client of one."""
    query = Query(options.profile.module_stems | {MARK})
    with Sweep(options.root, query, _outline, overlay=tree.overlay, jobs=options.jobs) as sweep:
        found = walked(options, sweep.take)
        new = tree.overlay.keys() - set(found.files) if tree.overlay else ()
        sweep.take(sorted(new))
        files = (*found.files, *new)
        searching = cache(lambda: _import_search(options, tree, sweep, files))
        first = sweep.first(progress, on_hit=searching)
        if not (first.hits or first.unreadable or _has_place(options.profile, files)):
            return _Looked(files, (), found.unreadable)
        search = searching()
        search.follow_imports(search.take(first))
    return _Looked(
        files,
        _judged(options, search.project, search.modules.values()),
        (*found.unreadable, *search.unreadable),
        search.project.index,
    )


def _import_search(
    options: Options, tree: Tree, sweep: Sweep[Outline | Unreadable], files: Sequence[str]
) -> ImportSearch:
    from nonce_migrate.engine.import_search import ImportSearch

    return ImportSearch(_python(files), options.profile, tree, sweep)


def _has_place(profile: Profile, files: Iterable[str]) -> bool:
    """Whether a file may be the module that everything moves to, or a shim."""
    modules = (profile.target, *(system.module for system in profile.systems))
    paths = [module.replace(".", "/") for module in modules]
    ends = tuple(end for path in paths for end in (f"{path}.py", f"{path}/__init__.py"))
    return any(path.endswith(ends) for path in files)


def _upkeep(options: Options, index: ModuleIndex | None, tree: Tree) -> Sequence[Finding]:
    # It is about the target and the shims, which stand where the legacy modules stood.
    if index is None or not (
        index.targets & index.files or any(map(index.source_file, index.legacy))
    ):
        return ()
    from nonce_migrate.engine.upkeep import upkeep_findings

    return upkeep_findings(options, index, tree)


def _outline(path: str, data: bytes) -> Outline | Unreadable:
    from nonce_migrate.engine.outlining import outline

    return outline(path, data)


def _given(options: Options, tree: Tree) -> _Looked:
    """Looks at the files that the run is limited to, and follows their imports wherever they lead.

    Nothing is searched: it is for a few files.
    """
    from nonce_migrate.engine.given import given_modules

    assert options.only is not None
    found = walked(options)
    asked = [path for path in found.files if path in options.only]
    given = given_modules(options.profile, tree, _python(found.files), asked)
    unreadable = (item for item in found.unreadable if item.path in options.only)
    return _Looked(
        found.files,
        _judged(options, given.project, given.modules),
        (*unreadable, *given.unreadable),
        given.project.index,
    )


def _python(files: Sequence[str]) -> list[str]:
    return [p for p in files if p.endswith(".py") or kind_of(p) is DocumentKind.PYTHON]


def _judged(
    options: Options, project: Project, modules: Iterable[OutlinedModule]
) -> list[Judgement[LegacyImport]]:
    """The legacy imports of each module that the run covers. Of comments, those count that are for
    imports: of the rest nothing is known here.
    """
    return [
        judge(
            Text(module.path, module.path, module.comments),
            _legacy_imports(project, module),
            options.accepted,
            _KNOWN,
        )
        for module in modules
        if options.covers(module.path)
    ]


def _legacy_imports(project: Project, module: OutlinedModule) -> Iterator[LegacyImport]:
    from nonce_migrate.rules.brought import find_brought, reference_of

    for node in module.imports:
        for alias in node.names:
            brought = find_brought(project, module, node, alias)
            if brought is None:
                continue
            reference = reference_of(project, brought)
            yield LegacyImport(
                module.path,
                alias.lineno,
                alias.col_offset + 1,
                reference.code,
                reference.system,
                reference.symbol,
                reference.replacement,
                reference.step,
            )

"""`check`: the legacy imports of a project, at the cost of their import statements alone.

What becomes of an import takes a look at every use of it, over the whole project; that it is one
does not. The same resolver answers for both, so this finds the imports that `scan` lists.
"""

from __future__ import annotations

from collections.abc import Iterator

from nonce_migrate.engine.gather import gather_imports
from nonce_migrate.engine.gathered import Gathered
from nonce_migrate.engine.given import gather_given
from nonce_migrate.engine.options import Options, Progress
from nonce_migrate.engine.placing import place_of
from nonce_migrate.engine.tree import Tree
from nonce_migrate.engine.upkeep import upkeep_findings
from nonce_migrate.model import CheckResult, LegacyImport
from nonce_migrate.resolve.project import ParsedModule
from nonce_migrate.rules.imports import find_brought, reference_of


def check_tree(options: Options, tree: Tree, progress: Progress | None = None) -> CheckResult:
    """Every legacy import of the paths asked for, outside the shims and the legacy modules."""
    if options.only is None:
        gathered = gather_imports(options, tree, progress)
    else:
        gathered = gather_given(options, tree, options.only)
    imports = [
        found
        for module in gathered.modules
        if options.covers(module.path)
        for found in _imports(gathered, module)
        if found.code in options.codes
    ]
    upkeep = upkeep_findings(options, gathered, tree)
    return CheckResult(
        target=options.profile.target,
        imports=tuple(sorted(imports)),
        unreadable=gathered.unreadable,
        files_seen=_seen(options, gathered),
        upkeep=tuple(f for f in upkeep if f.code not in options.warn),
        warnings=tuple(f for f in upkeep if f.code in options.warn),
    )


def _seen(options: Options, gathered: Gathered) -> int:
    return sum(1 for path in gathered.files if options.covers(path))


def _imports(gathered: Gathered, module: ParsedModule) -> Iterator[LegacyImport]:
    project = gathered.project
    for node in module.imports:
        for alias in node.names:
            brought = find_brought(project, module, node, alias)
            if brought is None:
                continue
            reference = reference_of(project, brought)
            line = alias.lineno
            column = module.source.column(line, alias.col_offset)
            yield LegacyImport(
                module.path,
                *place_of(gathered, module.path, line, column),
                reference.code,
                reference.system,
                reference.symbol,
                reference.replacement,
                reference.step,
            )

"""What trails start from: the names that make legacy objects, and the modules of the project."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Set
from pathlib import PurePosixPath

from nonce_migrate.resolve.lookups import lookup_at, may_look_up
from nonce_migrate.resolve.project import ModuleTarget, ParsedModule, Project
from nonce_migrate.resolve.scopes import Scope
from nonce_migrate.resolve.trails import Start


def legacy_start(project: Project) -> Start:
    """The names of what makes a legacy object, or the new one in its place."""
    systems = project.profile.systems
    makers = {name for s in systems for name, symbol in s.symbols.items() if symbol.produces}
    giving = {member.name for s in systems for member in s.members if member.produces}
    return Start(
        words=sorted(makers | project.replacements),
        members=giving | {"get_instance"},
    )


def module_start(project: Project, modules: Iterable[ParsedModule]) -> Start:
    """The imports and lookups that give a module of the project."""
    stems = set(_stems(project))
    found = list(modules)
    return Start(
        words=(),
        found=[*_looked_up(project, found), *_brought(found, stems)],
        bound=list(_imported(project, found)),
        members=stems,
    )


def _stems(project: Project) -> Iterator[str]:
    """The last parts of the names of all modules and packages."""
    index = project.index
    for path in (*index.files, *index.folders, *index.legacy, *index.targets):
        yield PurePosixPath(path).stem


def _imported(
    project: Project, modules: Iterable[ParsedModule]
) -> Iterator[tuple[ParsedModule, Scope, str]]:
    for module in modules:
        bound = {
            (binding.scope, binding.name)
            for binding in module.names.imported
            if isinstance(project.imported(module, binding), ModuleTarget)
        }
        scopes = {scope for scope, _ in bound}
        for scope in module.names.scopes if bound else ():
            for name in scope.bindings if scope in scopes else ():
                if (scope, name) in bound:
                    yield module, scope, name


def _looked_up(
    project: Project, modules: Iterable[ParsedModule]
) -> Iterator[tuple[ParsedModule, ast.expr]]:
    for module in modules:
        for text, _ in module.names.strings if may_look_up(module) else ():
            node = module.names.parents.get(text)
            if isinstance(node, ast.keyword):
                node = module.names.parents.get(node)
            if isinstance(node, ast.Call | ast.Subscript) and lookup_at(project, module, node):
                yield module, node


def _brought(
    modules: Iterable[ParsedModule], stems: Set[str]
) -> Iterator[tuple[ParsedModule, ast.expr]]:
    """Names that a star import may have brought, and that are called like a module."""
    for module in modules:
        if module.names.star_bindings:
            for node, scope in module.names.loads:
                if node.id in stems and scope.lookup(node.id) is None:
                    yield module, node

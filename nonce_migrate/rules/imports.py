"""Finds the imports of a file that bring in a legacy name or module."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nonce_migrate.resolve.modules import Found
from nonce_migrate.resolve.project import ModuleTarget, ParsedModule, Project, SymbolTarget
from nonce_migrate.resolve.scopes import Binding, BindingKind, Scope
from nonce_migrate.rules.facts import Block, Carrier, CarrierKind


def find_carriers(project: Project, module: ParsedModule) -> list[Carrier]:
    """Every alias of an import that brings in something legacy, in the order of the text."""
    carriers: list[Carrier] = []
    bindings = _bindings_by_alias(module)
    for node, scope in module.names.imports:
        for index, alias in enumerate(node.names):
            binding = bindings.get(id(alias))
            carrier = _carrier(project, module, node, index, binding, scope)
            if carrier is not None:
                carriers.append(carrier)
    return carriers


def _bindings_by_alias(module: ParsedModule) -> dict[int, Binding]:
    return {
        id(binding.alias): binding
        for scope in module.names.scopes
        for bindings in scope.bindings.values()
        for binding in bindings
        if binding.kind is BindingKind.IMPORT
    }


def _carrier(
    project: Project,
    module: ParsedModule,
    node: ast.Import | ast.ImportFrom,
    index: int,
    binding: Binding | None,
    scope: Scope,
) -> Carrier | None:
    alias = node.names[index]
    if isinstance(node, ast.Import):
        found = project.locate_dotted(module, alias.name)
        if found is None or found.module not in project.index.legacy:
            return None
        target: SymbolTarget | ModuleTarget = ModuleTarget(found.module)
        kind, is_direct = CarrierKind.MODULE, True
    else:
        found = project.locate(module, node)
        if found is None:
            return None
        if alias.name == "*":
            return _star(project, module, node, alias, scope, found)
        member = project.member(found.module, alias.name)
        if member is None or _is_other_module(project, member):
            return None
        target = member
        kind = CarrierKind.NAME if isinstance(member, SymbolTarget) else CarrierKind.MODULE
        is_direct = _is_direct(project, found, member)
    home = binding.scope if binding else scope
    carrier = Carrier(module, kind, node, index, alias, home, target, found, is_direct, binding)
    if found.others:
        carrier.blocks.append(_ambiguous(found))
    return carrier


def _is_other_module(project: Project, target: SymbolTarget | ModuleTarget) -> bool:
    return isinstance(target, ModuleTarget) and target.module not in project.index.legacy


def _is_direct(project: Project, found: Found, target: SymbolTarget | ModuleTarget) -> bool:
    if isinstance(target, SymbolTarget):
        return found.module == target.home
    name = target.module.rpartition("/")[2].removesuffix(".py")
    return project.index.at(found.module, (name,)) == target.module


def _star(
    project: Project,
    module: ParsedModule,
    node: ast.ImportFrom,
    alias: ast.alias,
    scope: Scope,
    found: Found,
) -> Carrier | None:
    system = project.index.legacy.get(found.module)
    handed = next(handed_on(project, found.module), None)
    if system is None and handed is None:
        return None
    binding = module.names.star_bindings[node]
    target: SymbolTarget | ModuleTarget = ModuleTarget(found.module)
    carrier = Carrier(
        module, CarrierKind.STAR, node, 0, alias, scope, target, found, system is not None, binding
    )
    if found.others:
        carrier.blocks.append(_ambiguous(found))
    for name, symbol in handed_on(project, found.module):
        is_known = name in project.systems[symbol.system].symbols
        if is_known and name in module.names.module.bindings:
            carrier.blocks.append(_rebound(node, name))
    return carrier


def handed_on(project: Project, module: str) -> Iterator[tuple[str, SymbolTarget]]:
    """The legacy names that `from module import *` brings, with what they refer to."""
    system = project.index.legacy.get(module)
    if system is not None:
        names = sorted(set(system.symbols) | project.defined_names(module))
    else:
        names = sorted(_visible_names(project, module, frozenset()))
    for name in names:
        target = project.member(module, name)
        if isinstance(target, SymbolTarget) and project.is_handed_on(module, name):
            yield name, target


def _visible_names(project: Project, module: str, seen: frozenset[str]) -> set[str]:
    if module in seen:
        return set()
    names = set(project.defined_names(module))
    file = project.index.source_file(module)
    parsed = project.parsed(file) if file else None
    for star in project.stars(parsed) if parsed else ():
        system = project.index.legacy.get(star.module)
        names |= set(system.symbols) if system else set()
        names |= project.defined_names(star.module)
        names |= _visible_names(project, star.module, seen | {module})
    return names


def _rebound(node: ast.ImportFrom, name: str) -> Block:
    return Block(
        node.lineno,
        f"the star import also brings `{name}`, which the file binds itself: the order decides",
        "import the names that are needed one by one, then run apply again",
    )


def _ambiguous(found: Found) -> Block:
    name = ".".join(found.parts)
    return Block(
        0,
        f"`{name}` can be any of {', '.join((found.module, *found.others))}: "
        "which one depends on sys.path when it runs",
        f"import it by its full name instead of `{name}`, then run apply again",
    )

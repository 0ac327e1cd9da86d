"""Finds the imports of a file that bring in a legacy name or module."""

from __future__ import annotations

import ast

from nonce_migrate.resolve.modules import Found
from nonce_migrate.resolve.project import ParsedModule, Project
from nonce_migrate.resolve.scopes import Binding, Scope
from nonce_migrate.rules.brought import Brought, CarrierKind, find_brought, handed_on
from nonce_migrate.rules.facts import Block, Carrier


def find_carriers(project: Project, module: ParsedModule) -> list[Carrier]:
    """Every alias of an import that brings in something legacy, in the order of the text."""
    carriers: list[Carrier] = []
    bindings = _bindings_by_alias(module)
    for node, scope in module.names.imports:
        for index, alias in enumerate(node.names):
            brought = find_brought(project, module, node, alias)
            if brought is not None:
                binding = bindings.get(id(alias), module.names.star_bindings.get(node))
                carriers.append(_carrier(project, module, node, index, brought, binding, scope))
    return carriers


def _bindings_by_alias(module: ParsedModule) -> dict[int, Binding]:
    return {id(binding.alias): binding for binding in module.names.imported}


def _carrier(
    project: Project,
    module: ParsedModule,
    node: ast.Import | ast.ImportFrom,
    index: int,
    brought: Brought,
    binding: Binding | None,
    scope: Scope,
) -> Carrier:
    carrier = Carrier(
        module,
        brought.kind,
        node,
        index,
        node.names[index],
        binding.scope if binding else scope,
        brought.target,
        brought.found,
        brought.is_direct,
        binding,
    )
    if brought.found.others:
        carrier.blocks.append(ambiguous(brought.found))
    if brought.kind is CarrierKind.STAR:
        assert isinstance(node, ast.ImportFrom)
        for name, symbol in handed_on(project, brought.found.module):
            is_known = name in project.systems[symbol.system].symbols
            if is_known and name in module.names.module.bindings:
                carrier.blocks.append(_rebound(node, name))
    return carrier


def _rebound(node: ast.ImportFrom, name: str) -> Block:
    return Block(
        node.lineno,
        f"the star import also brings `{name}`, which the file binds itself: the order decides",
        "import the names that are needed one by one, then run apply again",
    )


def ambiguous(found: Found) -> Block:
    """Why a name that several files may have is not moved."""
    name = ".".join(found.parts)
    return Block(
        0,
        f"`{name}` can be any of {', '.join((found.module, *found.others))}: "
        "which one depends on sys.path when it runs",
        f"import it by its full name instead of `{name}`, then run apply again",
    )

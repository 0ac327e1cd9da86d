"""Finds the imports of a file that bring in a legacy name or module."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from nonce_migrate.model import Code
from nonce_migrate.profile.schema import ShimKind
from nonce_migrate.resolve.modules import Found
from nonce_migrate.resolve.project import ModuleTarget, ParsedModule, Project, SymbolTarget
from nonce_migrate.resolve.scopes import Binding, BindingKind, Scope
from nonce_migrate.rules.facts import Block, Carrier, CarrierKind


@dataclass(frozen=True, slots=True)
class Brought:
    """What one alias of an import statement brings into a file.

    target: for a star, the module that it is of. is_direct: the statement names the legacy module
    itself, not one that re-exports from it.
    """

    kind: CarrierKind
    target: SymbolTarget | ModuleTarget
    found: Found
    is_direct: bool


def find_brought(
    project: Project, module: ParsedModule, node: ast.Import | ast.ImportFrom, alias: ast.alias
) -> Brought | None:
    """Tells what an alias brings in, where that is something legacy."""
    if isinstance(node, ast.Import):
        found = project.locate_dotted(module, alias.name)
        if found is None or found.module not in project.index.legacy:
            return None
        return Brought(CarrierKind.MODULE, ModuleTarget(found.module), found, True)
    found = project.locate(module, node)
    if found is None:
        return None
    if alias.name == "*":
        is_direct = found.module in project.index.legacy
        if not is_direct and next(handed_on(project, found.module), None) is None:
            return None
        return Brought(CarrierKind.STAR, ModuleTarget(found.module), found, is_direct)
    member = project.member(found.module, alias.name)
    if member is None or _is_other_module(project, member):
        return None
    kind = CarrierKind.NAME if isinstance(member, SymbolTarget) else CarrierKind.MODULE
    return Brought(kind, member, found, _is_direct(project, found, member))


@dataclass(frozen=True, slots=True)
class Reference:
    """How a finding names what is brought in. replacement and step: see LegacyImport."""

    code: Code
    system: str
    symbol: str
    replacement: str = ""
    step: str = ""


def reference_of(project: Project, brought: Brought) -> Reference:
    """What an import refers to, by the profile alone."""
    target = brought.target
    if isinstance(target, SymbolTarget):
        system = project.systems[target.system]
        known = system.symbol(target.name)
        new = known.becomes.target if known is not None and known.becomes is not None else ""
        code = Code.IMPORT_NAME if brought.is_direct else Code.IMPORT_REEXPORT
        step = known.step if known is not None and not new else ""
        return Reference(code, target.system, target.name, new, step)
    is_star = brought.kind is CarrierKind.STAR
    code = Code.IMPORT_STAR if is_star else Code.IMPORT_MODULE
    legacy = project.index.legacy.get(target.module)
    if legacy is not None:
        module = "" if legacy.shim is ShimKind.INERT else project.profile.target
        return Reference(code, legacy.name, legacy.module, module)
    first = next(symbol for _, symbol in handed_on(project, target.module))
    return Reference(code, first.system, ".".join(brought.found.parts) or ".")


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


def _is_other_module(project: Project, target: SymbolTarget | ModuleTarget) -> bool:
    return isinstance(target, ModuleTarget) and target.module not in project.index.legacy


def _is_direct(project: Project, found: Found, target: SymbolTarget | ModuleTarget) -> bool:
    if isinstance(target, SymbolTarget):
        return found.module == target.home
    name = target.module.rpartition("/")[2].removesuffix(".py")
    return project.index.at(found.module, (name,)) == target.module


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


def ambiguous(found: Found) -> Block:
    """Why a name that several files may have is not moved."""
    name = ".".join(found.parts)
    return Block(
        0,
        f"`{name}` can be any of {', '.join((found.module, *found.others))}: "
        "which one depends on sys.path when it runs",
        f"import it by its full name instead of `{name}`, then run apply again",
    )

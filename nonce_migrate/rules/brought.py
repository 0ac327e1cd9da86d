"""What the names of an import statement bring into a file, where that is something legacy."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from enum import Enum, auto
from typing import NamedTuple

from nonce_migrate.model import Code
from nonce_migrate.profile.schema import ShimKind
from nonce_migrate.resolve.modules import Found
from nonce_migrate.resolve.project import Importer, ModuleTarget, Project, SymbolTarget


class CarrierKind(Enum):
    """What an import brings into a file. LOOKUP: a module that is taken by its text."""

    NAME = auto()
    MODULE = auto()
    STAR = auto()
    LOOKUP = auto()


class Brought(NamedTuple):
    """What one alias of an import statement brings into a file.

    target: for a star, the module that it is of. is_direct: the statement names the legacy module
    itself, not one that re-exports from it.
    """

    kind: CarrierKind
    target: SymbolTarget | ModuleTarget
    found: Found
    is_direct: bool


def find_brought(
    project: Project, module: Importer, node: ast.Import | ast.ImportFrom, alias: ast.alias
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


class Reference(NamedTuple):
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

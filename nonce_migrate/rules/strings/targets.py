"""What a string that names a legacy module or name becomes, and when that is proven."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from nonce_migrate.model import Safety
from nonce_migrate.profile.schema import ShimKind
from nonce_migrate.resolve.lookups import lookup_at
from nonce_migrate.resolve.project import ModuleTarget, Project, SymbolTarget
from nonce_migrate.rules.facts import Block, Carrier, TextReference, TextRole
from nonce_migrate.rules.naming import Naming
from nonce_migrate.rules.strings.holding import bringing, targets_of


@dataclass(frozen=True, slots=True)
class NewText:
    """new: the string afterwards. block: why it is not written, or the guess that it rests on."""

    new: str
    block: Block | None = None


def new_text(project: Project, naming: Naming, text: TextReference) -> NewText:
    """Decides for one string."""
    if text.role is TextRole.CODE:
        return NewText("", text.block)
    if text.role is TextRole.CONSUMER:
        return NewText(_of_consumer(naming, text), text.block)
    inert = _inert_step(project, text)
    line = text.node.lineno
    if inert:
        return NewText("", Block(line, "it names a script that would undo the migration", inert))
    new = renamed(project, text)
    if new is None and text.block is not None:
        return NewText("", replace(text.block, level=Safety.MANUAL))
    if new is None:
        reason = "what it names has no counterpart at the target"
        step = "take the reference out, or keep it on the shim knowingly"
        return NewText("", Block(line, reason, step))
    stays = None
    if text.role is TextRole.PATCH:
        stays = _patched(naming, text, new)
    elif text.role is TextRole.LOADED:
        stays = _still_loaded(naming, text)
    if stays is not None and stays.level is Safety.MANUAL:
        return NewText(new, stays)
    if text.block is not None:
        step = text.block.step.replace("{new}", repr(new))
        return NewText(new, replace(text.block, step=step))
    if text.carrier is not None:
        return NewText(new, _stay(naming, text.carrier))
    return NewText(new, stays)


def _of_consumer(naming: Naming, text: TextReference) -> str:
    """The consumer's name, as the consumer has it then; the rest of the text stays."""
    old = str(text.node.value)
    if not isinstance(text.target, SymbolTarget):
        return old
    rest = old.removeprefix(text.prefix).lstrip(".") if text.prefix else old
    name, dot, tail = rest.partition(".")
    new = naming.exported(text.consumer, name, text.target)
    return f"{text.prefix}{'.' if text.prefix else ''}{new}{dot}{tail}"


def _stay(naming: Naming, carrier: Carrier) -> Block | None:
    """Why the module that a string looks up stays the legacy one."""
    return naming.fates.stays.get(carrier)


def _inert_step(project: Project, text: TextReference) -> str:
    """What to do about a string that names a system whose shim does nothing; "" for others."""
    if project.index.legacy[home_of(text)].shim is ShimKind.INERT:
        return "take the use out: the shim in its place does nothing but warn"
    return ""


def home_of(text: TextReference) -> str:
    """The legacy module that a string refers to."""
    return text.target.module if isinstance(text.target, ModuleTarget) else text.target.home


def _patched(naming: Naming, text: TextReference, new: str) -> Block | None:
    """A patch must replace the name where the code looks it up from now on."""
    target = text.target
    assert isinstance(target, SymbolTarget)
    for carrier in bringing(naming.files.values(), target, *text.seen_by):
        if carrier in naming.fates.stays:
            where = f"{carrier.module.path}:{carrier.alias.lineno}"
            return Block(
                text.node.lineno,
                f"{where} still looks the name up in the legacy module",
                f"settle that import first, then write {new!r} here",
                naming.fates.stays[carrier].level,
            )
    return None


def _still_loaded(naming: Naming, text: TextReference) -> Block | None:
    """What sys.modules is asked for must be what the program loads."""
    target = ModuleTarget(home_of(text))
    for facts in naming.files.values():
        for carrier in facts.carriers:
            stays = naming.fates.stays.get(carrier)
            if stays is not None and not carrier.needs_another and target in targets_of(carrier):
                where = f"{facts.module.path}:{carrier.alias.lineno}"
                reason = f"{where} still loads the legacy module"
                step = "settle that import first, then run apply again"
                return Block(text.node.lineno, reason, step, stays.level)
    return None


def renamed(project: Project, text: TextReference) -> str | None:
    """The text at the target, from the same root as before; None where there is none."""
    target = text.target
    if text.carrier is not None and text.prefix.startswith("."):
        return _relative(project, text.carrier)
    if isinstance(target, SymbolTarget):
        symbol = project.systems[target.system].symbol(target.name)
        if symbol is None or symbol.becomes is None:
            return None
        if not text.prefix:
            return symbol.becomes.target
    module = new_module(project, home_of(text), text.prefix)
    if module is None or isinstance(target, ModuleTarget):
        return module
    assert symbol is not None and symbol.becomes is not None
    rest = str(text.node.value).removeprefix(text.prefix)
    tail = rest[1:].partition(".")[2]
    return f"{module}{rest[0]}{symbol.becomes.target}{'.' if tail else ''}{tail}"


def new_module(project: Project, home: str, prefix: str) -> str | None:
    """The dotted name of the target, counted from where a legacy module's name is counted."""
    system = project.index.legacy[home]
    depth = len(system.module.split(".")) - len(prefix.split("."))
    parts = project.profile.target.split(".")
    cut = system.module.split(".")[:depth]
    if depth < 0 or parts[:depth] != cut:
        return None
    return ".".join(parts[depth:])


def _relative(project: Project, carrier: Carrier) -> str | None:
    """A relative name of the target, from the package that the old one counts from."""
    node = carrier.node
    lookup = lookup_at(project, carrier.module, node) if isinstance(node, ast.expr) else None
    base = project.index.base_of(carrier.found.module)
    target = PurePosixPath(project.index.target_path(base)).with_suffix("").parts
    here = PurePosixPath(lookup.package).parts if lookup and lookup.package else ()
    common = 0
    while common < min(len(here), len(target) - 1) and here[common] == target[common]:
        common += 1
    if not common:
        return None
    return "." * (len(here) - common + 1) + ".".join(target[common:])

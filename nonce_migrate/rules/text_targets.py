"""What a string that names a legacy module or symbol becomes, and when that is proven."""

from __future__ import annotations

from dataclasses import dataclass

from nonce_migrate.model import Code
from nonce_migrate.profile.schema import ShimKind
from nonce_migrate.resolve.project import ModuleTarget, Project, SymbolTarget
from nonce_migrate.rules.facts import Block, TextReference
from nonce_migrate.rules.naming import Naming


@dataclass(frozen=True, slots=True)
class NewText:
    """new: the string afterwards. block: why it is left to a person."""

    new: str
    block: Block | None = None


def new_text(project: Project, naming: Naming, text: TextReference) -> NewText:
    """Decides for one string."""
    line, old = text.node.lineno, str(text.node.value)
    if text.code is Code.CODE_IN_STRING:
        return NewText("", _code_block(project, text))
    if text.consumer:
        # The consumer keeps that name by an alias, so the string stays right.
        return NewText(old)
    inert = _inert_step(project, text)
    if inert:
        return NewText("", Block(line, "it names a script that would undo the migration", inert))
    new = _renamed(project, naming, text, old)
    if new is None:
        return NewText(
            "",
            Block(
                line,
                "what it names has no counterpart at the target",
                "take the reference out, or keep it on the shim knowingly",
            ),
        )
    if not text.is_resolved:
        return NewText(
            "",
            Block(
                line,
                "it is data here: what looks it up cannot be seen",
                f"write {new!r} where the string is used to look up the module or name",
            ),
        )
    if isinstance(text.target, ModuleTarget):
        return NewText(
            "",
            Block(
                line,
                "what is taken from the module by this string cannot be seen",
                f"write {new!r} and the new names with it",
            ),
        )
    return _patched(naming, text, new)


def _inert_step(project: Project, text: TextReference) -> str:
    """What to do about a string that names a system whose shim does nothing; "" for others."""
    target = text.target
    home = target.module if isinstance(target, ModuleTarget) else target.home
    if project.index.legacy[home].shim is ShimKind.INERT:
        return "take the use out: the shim in its place does nothing but warn"
    return ""


def _patched(naming: Naming, text: TextReference, new: str) -> NewText:
    """A patch must replace the name where the code looks it up from now on."""
    target = text.target
    assert isinstance(target, SymbolTarget)
    if text.is_doubled:
        return NewText(
            "",
            Block(
                text.node.lineno,
                f"another patch here would replace {new} too, and hide this one",
                "make one patch of them by hand",
            ),
        )
    for facts in naming.files.values():
        for carrier in facts.carriers:
            if carrier.target == target and carrier in naming.fates.stays:
                where = f"{facts.module.path}:{carrier.alias.lineno}"
                return NewText(
                    "",
                    Block(
                        text.node.lineno,
                        f"{where} still looks the name up in the legacy module",
                        f"settle that import first, then write {new!r} here",
                    ),
                )
    return NewText(new)


def _renamed(project: Project, naming: Naming, text: TextReference, old: str) -> str | None:
    """The dotted text at the target: from the same root as before."""
    target = text.target
    home = target.module if isinstance(target, ModuleTarget) else target.home
    system = project.index.legacy[home]
    depth = len(system.module.split(".")) - len(text.prefix.split("."))
    parts = project.profile.target.split(".")
    cut = system.module.split(".")[:depth]
    if depth < 0 or parts[:depth] != cut:
        return None
    module = ".".join(parts[depth:])
    if isinstance(target, ModuleTarget):
        return module
    symbol = naming.symbol(target)
    if symbol is None or symbol.becomes is None:
        return None
    rest = old.removeprefix(text.prefix + ".").split(".")
    return ".".join([module, symbol.becomes.target, *rest[1:]])


def _code_block(project: Project, text: TextReference) -> Block:
    return Block(
        text.node.lineno,
        "the string holds code that imports a legacy system: run or written out, "
        "it would undo the migration",
        f"change the code in the string to {project.profile.target}, or delete what uses it",
    )

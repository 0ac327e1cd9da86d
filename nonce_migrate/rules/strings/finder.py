"""Finds the strings of a file that name a legacy module or name, or hold code importing one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from nonce_migrate.model import Safety
from nonce_migrate.resolve.project import ModuleTarget, Project, SymbolTarget
from nonce_migrate.rules.contexts import is_plain_literal, is_told
from nonce_migrate.rules.facts import Block, FileFacts, TextReference, TextRole
from nonce_migrate.rules.judge import is_same_when_called
from nonce_migrate.rules.strings.computed import hold_computed
from nonce_migrate.rules.strings.consumers import Consumers
from nonce_migrate.rules.strings.embedded import EmbeddedCode
from nonce_migrate.rules.strings.loggers import logger_block
from nonce_migrate.rules.strings.patches import patch_block
from nonce_migrate.rules.strings.places import Does, Place, place_of
from nonce_migrate.rules.strings.registry import Fakes
from nonce_migrate.rules.strings.tables import Tables

_DOTTED = re.compile(r"[^\W\d]\w*([.:][^\W\d]\w*)*\Z")


def find_strings(project: Project, facts: FileFacts) -> None:
    """Fills in the string references of a file, and the names of modules that they pin down."""
    finder = _Finder(project, facts)
    for node in _plain_strings(facts):
        finder.look(node)
    finder.tables.finish()
    finder.forgotten()
    hold_computed(project, facts)
    facts.texts.sort(key=lambda text: (text.node.lineno, text.node.col_offset))


def _plain_strings(facts: FileFacts) -> Iterator[ast.Constant]:
    """String constants but for docstrings, annotations and the lookups that are known already."""
    names = facts.module.names
    skipped = {quoted.node for quoted in facts.quoted} | {text.node for text in facts.texts}
    for node, _ in names.strings:
        if node not in skipped and not isinstance(names.parents.get(node), ast.Expr):
            yield node


def _is_pop_with_default(node: ast.expr | None) -> bool:
    """Whether nothing happens where the module is not in sys.modules."""
    return isinstance(node, ast.Call) and len(node.args) > 1


class _Finder:
    def __init__(self, project: Project, facts: FileFacts) -> None:
        self.project = project
        self.facts = facts
        self.module = facts.module
        self.code = EmbeddedCode(project)
        self.consumers = Consumers(project, facts)
        self.fakes = Fakes(project, facts)
        self.tables = Tables(project, facts)
        self.taken_out: list[tuple[TextReference, bool]] = []

    def look(self, node: ast.Constant) -> None:
        text = str(node.value)
        is_piece = isinstance(self.module.names.parents.get(node), ast.JoinedStr)
        if not is_piece and _DOTTED.match(text):
            self.dotted(node, text)
            return
        reference = self.code.find(node)
        if reference is not None:
            self.facts.texts.append(reference)

    def dotted(self, node: ast.Constant, text: str) -> None:
        place = place_of(self.module, node)
        if "." not in text and ":" not in text and place.does is not Does.FAKE:
            self.consumers.name(node, text, place)
            self.tables.name(node, text)
            return
        parts = re.split("[.:]", text)
        for size in range(len(parts), 0, -1):
            found = self.project.index.absolute(self.module.path, parts[:size], self.module.hints)
            if found is not None and not found.others:
                self.within(node, place, found.module, text, parts, size)
                return

    def within(
        self,
        node: ast.Constant,
        place: Place,
        module: str,
        text: str,
        parts: list[str],
        size: int,
    ) -> None:
        """A text whose first `size` parts name a module of the project."""
        prefix, rest = text[: len(".".join(parts[:size]))], parts[size:]
        if module not in self.project.index.legacy:
            self.consumers.dotted(node, place, module, prefix, rest)
        elif not rest:
            self.legacy_module(node, place, module, prefix)
        elif rest == ["__dict__"]:
            self.opened(node, module, prefix)
        else:
            self.legacy_name(node, place, module, prefix, rest)

    def add(
        self,
        node: ast.Constant,
        role: TextRole,
        target: ModuleTarget | SymbolTarget,
        prefix: str,
        block: Block | None,
        member: str = "",
    ) -> None:
        if block is None and not is_plain_literal(self.module.source, node):
            block = Block(
                node.lineno,
                "the text is put together from pieces or escapes",
                "write it in one piece, then run apply again",
            )
        self.facts.texts.append(
            TextReference(node, role, target, prefix, block=block, member=member)
        )

    def legacy_module(self, node: ast.Constant, place: Place, module: str, prefix: str) -> None:
        line, target = node.lineno, ModuleTarget(module)
        if "." not in prefix and place.does is Does.NOTHING:
            return
        if self.tables.module(node, module, prefix):
            return
        if place.does is Does.PATCH_MANY:
            self.replaced_names(node, place, module, prefix)
            return
        if place.does is Does.FAKE or self.fakes.is_fake(node):
            self.fakes.add(node, module)
            self.add(node, TextRole.OTHER, target, prefix, self.fakes.block(node))
            return
        block = Block(
            line,
            "it is data here: what looks it up cannot be seen",
            "write {new} where the string is used to look it up, and the new names with it",
        )
        if place.does is Does.LOGGER:
            block = logger_block(self.project, self.tables.keys_beside(node), node)
        elif place.does is Does.FORGET:
            reason = "the next import loads the module anew; the new one serves all the systems"
            block = Block(line, reason, "see that this is still wanted", Safety.UNSAFE)
            is_strict = not _is_pop_with_default(place.call)
            text = TextReference(node, TextRole.LOADED, target, prefix, block=block)
            self.taken_out.append((text, is_strict))
            return
        elif place.does is Does.ASK:
            reason = "it asks whether the module is loaded; the new one serves all the systems"
            block = Block(line, reason, "see what the answer is used for", Safety.UNSAFE)
            self.facts.held[target] = block
            self.add(node, TextRole.LOADED, target, prefix, block)
            return
        elif place.does is Does.IMPORT:
            block = Block(
                line,
                "what is taken from the module by this string cannot be seen",
                "write {new} and the new names with it",
            )
        self.add(node, TextRole.OTHER, target, prefix, block)

    def forgotten(self) -> None:
        """Adds the modules that are taken out of sys.modules: one can be taken out only once."""
        several = len({text.target for text, _ in self.taken_out}) > 1
        for text, is_strict in self.taken_out:
            if several:
                reason = "another module that is taken out here would become the same one"
                text = replace(text, block=Block(text.node.lineno, reason, "take {new} out once"))
            self.facts.texts.append(text)
            if is_strict and text.block is not None:
                self.facts.held[text.target] = text.block  # it must be there to be taken out

    def replaced_names(self, node: ast.Constant, place: Place, module: str, prefix: str) -> None:
        """`patch.multiple("legacy", Name=...)`: the names are keywords, and of its results, too."""
        reason = "the names that are replaced are keywords here, and may come back as parameters"
        block = Block(node.lineno, reason, "write patch() for each new name by hand")
        call = place.call
        assert isinstance(call, ast.Call)
        for keyword in call.keywords:
            member = self.project.member(module, keyword.arg or "")
            if isinstance(member, SymbolTarget):
                self.facts.held[member] = block
        self.add(node, TextRole.OTHER, ModuleTarget(module), prefix, block)

    def opened(self, node: ast.Constant, module: str, prefix: str) -> None:
        reason = "the names of the module are changed there by their text"
        block = Block(node.lineno, reason, "patch the new names one by one by their path")
        self.facts.held[ModuleTarget(module)] = block
        self.add(node, TextRole.OTHER, ModuleTarget(module), prefix, block)

    def legacy_name(
        self, node: ast.Constant, place: Place, module: str, prefix: str, rest: list[str]
    ) -> None:
        target = self.project.member(module, rest[0])
        assert isinstance(target, SymbolTarget)
        symbol = self.project.systems[target.system].symbol(target.name)
        if symbol is None and rest[0] not in self.project.defined_names(module):
            return
        member = ".".join(rest[1:])
        if place.does is Does.PATCH:
            block = patch_block(self.project, self.facts, place, node, target, member)
            self.add(node, TextRole.PATCH, target, prefix, block, member)
            return
        line = node.lineno
        block = Block(
            line,
            "it is data here: what looks it up cannot be seen",
            "write {new} where the string is used to look it up",
            Safety.UNSAFE,
        )
        if is_told(self.facts.module.names, node):
            block = Block(line, "it is text for people", "write {new} if they should read that now")
        elif symbol is None or member or not is_same_when_called(self.project, target, symbol):
            reason = f"it is data here, and `{rest[0]}` is called in another way then"
            block = Block(line, reason, "look where it is called, and write {new} here")
        self.add(node, TextRole.OTHER, target, prefix, block, member)

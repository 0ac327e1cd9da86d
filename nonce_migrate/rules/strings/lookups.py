"""Modules that are taken by their text: `import_module("a.b")` and its like.

Such a lookup is a carrier as an import statement is: what is taken from the module by name are
uses of it, and where the module itself goes out of sight, it stays.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nonce_migrate.model import Safety
from nonce_migrate.resolve.callee import qualified
from nonce_migrate.resolve.lookups import (
    Gives,
    Lookup,
    binding_of,
    from_list,
    lookup_at,
    may_look_up,
)
from nonce_migrate.resolve.project import ModuleTarget, ParsedModule, Project, SymbolTarget
from nonce_migrate.resolve.scopes import NameTable, ScopeKind
from nonce_migrate.rules.brought import CarrierKind
from nonce_migrate.rules.contexts import is_plain_literal
from nonce_migrate.rules.facts import (
    Block,
    Carrier,
    FileFacts,
    TextReference,
    TextRole,
    Use,
)
from nonce_migrate.rules.imports import ambiguous
from nonce_migrate.rules.strings.places import PATCHES_OF_OBJECTS, Does, place_of

_BY_NAME = frozenset(("getattr", "hasattr", "setattr", "delattr"))
_TESTS = (ast.If, ast.While, ast.Assert, ast.UnaryOp, ast.Compare, ast.Expr, ast.Delete)


def find_lookups(project: Project, facts: FileFacts) -> None:
    """Fills in the lookups of legacy modules of a file, as carriers and as texts."""
    for found in lookups_of(project, facts.module):
        if found.found.module not in project.index.legacy:
            continue
        if found.gives is Gives.LOADED and found.found.module in _faked(project, facts.module):
            continue  # what it gives is the fake
        carrier = _carrier(facts.module, found)
        carrier.needs_another = found.gives is Gives.LOADED
        carrier.blocks.extend(_blocks(project, facts.module, found))
        facts.carriers.append(carrier)
        prefix = str(found.text.value)
        target = ModuleTarget(found.found.module)
        text = TextReference(found.text, TextRole.LOOKUP, target, prefix, carrier=carrier)
        facts.texts.append(text)


def _faked(project: Project, module: ParsedModule) -> set[str]:
    """The modules that a file puts something in the place of, in sys.modules."""
    fakes = (n for n, _ in module.names.strings if place_of(module, n).does is Does.FAKE)
    found = (project.locate_dotted(module, str(node.value)) for node in fakes)
    return {place.module for place in found if place is not None}


def lookups_of(project: Project, module: ParsedModule) -> Iterator[Lookup]:
    """The lookups of modules of the project in a file, in the order of the text."""
    if not may_look_up(module):
        return
    for node, _ in module.names.strings:
        place = module.names.parents.get(node)
        if isinstance(place, ast.keyword):
            place = module.names.parents.get(place)
        if isinstance(place, ast.expr):
            found = lookup_at(project, module, place)
            if found is not None and found.text is node:
                yield found


def _carrier(module: ParsedModule, found: Lookup) -> Carrier:
    node, text = found.node, found.text
    alias = ast.alias(str(text.value), None, lineno=text.lineno, col_offset=text.col_offset)
    target = ModuleTarget(found.found.module)
    binding = binding_of(module, node)
    scope = module.names.scope_of[node]
    return Carrier(
        module, CarrierKind.LOOKUP, node, 0, alias, scope, target, found.found, True, binding
    )


def _blocks(project: Project, module: ParsedModule, found: Lookup) -> Iterator[Block]:
    """What speaks against the lookup itself, apart from what is done with the module."""
    line, home = found.text.lineno, found.found.module
    if found.found.others:
        yield ambiguous(found.found)
    if not is_plain_literal(module.source, found.text):
        yield Block(
            line, "the text is put together from pieces or escapes", "write it in one piece"
        )
    if found.gives is Gives.PACKAGE and not _is_statement(module.names, found.node):
        step = "take the module with importlib.import_module(), then run apply again"
        yield Block(line, "this gives the first package of the name, not the module", step)
    if found.gives is Gives.RUN:
        step = "run what is meant by its own name: the target does nothing when it is run"
        yield Block(line, "the module is run as a script here", step)
    if found.gives is Gives.SPEC and not _is_tested(module.names, found.node):
        step = "look at what is made of the spec, and write the new module by hand"
        yield Block(line, "what is made of the module's spec cannot be seen", step)
    if found.gives is Gives.LOADED:
        reason = "it takes for granted that what the program loads now is the new module"
        yield Block(line, reason, "see that the new module is loaded by then", Safety.UNSAFE)
    if home not in project.index.files and project.index.source_file(home) is None:
        reason = "the module is not there, so this failed before; the new one is"
        yield Block(line, reason, "decide whether what depends on it should run", Safety.UNSAFE)


def _is_statement(names: NameTable, node: ast.expr) -> bool:
    return isinstance(names.parents.get(node), ast.Expr)


def _is_tested(names: NameTable, node: ast.expr) -> bool:
    """Whether an expression is only looked at: compared, or the condition of something."""
    parent = names.parents.get(node)
    if isinstance(parent, ast.Call):
        return qualified(names, parent.func) == "builtins.bool"
    if isinstance(parent, ast.If | ast.While | ast.IfExp | ast.Assert):
        return parent.test is node
    return isinstance(parent, _TESTS) and not isinstance(parent, ast.Delete)


def find_lookup_uses(project: Project, facts: FileFacts) -> None:
    """Fills in what is taken by name from modules that were looked up, here or in another file."""
    if not facts.by_lookup:
        return
    names = facts.module.names
    for attribute, _ in names.attributes:
        if not attribute.attr.startswith("__"):
            _add_use(project, facts, attribute, attribute.value, attribute.attr, None)
    for call, _ in names.calls:
        constant = constant_name(names, call)
        if constant is not None:
            _add_use(project, facts, call, call.args[0], str(constant.value), constant)
        for item in from_list(call):
            if isinstance(item, ast.Constant):
                _add_use(project, facts, call, call, str(item.value), item)
    for node in _modules(facts):
        block = _escape(facts, node)
        if block is not None:
            for carrier in _behind(facts, node):
                carrier.blocks.append(block)


def _add_use(
    project: Project,
    facts: FileFacts,
    node: ast.expr,
    base: ast.expr,
    name: str,
    text: ast.Constant | None,
) -> None:
    if not facts.inference.may_be_module(base):
        return
    held = facts.inference.value(base).proven
    carriers = _behind(facts, base)
    if not carriers or not isinstance(held, ModuleTarget):
        return
    member = project.member(held.module, name)
    if isinstance(member, SymbolTarget):
        facts.uses.append(Use(node, member, carriers, base, text=text))


def constant_name(names: NameTable, call: ast.Call) -> ast.Constant | None:
    """The "Name" of `getattr(module, "Name")` and the like; None where it is no plain text."""
    if len(call.args) < 2 or not isinstance(call.args[1], ast.Constant):
        return None
    word = qualified(names, call.func)
    is_known = word.removeprefix("builtins.") in _BY_NAME or word in PATCHES_OF_OBJECTS
    return call.args[1] if is_known and isinstance(call.args[1].value, str) else None


def _modules(facts: FileFacts) -> Iterator[ast.expr]:
    """The expressions of a file that may hold a module which was looked up."""
    trail = facts.inference.program.module_trail
    entries = [c.node for c in facts.carriers if isinstance(c.node, ast.Subscript)]
    for node in (*trail.expressions(facts.module.names), *filter(trail.passes, entries)):
        held = facts.inference.value(node).held
        if any(isinstance(h, ModuleTarget) for h in held) and _behind(facts, node):
            yield node


def _behind(facts: FileFacts, node: ast.expr) -> tuple[Carrier, ...]:
    """The lookups that the value of an expression comes from."""
    found = (facts.by_lookup.get(b) for b in facts.inference.value(node).origins)
    lookups = [carrier for carrier in found if carrier is not None]
    return tuple(sorted(lookups, key=lambda c: (c.module.path, c.alias.lineno)))


def _escape(facts: FileFacts, node: ast.expr) -> Block | None:
    """Why what is taken from a module that stands here cannot be seen."""
    names = facts.module.names
    parent = names.parents.get(node)
    where = f"{facts.module.path}:{node.lineno}: "
    if facts.inference.value(node).proven is None:
        return _handed_on(f"{where}it can hold something else than the module, too")
    if isinstance(parent, ast.Attribute):
        if parent.attr.startswith("__"):
            return _handed_on(f"{where}`{parent.attr}` of the module tells all of its names")
        return None
    if isinstance(parent, ast.Call) and parent.args[:1] == [node]:
        is_reload = qualified(names, parent.func) == "importlib.reload"
        if constant_name(names, parent) is not None or (is_reload and _is_statement(names, parent)):
            return None
    if isinstance(parent, ast.Assign | ast.AnnAssign | ast.NamedExpr) and _is_kept(names, parent):
        return None
    if _is_tested(names, node) or isinstance(parent, ast.Delete | ast.Expr):
        return None
    return _handed_on(f"{where}the module itself is handed on, and what is taken from it there")


def _handed_on(reason: str) -> Block:
    end = " cannot be seen" if reason.endswith("there") else ""
    step = "take the names that are needed from the module by import, then run apply again"
    return Block(0, reason + end, step)


def _is_kept(names: NameTable, node: ast.Assign | ast.AnnAssign | ast.NamedExpr) -> bool:
    """Whether all that an assignment binds are plain names of a module or function."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return all(
        isinstance(target, ast.Name) and names.scope_of[target].kind is not ScopeKind.CLASS
        for target in targets
    )

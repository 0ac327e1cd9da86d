"""The chains of reasons that findings keep: why something is taken for what it is said to be."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nonce_migrate.resolve.held import Value
from nonce_migrate.resolve.modules import Found
from nonce_migrate.resolve.project import ModuleTarget, Project, SymbolTarget
from nonce_migrate.rules.facts import Carrier, FileFacts, Use

_MOST_HOPS = 10


def why_imported(project: Project, carrier: Carrier) -> tuple[str, ...]:
    """How an import leads to a legacy module: where it was looked up, and over which modules."""
    place = f"{carrier.module.path}:{carrier.node.lineno}"
    name = "." * carrier.found.level + ".".join(carrier.found.parts)
    where = f"{place}: `{name}` is {carrier.found.module}, {_looked_up(carrier.found)}"
    reasons = [where, *_hops(project, carrier)]
    target = carrier.target
    home = target.module if isinstance(target, ModuleTarget) else target.home
    if home in project.index.legacy:
        system = project.index.legacy[home]
        reasons.append(f"{home} is the legacy module {system.module}: {system.description}")
    return tuple(dict.fromkeys(reasons))


def _looked_up(found: Found) -> str:
    folder = found.directory or "the project's root"
    if found.level:
        return f"relative to {folder}"
    if found.others:
        return f"the likeliest of {len(found.others) + 1} modules of that name"
    return f"looked up in {folder}"


def _hops(project: Project, carrier: Carrier) -> Iterator[str]:
    """The modules that hand a name on, from the import to where it is defined."""
    target = carrier.target
    if not isinstance(target, SymbolTarget):
        return
    module, name = carrier.found.module, carrier.alias.name
    for _ in range(_MOST_HOPS):
        bindings = sorted(project.sources(module, name), key=lambda b: getattr(b.node, "lineno", 0))
        file = project.index.source_file(module)
        parsed = project.parsed(file) if file else None
        if not bindings or parsed is None:
            return
        node, alias = bindings[0].node, bindings[0].alias
        found = project.locate(parsed, node) if isinstance(node, ast.ImportFrom) else None
        if found is None or alias is None:
            return
        yield f"{file}:{getattr(node, 'lineno', 0)}: it takes `{name}` from {found.module}"
        module, name = found.module, name if alias.name == "*" else alias.name


def why_used(project: Project, facts: FileFacts, use: Use) -> tuple[str, ...]:
    """Which import a name, as it is used at a place, comes from."""
    place = f"{facts.module.path}:{use.node.lineno}"
    name = ast.unparse(use.node)
    if not use.carriers:
        return (f"{place}: `{name}` is `{use.symbol.name}` of {use.symbol.home}",)
    carrier = use.carriers[0]
    first = f"{place}: `{name}` is bound by the import in line {carrier.node.lineno}"
    return (first, *why_imported(project, carrier))


def why_held(facts: FileFacts, receiver: ast.expr, value: Value) -> tuple[str, ...]:
    """Why an expression is taken for what it holds, or may hold."""
    place = f"{facts.module.path}:{receiver.lineno}"
    names = " or ".join(instance.owner for instance in value.instances)
    text = facts.inference.shown(receiver)
    if value.is_guess:
        first = f"{place}: only a name says that `{text}` is a {names}"
    elif value.complete and len(value.instances) == len(value.held) == 1:
        first = f"{place}: `{text}` is a {names}"
    else:
        first = f"{place}: `{text}` can be a {names}, and something else"
    return (first, *value.why)

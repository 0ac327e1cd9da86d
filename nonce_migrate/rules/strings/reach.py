"""What a patch of a legacy name takes effect on, before the migration and after it.

A replaced name is seen by those who look it up while it is replaced: functions of its own module,
whoever goes through the module (`module.Name`), and imports that run by then. The target has one
name for several legacy ones, so there the same patch can reach further, or less far.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from nonce_migrate.model import Safety
from nonce_migrate.profile.exports import packaged_source
from nonce_migrate.resolve.project import ModuleTarget, ParsedModule, Project, SymbolTarget
from nonce_migrate.resolve.reading import read_names
from nonce_migrate.resolve.scopes import BindingKind, NameTable, Scope, ScopeKind
from nonce_migrate.rules.facts import Block, FileFacts

Node = tuple[str, str]
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True, slots=True)
class _Edge:
    """A definition looks something up; is_live: when it runs, not when its module was imported."""

    target: Node
    is_live: bool


Graph = Mapping[Node, Sequence[_Edge]]


class Reach:
    """Compares what a patch reaches in a project with what it would reach at the target."""

    def __init__(self, project: Project, files: Sequence[FileFacts]) -> None:
        self.project = project
        self.live: dict[SymbolTarget, str] = {}
        self.used: dict[SymbolTarget, str] = {}
        self.moved: dict[str, str] = {}
        self.moved_live: set[str] = set()
        for facts in files:
            self._record(facts)
            self._record_moved(facts)
        self._before: dict[Node, list[_Edge]] | None = None
        self._after: dict[Node, list[_Edge]] | None = None

    def _record_moved(self, facts: FileFacts) -> None:
        """The names of the target that are in use already: an earlier run has moved them."""
        targets = self.project.index.targets
        for node, scope in facts.module.names.imports:
            found = (
                self.project.locate(facts.module, node)
                if isinstance(node, ast.ImportFrom)
                else None
            )
            if found is None or found.module not in targets:
                continue
            for alias in node.names:
                self.moved.setdefault(alias.name, f"{facts.module.path}:{node.lineno}")
                if scope.kind is not ScopeKind.MODULE:
                    self.moved_live.add(alias.name)
        for attribute in facts.inference.program.module_trail.attributes(facts.module.names):
            held = facts.inference.value(attribute.value).proven
            if isinstance(held, ModuleTarget) and held.module in targets:
                where = f"{facts.module.path}:{attribute.lineno}"
                self.moved.setdefault(attribute.attr, where)
                self.moved_live.add(attribute.attr)

    def _record(self, facts: FileFacts) -> None:
        for use in facts.uses:
            where = f"{facts.module.path}:{use.node.lineno}"
            self.used.setdefault(use.symbol, where)
            is_late = any(c.scope.kind is not ScopeKind.MODULE for c in use.carriers)
            if use.base is not None or is_late:
                self.live.setdefault(use.symbol, where)

    def block(self, target: SymbolTarget, member: str, line: int) -> Block | None:
        """Why a patch of a legacy name (or of a member of it) would not do the same then."""
        if "_shim_target" in self.project.defined_names(target.home):
            return _unknown(line)
        if member:
            return self._of_member(target, line)
        new = self._new(target)
        before = self.affected(self.before, (target.home, target.name))
        after = self.affected(self.after, ("", new))
        further: Block | None = None
        for name, where, becomes, is_live, was in self._in_use(target, before):
            will_be = ("", becomes) in after or (becomes == new and is_live)
            if was and not will_be:
                return _loses(line, name, where)
            if will_be and not was:
                further = further or _reaches_further(line, name, where)
        # On a shim no other name would look this one up: left there, the patch would reach less.
        is_better_moved = self.project.profile.shims and bool(self.seen_by(target, ""))
        return None if is_better_moved else further

    def _in_use(
        self, target: SymbolTarget, before: frozenset[Node]
    ) -> Iterator[tuple[str, str, str, bool, bool]]:
        """The other names in use: (name, where, new name, whether it is looked up late, whether
        the patch took effect on it)."""
        for other, where in self.used.items():
            if other != target:
                was = (other.home, other.name) in before
                yield other.name, where, self._new(other), other in self.live, was
        for name, where in self.moved.items():
            was = any((old.home, old.name) in before for old in self._old(name))
            yield name, where, name, name in self.moved_live, was

    def _of_member(self, target: SymbolTarget, line: int) -> Block | None:
        other = self._sharing_class(target)
        if other is not None:
            return _reaches_further(line, other.name, self.used[other])
        olds = [t for name in self.moved for t in self._old(name)]
        made = next((t for t in olds if self._makes(t) not in (None, target)), None)
        if made is None or self._new_class(made) != self._new(target):
            return None
        return _reaches_further(line, made.name, self.moved[self._new(made)])

    def _old(self, name: str) -> Iterator[SymbolTarget]:
        """The legacy names, of modules of the project, that become a name of the target."""
        for home, system in self.project.index.legacy.items():
            for symbol in system.symbols.values():
                is_it = symbol.becomes is not None and symbol.becomes.target == name
                if is_it and home in self.project.index.files:
                    yield SymbolTarget(system.name, symbol.name, home)

    def _makes(self, target: SymbolTarget) -> SymbolTarget | None:
        """The legacy class of what a legacy name gives when it is called."""
        symbol = self.project.systems[target.system].symbol(target.name)
        made = symbol.produces if symbol else ""
        return SymbolTarget(target.system, made, target.home) if made else None

    def _new_class(self, target: SymbolTarget) -> str:
        made = self._makes(target)
        return self._new(made) if made is not None else ""

    def seen_by(self, target: SymbolTarget, member: str) -> tuple[SymbolTarget, ...]:
        """The legacy names in use, apart from a patched one, whose code sees the patch."""
        others = [other for other in self.used if other != target]
        if member:
            return tuple(t for t in others if self._makes(t) == target)
        before = self.affected(self.before, (target.home, target.name))
        return tuple(t for t in others if (t.home, t.name) in before)

    def _sharing_class(self, target: SymbolTarget) -> SymbolTarget | None:
        """A name in use whose objects are of another legacy class, but of the same new one."""
        new = self._new(target)
        for other in self.used:
            made = self._makes(other)
            is_other = made is not None and (made.system, made.name) != (target.system, target.name)
            if is_other and self._new_class(other) == new:
                return other
        return None

    def _new(self, target: SymbolTarget) -> str:
        symbol = self.project.systems[target.system].symbol(target.name)
        return symbol.becomes.target if symbol and symbol.becomes else target.name

    def affected(self, graph: Graph, patched: Node) -> frozenset[Node]:
        """The definitions that do something else while a name is patched."""
        found: set[Node] = set()
        changed = True
        while changed:
            changed = False
            for node, edges in graph.items():
                if node not in found and any(
                    edge.target in found or (edge.is_live and edge.target == patched)
                    for edge in edges
                ):
                    found.add(node)
                    changed = True
        return frozenset(found - {patched})

    @property
    def before(self) -> Graph:
        """What the definitions of the legacy modules look up."""
        if self._before is None:
            self._before = {}
            for home in self.project.index.legacy:
                file = self.project.index.source_file(home)
                parsed = self.project.parsed(file) if file else None
                if parsed is not None:
                    self._before.update(self._of_legacy(home, parsed))
        return self._before

    def _of_legacy(self, home: str, parsed: ParsedModule) -> dict[Node, list[_Edge]]:
        graph: dict[Node, list[_Edge]] = {}
        for owner, name, scope in _looked_up(parsed.names):
            for binding in scope.bindings[name]:
                edges = graph.setdefault((home, owner), [])
                edges.append(_Edge((home, name), True))
                is_import = binding.kind is BindingKind.IMPORT
                target = self.project.imported(parsed, binding) if is_import else None
                if isinstance(target, SymbolTarget):
                    is_late = scope.kind is not ScopeKind.MODULE
                    edges.append(_Edge((target.home, target.name), is_late))
        return graph

    @property
    def after(self) -> Graph:
        """What the definitions of the target look up; empty where its code is not known."""
        if self._after is None:
            graph: dict[Node, list[_Edge]] = {}
            names = self._target_names()
            for owner, name, scope in _looked_up(names) if names else ():
                if scope is (names.module if names else None):
                    graph.setdefault(("", owner), []).append(_Edge(("", name), True))
            for alias, name in _aliases(names) if names else ():
                graph[("", alias)] = graph.get(("", name), [])
            self._after = graph
        return self._after

    def _target_names(self) -> NameTable | None:
        index = self.project.index
        for path in sorted(index.targets):
            parsed = self.project.parsed(path) if path in index.files else None
            if parsed is not None:
                return parsed.names
        return _packaged_names() if self.project.profile.vendor else None


@cache
def _packaged_names() -> NameTable | None:
    """The names of the packaged manager, which are the same in every project."""
    text = packaged_source()
    return read_names(ast.parse(text)) if text else None


def _looked_up(names: NameTable) -> Iterator[tuple[str, str, Scope]]:
    """(top-level definition, name, its scope) for each name that its code looks up outside it."""
    annotations = {annotation for annotation, _ in names.annotations}
    for node, inner in names.loads:
        owner, is_annotation = "", node in annotations
        for around in names.ancestors(node):
            is_annotation = is_annotation or around in annotations
            if isinstance(around, _DEFINITIONS):
                owner = around.name
        home = inner.lookup(node.id)
        if owner and home is not None and not is_annotation and inner is not names.module:
            yield owner, node.id, home


def _aliases(names: NameTable) -> Iterator[tuple[str, str]]:
    """`get_nonce_coordinator = get_nonce_manager` at the top of a module."""
    for name, bindings in names.module.bindings.items():
        for binding in bindings:
            if isinstance(binding.value, ast.Name):
                yield name, binding.value.id


def _loses(line: int, name: str, where: str) -> Block:
    return Block(
        line,
        f"the old `{name}`, in use at {where}, looks this name up and the new one does not: it "
        "would draw real nonces in this test",
        f"patch `{name}` in the module that uses it",
        Safety.UNSAFE,
    )


def _reaches_further(line: int, name: str, where: str) -> Block:
    return Block(
        line,
        f"the patch would take effect on what `{name}` becomes, too, which is in use at {where}",
        "see that the test means that, or patch the name in the module that uses it",
        Safety.UNSAFE,
    )


def _unknown(line: int) -> Block:
    return Block(
        line,
        "the legacy module is a shim already, so what the patch took effect on is not known",
        "see that the test means the new name, or patch it in the module that uses it",
        Safety.UNSAFE,
    )

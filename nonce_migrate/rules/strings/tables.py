"""Tables of (module, name) that feed `import_module` and `getattr`: both change together."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from nonce_migrate.model import Safety
from nonce_migrate.resolve.lookups import Gives, function_of
from nonce_migrate.resolve.project import ModuleTarget, Project, SymbolTarget
from nonce_migrate.rules.contexts import is_only_looked_at, is_plain_literal
from nonce_migrate.rules.facts import Block, FileFacts, TextReference, TextRole
from nonce_migrate.rules.judge import is_same_when_called
from nonce_migrate.rules.strings.flow import End, EndKind, Flow
from nonce_migrate.rules.strings.targets import new_module

_WIDEST_ROW = 16  # a longer list of strings is no row of a table


@dataclass(frozen=True, slots=True)
class _Row:
    """A legacy module's string with the strings beside it that name something in it."""

    node: ast.Constant
    module: str
    prefix: str
    names: tuple[ast.Constant, ...]


class Tables:
    """The rows of one file."""

    def __init__(self, project: Project, facts: FileFacts) -> None:
        self.project = project
        self.facts = facts
        self.parents = facts.module.names.parents
        self.flow = Flow(facts.inference.neighbours)
        self.waiting: list[_Row] = []
        self._modules: dict[str, str | None] = {}

    def keys_beside(self, node: ast.Constant) -> int:
        """How many keys of the mapping around a string name a legacy module."""
        parent = self.parents.get(node)
        keys = parent.keys if isinstance(parent, ast.Dict) else []
        return sum(1 for key in keys if key is not None and self._is_legacy(key))

    def _is_legacy(self, node: ast.expr) -> bool:
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            return False
        return self._named(node.value) in self.project.index.legacy

    def _named(self, text: str) -> str | None:
        """The module of the project that a dotted text names in this file."""
        if text not in self._modules:
            found = self.project.locate_dotted(self.facts.module, text)
            self._modules[text] = None if found is None else found.module
        return self._modules[text]

    def module(self, node: ast.Constant, module: str, prefix: str) -> bool:
        """Takes the string of a legacy module, if the table that it stands in is understood."""
        beside = list(self._beside(node))
        names = tuple(n for n in beside if self._symbol(module, n) is not None)
        if sum(self._is_legacy(n) for n in beside):
            names = ()
        if not names and not self._is_seen_alone(node):
            return False
        self.waiting.append(_Row(node, module, prefix, names))
        return True

    def name(self, node: ast.Constant, text: str) -> None:
        """Pins a name of a consumer that stands beside the consumer's module in a table."""
        for other in self._beside(node):
            module = self._named(str(other.value))
            if module is not None and module not in self.project.index.legacy:
                self.facts.pins.add((module, text))
                self.facts.stand_ins.add((module, text))

    def _beside(self, node: ast.Constant) -> Iterator[ast.Constant]:
        """The strings in the same row, mapping or call."""
        parent = self.parents.get(node)
        if isinstance(parent, ast.keyword):
            parent = self.parents.get(parent)
        around: list[ast.expr | None] = []
        if isinstance(parent, ast.Tuple | ast.List):
            around = list(parent.elts)
        elif isinstance(parent, ast.Dict):
            is_key = node in parent.keys
            pairs = zip(parent.keys, parent.values, strict=True)
            around = [v for k, v in pairs if k is node] if is_key else list(parent.values)
        elif isinstance(parent, ast.Call):
            around = [*parent.args, *(k.value for k in parent.keywords)]
        for item in around if len(around) <= _WIDEST_ROW else ():
            is_text = isinstance(item, ast.Constant) and isinstance(item.value, str)
            if isinstance(item, ast.Constant) and is_text and item is not node and item.value:
                yield item

    def _symbol(self, module: str, node: ast.Constant) -> SymbolTarget | None:
        """The name of a legacy module that a string is."""
        name = str(node.value)
        target = self.project.member(module, name) if name.isidentifier() else None
        if not isinstance(target, SymbolTarget):
            return None
        known = name in self.project.systems[target.system].symbols
        return target if known or name in self.project.defined_names(module) else None

    def _is_seen_alone(self, node: ast.Constant) -> bool:
        """Whether a module's string is only used to load the module, and no name is taken."""
        ends = self.flow.ends(self.facts.inference, node)
        looked_up = [end for end in ends if end.kind is EndKind.MODULE]
        return bool(looked_up) and all(
            end.kind is EndKind.TEXT or (end.kind is EndKind.MODULE and _is_dropped(end))
            for end in ends
        )

    def finish(self) -> None:
        """Adds the rows' strings; those of one row share what speaks against them."""
        for row in self.waiting:
            block = self._block(row)
            self._add(row.node, ModuleTarget(row.module), row.prefix, block)
            for node in row.names:
                target = self._symbol(row.module, node)
                assert target is not None
                self._add(node, target, "", block)

    def _add(
        self,
        node: ast.Constant,
        target: ModuleTarget | SymbolTarget,
        prefix: str,
        block: Block | None,
    ) -> None:
        text = TextReference(node, TextRole.PAIR, target, prefix, block=block)
        self.facts.texts.append(text)

    def _block(self, row: _Row) -> Block | None:
        line = row.node.lineno
        if not all(is_plain_literal(self.facts.module.source, n) for n in (row.node, *row.names)):
            reason = "a text of the row is put together from pieces or escapes"
            return Block(line, reason, "write it in one piece, then run apply again")
        if new_module(self.project, row.module, row.prefix) is None:
            reason = "the target cannot be named from the folder that this name counts from"
            return Block(line, reason, f"write {self.project.profile.target} by hand")
        if self.keys_beside(row.node) > 1:
            reason = "another key of this mapping would become the same one"
            return Block(line, reason, "make one entry of them by hand")
        is_same = True
        for node in row.names:
            target = self._symbol(row.module, node)
            assert target is not None
            symbol = self.project.systems[target.system].symbol(target.name)
            if symbol is None or symbol.becomes is None:
                step = symbol.step if symbol else f"move `{target.name}` to a module of your own"
                return Block(line, f"`{target.name}` has no counterpart at the target", step)
            is_same = is_same and is_same_when_called(self.project, target, symbol)
        return self._unseen(row, is_same=is_same) if row.names else None

    def _unseen(self, row: _Row, *, is_same: bool) -> Block | None:
        """What of the way from the table to the lookup is not seen, or not safe."""
        inference, line = self.facts.inference, row.node.lineno
        modules = self.flow.ends(inference, row.node)
        names = [end for node in row.names for end in self.flow.ends(inference, node)]
        loads = [end for end in modules if end.kind is EndKind.MODULE]
        takes = [end for end in names if end.kind is EndKind.NAME]
        reason = ""
        if not loads or not takes:
            reason = "module and name stand side by side, but what looks them up cannot be seen"
        strange = [e for e in (*modules, *names) if e.kind is EndKind.UNSEEN]
        strange += [e for e in takes if not _is_of_module(e, loads)]
        strange += [e for e in loads if not _is_taken_by_name(e, takes)]
        if strange:
            where = f"{strange[0].inference.module.path}:{getattr(strange[0].node, 'lineno', line)}"
            reason = reason or f"{where}: what is done there with a text of this row is not known"
        if not is_same and not (takes and all(_is_dropped(end) for end in takes)):
            text = " and ".join(str(n.value) for n in row.names)
            reason = reason or "what is looked up is called where its arguments cannot be adapted"
            step = f"look where `{text}` is called, adapt that, and change module and name together"
            return Block(line, reason, step)
        if not reason:
            return None
        return Block(line, reason, "see what looks them up: both change together", Safety.UNSAFE)


def _is_dropped(end: End) -> bool:
    """Whether what a lookup gives is thrown away or only looked at, there or by the caller."""
    names, node = end.inference.names, end.node
    if not isinstance(node, ast.Call):
        return True  # the names that `__import__` is given: they do nothing more
    annotations = {annotation for annotation, _ in names.annotations}
    parent = names.parents.get(node)
    if isinstance(parent, ast.Expr) or is_only_looked_at(node, names, annotations):
        return True
    if isinstance(parent, ast.Return) and end.sites:
        inference, call = end.sites[0]
        return _is_dropped(End(end.kind, inference, call, end.sites[1:]))
    return False


def _is_of_module(end: End, loads: list[End]) -> bool:
    """Whether a name is looked up in a module that the table's own string gives."""
    node = end.node
    if not isinstance(node, ast.Call):
        call = end.inference.names.parents.get(node)
        call = end.inference.names.parents.get(call) if isinstance(call, ast.keyword) else call
        return any(call is load.node for load in loads)
    given = node.args[0]
    return any(given is load.node or given in _bound_to(load) for load in loads)


def _is_taken_by_name(load: End, takes: list[End]) -> bool:
    """Whether nothing is done with a module but looking up the names of the table in it."""
    if not isinstance(load.node, ast.Call):
        return False
    if function_of(load.inference.module, load.node) is Gives.SPEC:
        return _is_dropped(load)
    taken = [take.node.args[0] for take in takes if isinstance(take.node, ast.Call)]
    parent = load.inference.names.parents.get(load.node)
    if load.node in taken or isinstance(parent, ast.Expr):
        return True
    names = _bound_to(load)
    annotations: set[ast.expr] = set()
    return bool(names) and all(
        name in taken or is_only_looked_at(name, load.inference.names, annotations)
        for name in names
    )


def _bound_to(load: End) -> list[ast.expr]:
    """The places that read the name which a looked up module is assigned to."""
    table = load.inference.names
    parent = table.parents.get(load.node)
    target = parent.targets[0] if isinstance(parent, ast.Assign) else None
    if isinstance(parent, ast.NamedExpr):
        target = parent.target
    if not isinstance(target, ast.Name):
        return []
    home = table.scope_of[target].lookup(target.id)
    return [n for n, scope in table.loads if n.id == target.id and scope.lookup(n.id) is home]

"""Whether a place where a nonce is made can be rewritten, and if not, why and what to do."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from nonce_migrate.profile.schema import Rogue
from nonce_migrate.resolve.scopes import Scope, ScopeKind
from nonce_migrate.rules.rogue.evidence import Evidence
from nonce_migrate.rules.rogue.lookup import Function, Lookup
from nonce_migrate.rules.rogue.reading import Form, Kind
from nonce_migrate.rules.rogue.sinks import SinkKind
from nonce_migrate.rules.rogue.trace import Path, Place
from nonce_migrate.rules.rogue.uses import Uses
from nonce_migrate.rules.rogue.words import words_of

_BELOW = "The exchange has seen numbers that may lie above the manager's, and rejects lower ones"
_RAISE = "make a new API key, or raise the sequence above them (`nonce-migrate state floor`); then "


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why no rewriting is offered. before: what to do before the replacement is written."""

    reason: str
    before: str = ""


class Judge:
    """Looks for what speaks against replacing a place by a call of the manager."""

    def __init__(
        self, lookup: Lookup, rogue: Rogue, followed: set[ast.AST], places: Sequence[Place]
    ) -> None:
        self.lookup = lookup
        self.places = places
        self.rogue = rogue
        self.words = words_of(rogue)
        self.uses = Uses(lookup)
        self.followed = followed

    def doubt(self, place: Place, evidence: Evidence) -> Doubt | None:
        """The first thing that speaks against it, None where the replacement is clear."""
        checks = (
            self._number_doubts(place),
            self._owner_doubts(evidence),
            self._counting_doubts(place),
            self._moment_doubts(place),
            self._sharing_doubts(place),
            self._twin_doubts(place),
        )
        return next((doubt for doubts in checks for doubt in doubts), None)

    def _number_doubts(self, place: Place) -> Iterator[Doubt]:
        reading = place.reading
        if reading.kind is Kind.COUNTER:
            yield Doubt("it counts by itself, beside the manager's sequence", self._no_counting)
        elif not reading.is_clock:
            yield Doubt(f"a {reading.kind} does not increase. {_BELOW}", _RAISE)
        elif reading.form not in (Form.INT, Form.FLOAT, Form.TEXT):
            yield Doubt("it is neither a number nor the text of one")
        elif reading.offset is None:
            yield Doubt("something that is not known is mixed into the clock", self._no_counting)
        elif reading.scale is None:
            yield Doubt(f"in which unit it counts cannot be computed. {_BELOW}", _RAISE)
        elif reading.is_ahead_of(self.rogue.scale):
            unit = f"it counts in {reading.unit}" if reading.scale != self.rogue.scale else ""
            unit = unit or "it runs ahead of the clock"
            yield Doubt(f"{unit}, the manager in {self.rogue.unit}. {_BELOW}", _RAISE)

    @property
    def _no_counting(self) -> str:
        return "let no code count or remember nonces of its own; "

    def _owner_doubts(self, evidence: Evidence) -> Iterator[Doubt]:
        foreign = evidence.foreign or evidence.far_foreign
        if foreign:
            yield Doubt(
                f"`{foreign}` stands here too, so whose nonce it is has to be read",
                _IF_OURS,
            )
        elif not evidence.own and not evidence.far_own:
            yield Doubt("nothing in the file tells that it is this exchange's nonce", _IF_OURS)

    def _counting_doubts(self, place: Place) -> Iterator[Doubt]:
        for name in dict.fromkeys(sink.name for sink in place.sinks):
            for node in self.uses.counts(name):
                yield Doubt(
                    f"line {node.lineno}: `{name}` is counted on from it", self._no_counting
                )
        for sink in place.sinks:
            if sink.kind is SinkKind.ATTRIBUTE:
                for attribute, _ in self.lookup.names.attributes:
                    if attribute.attr == sink.name and self.uses.is_number_use(attribute):
                        yield self._as_number(attribute)

    def _moment_doubts(self, place: Place) -> Iterator[Doubt]:
        """Where it is made once and used again and again."""
        if any(sink.kind is SinkKind.DEFAULT for sink in place.sinks):
            yield Doubt(
                "the default of a parameter is made once, and the same for every call",
                "make it None, and in the function ",
            )
        function = self.lookup.enclosing_function(place.node)
        scope = self.lookup.scope(place.node)
        stored = any(sink.kind is SinkKind.ATTRIBUTE for sink in place.sinks)
        stored = stored or any(path.attributes for path in place.paths)
        if stored and getattr(function, "name", "") in ("__init__", "__new__", "__post_init__"):
            yield Doubt("it is made once for an object, and a nonce is good for one call", _EACH)
        if function is None and scope.kind is ScopeKind.CLASS:
            yield Doubt("it is made once for a class, and a nonce is good for one call", _EACH)
        if function is None:
            yield from self._module_doubts(place, scope)

    def _module_doubts(self, place: Place, scope: Scope) -> Iterator[Doubt]:
        statement = self.lookup.names.statement(place.node)
        for name, bindings in scope.bindings.items():
            if not any(self._is_in(binding.node, statement) for binding in bindings):
                continue
            for load in self.uses.of(bindings[0]):
                if self.lookup.enclosing_function(load) is not None:
                    text = f"it is made once, when the module is loaded; line {load.lineno} uses"
                    yield Doubt(f"{text} `{name}` later", _EACH)

    def _is_in(self, node: ast.AST, statement: ast.stmt) -> bool:
        return node is statement or statement in self.lookup.names.ancestors(node)

    def _sharing_doubts(self, place: Place) -> Iterator[Doubt]:
        """Where the same value is something else as well."""
        for path in place.paths:
            yield from self._name_doubts(path)
            yield from self._function_doubts(path)
            for shown in path.attributes:
                if not self.words.is_nonce(shown.rpartition(".")[2]):
                    yield Doubt(f"`{shown}` may be more than a nonce")
        for sink in place.sinks:
            if sink.kind is SinkKind.NAME:
                home = self.lookup.scope(place.node).lookup(sink.name)
                bindings = home.bindings[sink.name] if home is not None else []
                loads = self.uses.of(bindings[0]) if bindings else []
                yield from self._number_uses(loads)

    def _name_doubts(self, path: Path) -> Iterator[Doubt]:
        for binding in path.bindings:
            loads = self.uses.of(binding)
            if self.words.is_nonce(binding.name):
                yield from self._number_uses(loads)
                continue
            others = [b for b in binding.scope.bindings[binding.name] if b is not binding]
            if others:
                line = getattr(others[0].node, "lineno", 0)
                text = f"line {line}: `{binding.name}` is set to something else there"
                yield Doubt(text, self._no_counting)
            for load in loads:
                if load not in self.followed:
                    yield Doubt(f"line {load.lineno}: `{load.id}` is used for something else too")

    def _number_uses(self, loads: list[ast.Name]) -> Iterator[Doubt]:
        for load in loads:
            if self.uses.is_number_use(load):
                yield self._as_number(load)

    def _as_number(self, node: ast.expr) -> Doubt:
        text = f"line {node.lineno}: `{self.lookup.text(node)}` is a number to count with"
        return Doubt(f"{text} or a time there", self._no_counting)

    def _function_doubts(self, path: Path) -> Iterator[Doubt]:
        for function in path.functions:
            if "nonce" in function.name.lower():
                continue
            for node in self.uses.references(function):
                if node not in self.followed:
                    text = f"line {node.lineno}: `{function.name}` is used for something else too"
                    yield Doubt(text)
            if not function.name.startswith("_") and self._is_reachable(function):
                yield Doubt(f"other files may use `{function.name}` for something else")

    def _twin_doubts(self, place: Place) -> Iterator[Doubt]:
        """Where two clocks of one moment were the same number, and two nonces are not."""
        makers: list[ast.expr] = [other.node for other in self.places if other is not place]
        yield from self._twins(place.node, makers)
        functions = {function for path in place.paths for function in path.functions}
        own = self.lookup.enclosing_function(place.node)
        if isinstance(own, Function) and any(s.kind is SinkKind.RESULT for s in place.sinks):
            functions.add(own)
        for function in functions:
            references = list(self.uses.references(function))
            for number, node in enumerate(references):
                yield from self._twins(node, references[number + 1 :])

    def _twins(self, node: ast.expr, others: Iterable[ast.expr]) -> Iterator[Doubt]:
        function = self.lookup.enclosing_function(node)
        for other in others:
            if self.lookup.enclosing_function(other) is not function:
                continue
            if not self._is_either(node, other):
                first, second = sorted((node.lineno, other.lineno))
                where = (
                    f"lines {first} and {second} each" if first < second else f"line {first}, twice"
                )
                yield Doubt(
                    f"one is made on {where}: for one call they must be the same",
                    "where both are for one call, draw it once; ",
                )

    def _is_either(self, node: ast.expr, other: ast.expr) -> bool:
        """Whether two nodes stand in different branches."""
        around = [node, *self.lookup.names.ancestors(node)]
        before: ast.AST = other
        for ancestor in self.lookup.names.ancestors(other):
            if ancestor in around:
                branch = around[around.index(ancestor) - 1]
                is_choice = isinstance(ancestor, ast.If | ast.IfExp)
                return is_choice and _branch(ancestor, branch) != _branch(ancestor, before)
            before = ancestor
        return False

    def _is_reachable(self, function: ast.AST) -> bool:
        return self.lookup.enclosing_function(function) is None


_IF_OURS = "if it is for a key of this exchange, "
_EACH = "make it anew for each call: there "


def _branch(choice: ast.AST, child: ast.AST) -> str:
    for name in ("test", "body", "orelse"):
        value = getattr(choice, name, None)
        if value is child or (isinstance(value, list) and child in value):
            return name
    return ""

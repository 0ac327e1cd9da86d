"""The findings and intents for the rogue nonces of one file."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from nonce_migrate.model import Code, Finding, Safety
from nonce_migrate.profile.schema import Rogue
from nonce_migrate.resolve.project import ParsedModule
from nonce_migrate.rules.intents import AddImport, Intent, ReplaceExpression
from nonce_migrate.rules.rogue.evaluate import Evaluator
from nonce_migrate.rules.rogue.evidence import Evidence, Witness
from nonce_migrate.rules.rogue.lookup import Lookup
from nonce_migrate.rules.rogue.reading import Form, Kind, Reading
from nonce_migrate.rules.rogue.replacing import (
    Provided,
    hides_int,
    is_at_its_place,
    new_text,
    provide,
)
from nonce_migrate.rules.rogue.sinks import Sink, SinkKind, Sinks
from nonce_migrate.rules.rogue.trace import Place, Tracer
from nonce_migrate.rules.rogue.uses import Uses, is_logged
from nonce_migrate.rules.rogue.verdict import Doubt, Judge
from nonce_migrate.rules.rogue.words import Spoken, Words, spoken, words_of

SYSTEM = "rogue"


@dataclass(frozen=True, slots=True)
class Rogues:
    """findings: one for each place, in the order of the text. intents: the edits of those that
    are UNSAFE, for a run that accepts them.
    """

    findings: tuple[Finding, ...] = ()
    intents: tuple[Intent, ...] = ()


def find_rogues(
    module: ParsedModule,
    rogue: Rogue,
    address: Callable[[], str | None],
    intents: Sequence[Intent] = (),
) -> Rogues:
    """Every place of a file that makes a nonce without a manager.

    address: gives the target as this file can import it, None where that is not known; asked for
    where there is such a place. intents: what else is changed in the file.
    """
    lookup = Lookup(module)
    places = find_places(lookup, rogue)
    if not places:
        return Rogues()
    return _Report(module, rogue, address(), tuple(intents), lookup, places).made()


@dataclass(slots=True)
class Places:
    """places: in the order of the text, with the evidence. followed: what leads to a sink."""

    found: list[tuple[Place, Evidence]] = field(default_factory=list)
    followed: set[ast.AST] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.found)


def find_places(lookup: Lookup, rogue: Rogue) -> Places:
    """What makes a nonce in a file, with everything left out that is not the exchange's."""
    words = words_of(rogue)
    said = spoken(lookup.names, words)
    tracer = Tracer(lookup, Evaluator(lookup))
    uses = Uses(lookup)
    for sink in Sinks(lookup, words, said).found():
        if not _is_idle(sink, lookup, uses):
            tracer.trace(sink)
    places = [*tracer.places.values(), *_counters(lookup, uses, words, said, tracer)]
    witness = Witness(lookup.module, rogue)
    judged = [(place, witness.of(place.node)) for place in places]
    kept = [(place, evidence) for place, evidence in judged if _is_meant(place.reading, evidence)]
    nodes = {place.node for place, _ in kept}
    outer = [pair for pair in kept if nodes.isdisjoint(lookup.names.ancestors(pair[0].node))]
    outer.sort(key=lambda pair: (pair[0].node.lineno, pair[0].node.col_offset))
    return Places(outer, tracer.followed)


def _is_meant(reading: Reading, evidence: Evidence) -> bool:
    """Whether it is taken for a nonce of the exchange.

    A clock under that name is strong evidence by itself. What is no clock needs a signed call
    beside it, and bytes are a cipher's nonce.
    """
    if reading.form is Form.BYTES or evidence.is_foreign:
        return False
    return reading.is_clock or evidence.is_signed


def _is_idle(sink: Sink, lookup: Lookup, uses: Uses) -> bool:
    """A local of that name that is only compared, subtracted or logged goes nowhere."""
    if sink.kind is not SinkKind.NAME or isinstance(sink.value, ast.Lambda):
        return False
    scope = lookup.scope(sink.value)
    home = scope.lookup(sink.name)
    if home is None or lookup.enclosing_function(sink.value) is None or home.parent is None:
        return False
    loads = uses.of(home.bindings[sink.name][0])
    return all(uses.is_number_use(load) or is_logged(lookup.names, load) for load in loads)


def _counters(
    lookup: Lookup, uses: Uses, words: Words, said: Spoken, tracer: Tracer
) -> list[Place]:
    """Counters that no clock starts: `self.nonce += 1`."""
    started = {sink.name for place in tracer.places.values() for sink in place.sinks}
    found: dict[str, Place] = {}
    for name in said.names:
        if name in started or not words.is_nonce(name):
            continue
        for node in uses.counts(name):
            sink = Sink(node, SinkKind.ATTRIBUTE, f"`{lookup.text(node)}`", name)
            found.setdefault(name, Place(node, Reading(Kind.COUNTER, Form.INT), [sink]))
    return list(found.values())


@dataclass(slots=True)
class _Report:
    """Turns places into findings and intents."""

    module: ParsedModule
    rogue: Rogue
    address: str | None
    others: tuple[Intent, ...]
    lookup: Lookup
    places: Places

    def made(self) -> Rogues:
        makers = [place for place, _ in self.places.found]
        judge = Judge(self.lookup, self.rogue, self.places.followed, makers)
        provided = self._provided()
        findings: list[Finding] = []
        replaced: list[Intent] = []
        for place, evidence in self.places.found:
            doubt = judge.doubt(place, evidence) or self._edit_doubt(place, provided)
            local = provided.local if provided is not None else self.rogue.imported
            text = new_text(self.rogue, local, place.reading.form)
            findings.append(self._finding(place, evidence, doubt, text))
            if doubt is None:
                replaced.append(ReplaceExpression(place.node, text))
        if replaced and provided is not None and provided.added is not None:
            replaced.append(AddImport(self._first_statement(), provided.added))
        return Rogues(tuple(findings), tuple(replaced))

    def _first_statement(self) -> ast.stmt:
        """The first top-level statement that holds a place."""
        found = {place.node for place, _ in self.places.found}
        tops = {self._top(node) for node in found}
        return next(statement for statement in self.module.tree.body if statement in tops)

    def _top(self, node: ast.expr) -> ast.AST:
        around = [a for a in self.lookup.names.ancestors(node) if a is not self.module.tree]
        return around[-1]

    def _provided(self) -> Provided | None:
        if self.address is None:
            return None
        first = self._first_statement()
        return provide(self.module, self.rogue, self.address, self.others, first)

    def _edit_doubt(self, place: Place, provided: Provided | None) -> Doubt | None:
        if self.address is None:
            return Doubt("from where this file could import the manager is not known")
        if provided is None:
            return Doubt(f"`{self.rogue.imported}` and its aliases are taken in this file")
        if place.reading.form is not Form.TEXT and hides_int(self.lookup, place.node):
            return Doubt("`int` is not, or not surely, the builtin here")
        if not is_at_its_place(self.module, place.node):
            return Doubt("Python does not tell exactly where it stands")
        source = self.module.source
        if "#" in source.slice(source.span(place.node)):
            return Doubt("a comment stands inside it")
        return None

    def _finding(self, place: Place, evidence: Evidence, doubt: Doubt | None, text: str) -> Finding:
        node, reading = place.node, place.reading
        source = self.module.source
        needs = f"`{text}` (`from {self.address or '<target>'} import {self.rogue.imported}`)"
        if doubt is None:
            reason = self._guess(evidence)
            step = f"make sure of that; `apply --unsafe` then puts {needs} here"
        else:
            reason, step = doubt.reason, f"{doubt.before}put {needs} here"
        unit = (reading.unit or "an unknown unit") if reading.is_clock else ""
        return Finding(
            path=self.module.path,
            line=node.lineno,
            column=source.column(node.lineno, node.col_offset),
            code=Code.ROGUE_NONCE,
            system=SYSTEM,
            symbol=f"{reading.kind} in {unit}" if unit else str(reading.kind),
            safety=Safety.UNSAFE if doubt is None else Safety.MANUAL,
            becomes=text if doubt is None else "",
            reason=reason,
            step=step,
            why=self._why(place, evidence),
        )

    def _guess(self, evidence: Evidence) -> str:
        word = evidence.own or evidence.far_own
        return f"that its API key is the manager's is a guess, from `{word}` in the file"

    def _why(self, place: Place, evidence: Evidence) -> tuple[str, ...]:
        here = self.module.path
        line = place.node.lineno
        lines = [f"{here}:{line}: `{self.lookup.text(place.node)}` makes a nonce"]
        lines += [f"{here}:{hop.node.lineno}: {hop.text}" for hop in place.reading.hops]
        for sink, path in zip(place.sinks, place.paths, strict=False):
            lines += [f"{here}:{hop.node.lineno}: {hop.text}" for hop in reversed(path.hops)]
            lines.append(f"{here}:{sink.value.lineno}: it reaches {sink.text}")
        if not place.reading.is_clock:
            lines.append(f"`{evidence.signing}` beside it, and `{evidence.far_own}` in the file")
        return tuple(dict.fromkeys(lines))

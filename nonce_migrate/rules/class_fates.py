"""Class tests of objects whose classes become one: which imports stay because of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from nonce_migrate.resolve.held import Instance
from nonce_migrate.resolve.project import Project
from nonce_migrate.rules.contexts import class_test
from nonce_migrate.rules.facts import Block, Carrier, FileFacts
from nonce_migrate.rules.members import is_same_class


def block_class_tests(
    project: Project, files: Sequence[FileFacts], stays: dict[Carrier, Block]
) -> None:
    """Keeps a class test which an object of another legacy class, of one class then, may reach."""
    escaped = {i: place for facts in files for i, place in facts.escaped.items()}
    for facts in files:
        for use in facts.uses:
            test = class_test(use.node, facts.module.names)
            subject = _subject(facts, test) if test is not None else None
            if subject is None:
                continue
            value, own = (
                facts.inference.value(subject),
                Instance(use.symbol.system, use.symbol.name),
            )
            beside = _tested_by(facts, test)
            reaching = dict.fromkeys(value.instances, "")
            reaching |= {} if value.complete else escaped
            for other, place in reaching.items():
                new = _new_class(project, other) if other.system else _new_class(project, own)
                if other not in beside and new == _new_class(project, own):
                    block = _one_class_then(use.node.lineno, own, other, place)
                    for carrier in use.carriers:
                        stays.setdefault(carrier, block)


def _tested_by(facts: FileFacts, test: ast.AST | None) -> set[Instance]:
    """The legacy classes that one test takes together: `isinstance(x, (One, Other))`."""
    uses = (use for use in facts.uses if class_test(use.node, facts.module.names) is test)
    return {Instance(use.symbol.system, use.symbol.name) for use in uses}


def _one_class_then(line: int, own: Instance, other: Instance, place: str) -> Block:
    name = other.owner or "new object"
    which = f"a {name}, which leaves the sight at {place}," if place else f"a {name}"
    return Block(
        line,
        f"{which} may reach this test: it is no {own.owner} now, but both become one class",
        "decide by something else than the class, then run apply again",
    )


def _new_class(project: Project, instance: Instance) -> str | None:
    symbol = project.systems[instance.system].symbol(instance.owner)
    return symbol.becomes.target if symbol and symbol.becomes else None


def _subject(facts: FileFacts, test: ast.AST) -> ast.expr | None:
    """What a class test looks at."""
    if isinstance(test, ast.Call) and getattr(test.func, "id", "") == "isinstance":
        return test.args[0]
    if isinstance(test, ast.MatchClass):
        around = facts.module.names.ancestors(test)
        return next((a.subject for a in around if isinstance(a, ast.Match)), None)
    return None


def tested_classes(project: Project, files: Sequence[FileFacts]) -> Iterator[tuple[Carrier, ...]]:
    """What makes objects of a class and what tests for it: a shim's object is no new one."""
    makers: dict[Instance, list[Carrier]] = {}
    tested: set[Instance] = set()
    for facts in files:
        for use in facts.uses:
            symbol = project.systems[use.symbol.system].symbol(use.symbol.name)
            if symbol is None or not symbol.produces:
                continue
            made = Instance(use.symbol.system, symbol.produces)
            if is_same_class(project, made):
                continue
            makers.setdefault(made, []).extend(use.carriers)
            if class_test(use.node, facts.module.names) is not None:
                tested.add(made)
    for made in tested:
        yield tuple(makers[made])

"""The class tests of a module: what `isinstance` and `match` take a name to be."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nonce_migrate.resolve.scopes import NameTable, Scope

ClassTests = dict[tuple[Scope, str], list[ast.expr]]


def read_class_tests(names: NameTable) -> ClassTests:
    """(scope, name) -> the classes that the name is tested for."""
    table: ClassTests = {}
    for subject, cls in _tests(names):
        scope = names.scope_of[subject].lookup(subject.id)
        if scope is not None:
            table.setdefault((scope, subject.id), []).append(cls)
    return table


def _tests(names: NameTable) -> Iterator[tuple[ast.Name, ast.expr]]:
    for call, _ in names.calls:
        is_test = isinstance(call.func, ast.Name) and call.func.id == "isinstance"
        if not is_test or len(call.args) != 2 or not isinstance(call.args[0], ast.Name):
            continue
        classes = call.args[1]
        for cls in classes.elts if isinstance(classes, ast.Tuple) else [classes]:
            yield call.args[0], cls
    for node in names.matches:
        if isinstance(node.subject, ast.Name):
            for pattern in ast.walk(node):
                if isinstance(pattern, ast.MatchClass):
                    yield node.subject, pattern.cls

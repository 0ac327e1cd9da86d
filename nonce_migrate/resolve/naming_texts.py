"""The texts that can stand for a name: quoted annotations, those of `cast` and `getattr`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nonce_migrate.resolve.project import ParsedModule

_TAKING = frozenset(("cast", "getattr"))
_WORD = re.compile(r"[^\W\d]\w*")


def naming_texts(module: ParsedModule) -> Iterator[ast.Constant]:
    """The texts of one file."""
    names = module.names
    for annotation, _ in names.annotations:
        if not isinstance(annotation, ast.Name | ast.Attribute):
            yield from _texts_in(annotation)
    for call, _ in names.calls if not _TAKING.isdisjoint(module.spelt) else ():
        function = call.func
        word = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        if word == "cast":
            for given in call.args[:1]:
                yield from _texts_in(given)
        elif word == "getattr":
            for given in call.args[1:2]:
                yield from _texts_in(given)


def words_of(text: str) -> set[str]:
    """The identifiers in a text."""
    return set(_WORD.findall(text))


def _texts_in(node: ast.expr) -> Iterator[ast.Constant]:
    for child in ast.walk(node):
        if isinstance(child, ast.Constant) and isinstance(child.value, str):
            yield child

"""Reads one piece of a program as LibCST nodes, and refuses what would not come back the same."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager

import libcst as cst

from nonce_migrate import source
from nonce_migrate.edit.errors import EditError

ImportStatement = cst.Import | cst.ImportFrom


def read_import(text: str) -> tuple[cst.Module, ImportStatement]:
    """The node of exactly one import statement, and the module that renders it.

    Raises EditError.
    """
    module, statement = _read(text)
    if not isinstance(statement, cst.Import | cst.ImportFrom):
        raise EditError("not an import statement")
    _check_same(module, statement, text)
    return module, statement


def read_expression(text: str) -> tuple[cst.Module, cst.BaseExpression]:
    """The node of exactly one expression, and the module that renders it.

    Line ends that are legal only inside brackets around the expression are accepted: it is read
    in brackets, which are taken off again. Raises EditError.
    """
    module, statement = _read(f"({text})")
    if not isinstance(statement, cst.Expr) or not statement.value.lpar:
        raise EditError("not an expression")
    outer = statement.value
    with refusing():
        node = outer.with_changes(lpar=outer.lpar[1:], rpar=outer.rpar[:-1])
    _check_same(module, node, text)
    return module, node


def _read(text: str) -> tuple[cst.Module, cst.BaseSmallStatement]:
    # Python's own parser goes first: it names the mistake, and it refuses a nesting that would
    # overflow the stack of LibCST's parser and end the process.
    try:
        source.parse(text)
    except source.UnparsableError as error:
        raise EditError(error.reason) from None
    with refusing():
        module = cst.parse_module(text)
    line = module.body[0] if len(module.body) == 1 else None
    if not isinstance(line, cst.SimpleStatementLine) or len(line.body) != 1:
        raise EditError("not one statement")
    return module, line.body[0]


def _check_same(module: cst.Module, node: cst.CSTNode, text: str) -> None:
    with refusing():
        same = module.code_for_node(node) == text
    if not same:
        raise EditError("there is more in the text, or LibCST does not give it back as it is")


@contextmanager
def refusing() -> Iterator[None]:
    """Turns what LibCST raises for a piece that it cannot hold into EditError."""
    try:
        yield
    except cst.ParserSyntaxError as error:
        raise EditError(f"LibCST cannot read this: {error.message.splitlines()[0]}") from None
    except cst.CSTValidationError as error:
        raise EditError(f"the result would not be Python: {error}") from None
    except UnicodeError:
        raise EditError("a character that is not valid Unicode") from None
    except RecursionError:
        raise EditError("nested too deeply for LibCST") from None


def comments(node: cst.CSTNode) -> list[str]:
    """Every comment below a node, in order."""
    found = []
    waiting: list[cst.CSTNode] = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, cst.Comment):
            found.append(current.value)
        else:
            waiting.extend(reversed(current.children))
    return found


def is_expression(text: str) -> bool:
    """Whether the text is one expression, without help from brackets around it."""
    try:
        body = source.parse(text).body
    except source.UnparsableError:
        return False
    return len(body) == 1 and isinstance(body[0], ast.Expr)

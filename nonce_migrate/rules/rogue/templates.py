"""Text that is put together: which expression stands behind which words."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator

_PERCENT = re.compile(r"%(?:\((\w*)\))?[-#0 +]*(?:\*|\d+)?(?:\.(?:\*|\d+))?([diouxXeEfFgGcrsa%])")


def pieces(node: ast.expr) -> list[str | ast.expr]:
    """The parts of an expression that builds text, in order; [] for any other.

    Text is given as it is, what is put into it as the expression. F-strings, `+`, `%` and
    `.format` with what stands in the call itself.
    """
    if isinstance(node, ast.JoinedStr):
        return [_f_string_part(value) for value in node.values]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return [part for operand in _operands(node) for part in (pieces(operand) or [operand])]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return list(_percent(node))
    if isinstance(node, ast.Call):
        return list(_format(node))
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    return []


def _f_string_part(value: ast.expr) -> str | ast.expr:
    if isinstance(value, ast.FormattedValue):
        return value.value
    return str(value.value) if isinstance(value, ast.Constant) else value


def _operands(node: ast.BinOp) -> list[ast.expr]:
    """`a + b + c` from left to right, without recursion."""
    operands: list[ast.expr] = []
    left: ast.expr = node
    while isinstance(left, ast.BinOp) and isinstance(left.op, ast.Add):
        operands.append(left.right)
        left = left.left
    return [left, *reversed(operands)]


def _percent(node: ast.BinOp) -> Iterator[str | ast.expr]:
    template = node.left
    if not isinstance(template, ast.Constant) or not isinstance(template.value, str):
        return
    values = list(node.right.elts) if isinstance(node.right, ast.Tuple) else [node.right]
    if isinstance(node.right, ast.Dict):
        values = []
    start = 0
    for match in _PERCENT.finditer(template.value):
        yield template.value[start : match.start()]
        start = match.end()
        if match.group(2) == "%" or "*" in match.group() or match.group(1) is not None:
            yield "%"
        elif values:
            yield values.pop(0)
    yield template.value[start:]


def _format(node: ast.Call) -> Iterator[str | ast.expr]:
    method = node.func
    if not isinstance(method, ast.Attribute) or method.attr != "format":
        return
    template = method.value
    if not isinstance(template, ast.Constant) or not isinstance(template.value, str):
        return
    keywords = {keyword.arg: keyword.value for keyword in node.keywords}
    position = 0
    try:
        for text, name, _, _ in string.Formatter().parse(template.value):
            yield text
            if name is None:
                continue
            index = int(name) if name.isdecimal() else position
            position += not name
            if name and not name.isdecimal():
                yield keywords.get(name, "{}")
            else:
                yield node.args[index] if index < len(node.args) else "{}"
    except ValueError:
        return

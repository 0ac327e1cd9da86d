"""What happens to a value that is put into a text: whether an int and its digits give the same."""

from __future__ import annotations

import ast
import re
from string import Formatter

from nonce_migrate.resolve.scopes import NameTable
from nonce_migrate.rules.contexts import imported_as, is_builtin
from nonce_migrate.source import Source

# printf-style directives: Python library reference, "printf-style String Formatting".
_DIRECTIVE = re.compile(r"%(?:\((?P<key>[^)]*)\))?[#0\- +]*\d*(?:\.\d*)?[hlL]?(?P<type>.)")

# Builtins that make the same of an int and of its digits, given nothing else.
_SAME_OF_BOTH = frozenset(("int", "str", "float", "format"))


def is_builtin_call(call: ast.Call, name: str, names: NameTable) -> bool:
    """Whether a call is one of the builtin of that name."""
    function = call.func
    return isinstance(function, ast.Name) and function.id == name and is_builtin(names, function)


def is_same_of_both(call: ast.Call, given: ast.AST, names: NameTable) -> bool:
    """Whether a call makes the same of an argument that is an int and of one that is its digits."""
    function = call.func
    is_alone = [*call.args, *call.keywords] == [given] and given in call.args
    if isinstance(function, ast.Name) and is_builtin(names, function):
        if function.id in _SAME_OF_BOTH:
            return is_alone
        return function.id == "print" and given in call.args
    if is_alone and imported_as(names, function) == "decimal.Decimal":
        return True
    if isinstance(function, ast.Attribute) and function.attr == "format":
        template = function.value
        if isinstance(template, ast.Constant) and isinstance(template.value, str):
            return format_takes_text(template.value, call, given)
    return False


def is_number_of(call: ast.Call, names: NameTable) -> bool:
    """Whether a call gives its only argument as a number, as large as before."""
    is_alone = len(call.args) == 1 and not call.keywords
    return is_alone and any(is_builtin_call(call, name, names) for name in ("int", "float"))


def is_plain_field(field: ast.FormattedValue) -> bool:
    """Whether a field of an f-string takes the text of its value as `str()` gives it."""
    spec = field.format_spec
    is_empty = spec is None or (isinstance(spec, ast.JoinedStr) and not spec.values)
    return is_empty and field.conversion in (-1, ord("s"))


def prints_its_source(node: ast.expr, names: NameTable, source: Source) -> bool:
    """Whether the text of an expression is printed: it stands in a field like `f"{nonce + 1=}"`."""
    child: ast.AST = node
    for parent in names.ancestors(node):
        if isinstance(parent, ast.FormattedValue) and isinstance(child, ast.expr):
            rest = source.text[source.span(child).end :].lstrip(" \t\f\r\n)")
            if child is parent.value and rest.startswith("="):
                return True
        if isinstance(parent, ast.stmt):
            return False
        child = parent
    return False


def template_of(operation: ast.BinOp) -> str | None:
    """The text of `"..." % value`."""
    left = operation.left
    if isinstance(operation.op, ast.Mod) and isinstance(left, ast.Constant):
        return left.value if isinstance(left.value, str) else None
    return None


def filled_by(node: ast.AST | None, names: NameTable) -> ast.BinOp | None:
    """The operation that a value with that parent is an operand of, alone or in a tuple."""
    if isinstance(node, ast.BinOp):
        return node
    parent = names.parents.get(node) if isinstance(node, ast.Tuple) else None
    is_filling = isinstance(parent, ast.BinOp) and parent.right is node
    return parent if isinstance(parent, ast.BinOp) and is_filling and template_of(parent) else None


def percent_takes_text(template: str, operand: ast.expr, value: ast.expr, key: str | None) -> bool:
    """Whether `template % operand` puts a value in by `%s` alone.

    operand: the value itself, a tuple that holds it, or (with its key) a dictionary that does.
    """
    if "*" in template:
        return False
    directives = [m for m in _DIRECTIVE.finditer(template) if m.group("type") != "%"]
    if key is not None:
        taking = [m for m in directives if m.group("key") == key]
        return all(m.group("type") == "s" for m in taking)
    if any(m.group("key") is not None for m in directives):
        return False
    if isinstance(operand, ast.Tuple):
        if len(operand.elts) != len(directives) or value not in operand.elts:
            return False
        return directives[operand.elts.index(value)].group("type") == "s"
    return value is operand and len(directives) == 1 and directives[0].group("type") == "s"


def format_takes_text(template: str, call: ast.Call, argument: ast.AST) -> bool:
    """Whether `template.format(...)` puts an argument in by plain fields (`{}`, `{0}`, `{x!s}`)."""
    if any(isinstance(a, ast.Starred) for a in call.args):
        return False
    try:
        fields = list(Formatter().parse(template))
    except ValueError:
        return False
    count = 0
    for _, name, spec, conversion in fields:
        if name is None:
            continue
        if "{" in (spec or ""):
            return False
        word = name if name else str(count)
        count += not name
        taken = _argument(call, _root(word))
        if taken is argument and (spec or conversion not in (None, "s") or word != _root(word)):
            return False
    return True


def _root(word: str) -> str:
    return re.split(r"[.\[]", word)[0]


def _argument(call: ast.Call, word: str) -> ast.AST | None:
    """The argument that a field of that name takes."""
    if word.isdigit():
        return call.args[int(word)] if int(word) < len(call.args) else None
    return next((keyword for keyword in call.keywords if keyword.arg == word), None)

"""Reads the two small notations of a profile: signatures and what they become.

A signature is a Python one without annotations: `get_nonce(connection_id, count=1)`. What it
becomes is the Python expression that a person would write instead, over its parameters:
`int(self.get_nonce(connection_id))`, where `self` is the object at hand.
"""

from __future__ import annotations

import ast
import keyword

from nonce_migrate.profile.schema import Argument, Becomes, Parameter


class NotationError(ValueError):
    """A signature or replacement that does not follow the notation; the text says why."""


def parse_signature(text: str) -> tuple[str, tuple[Parameter, ...] | None]:
    """Reads `name` or `name(a, b=1)`; gives the name and its parameters (None without brackets).

    Raises NotationError.
    """
    if text.isidentifier() and not keyword.iskeyword(text):
        return text, None
    function = _function(text)
    arguments = function.args
    names = [argument.arg for argument in arguments.args]
    if arguments.vararg or arguments.kwarg or arguments.kwonlyargs or arguments.posonlyargs:
        raise NotationError(f"only plain parameters are possible: {text!r}")
    types = [function.returns, *(argument.annotation for argument in arguments.args)]
    if any(types) or getattr(function, "type_params", None):
        raise NotationError(f"annotations are not possible: {text!r}")
    if len(set(names)) < len(names):
        raise NotationError(f"two parameters of one name: {text!r}")
    missing = len(names) - len(arguments.defaults)
    defaults = [None] * missing + [ast.unparse(default) for default in arguments.defaults]
    pairs = zip(names, defaults, strict=True)
    return function.name, tuple(Parameter(name, default) for name, default in pairs)


def _function(text: str) -> ast.FunctionDef:
    """The syntax tree of a function with that signature. Raises NotationError."""
    try:
        body = ast.parse(f"def {text}: ...").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise NotationError(f"not a signature: {text!r}") from None
    function = body[0]
    assert isinstance(function, ast.FunctionDef)
    if len(body) > 1 or len(function.body) > 1 or ast.unparse(function.body[0]) != "...":
        raise NotationError(f"not a signature: {text!r}")
    return function


def parse_becomes(text: str, parameters: tuple[Parameter, ...] | None) -> Becomes:
    """Reads the new expression of a name or member with those parameters.

    Raises NotationError where it is no name, attribute of `self` or call of one, or where an
    argument is not one of the parameters.
    """
    try:
        node = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise NotationError(f"not an expression: {text!r}") from None
    convert = ""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) == 1:
        inner = node.args[0]
        if isinstance(inner, ast.Call) and not node.keywords:
            convert, node = node.func.id, inner
    arguments: tuple[Argument, ...] | None = None
    if isinstance(node, ast.Call):
        arguments = _arguments(node, parameters, text)
        node = node.func
    receiver, via, target = _callee(node, text)
    if arguments is not None and _stands(arguments, parameters):
        arguments = None
    return Becomes(text, target, receiver, via, convert, arguments)


def _callee(node: ast.expr, text: str) -> tuple[str, str, str]:
    """Receiver, the member called on it first, and target of what is called."""
    if isinstance(node, ast.Name):
        return "", "", node.id
    if isinstance(node, ast.Attribute):
        owner: ast.expr = node.value
        via = ""
        if isinstance(owner, ast.Call) and isinstance(owner.func, ast.Attribute):
            if owner.args or owner.keywords:
                raise NotationError(f"what is called first takes no arguments: {text!r}")
            via = owner.func.attr
            owner = owner.func.value
        if isinstance(owner, ast.Name) and owner.id == "self":
            return "self", via, node.attr
    raise NotationError(f"neither a name nor a member of self: {text!r}")


def _arguments(
    call: ast.Call, parameters: tuple[Parameter, ...] | None, text: str
) -> tuple[Argument, ...]:
    known = {parameter.name for parameter in parameters or ()}
    if any(item.arg is None for item in call.keywords):
        raise NotationError(f"** is not possible: {text!r}")
    pairs: list[tuple[ast.expr, str | None]] = [(value, None) for value in call.args]
    pairs += [(item.value, item.arg) for item in call.keywords]
    result: list[Argument] = []
    for value, name in pairs:
        if not isinstance(value, ast.Name) or value.id not in known:
            raise NotationError(f"{ast.unparse(value)!r} is not a parameter, in {text!r}")
        if any(value.id == other.parameter for other in result):
            raise NotationError(f"{value.id!r} is handed on twice, in {text!r}")
        if name is not None and any(name == other.keyword for other in result):
            raise NotationError(f"{name!r} is given twice, in {text!r}")
        result.append(Argument(value.id, name))
    return tuple(result)


def _stands(arguments: tuple[Argument, ...], parameters: tuple[Parameter, ...] | None) -> bool:
    names = [parameter.name for parameter in parameters or ()]
    return [a.parameter for a in arguments] == names and all(a.keyword is None for a in arguments)

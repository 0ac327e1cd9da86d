"""What the parameters of a function are given, by all of its callers together."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from nonce_migrate.resolve.definitions import Function, all_parameters, default_of, parameter_of
from nonce_migrate.resolve.held import NOTHING, UNKNOWN, Foreign, Own, Value, join
from nonce_migrate.resolve.mentions import Site

if TYPE_CHECKING:
    from nonce_migrate.resolve.inference import Inference


class Parameters:
    """Answers for the parameters of the functions of one file."""

    def __init__(self, inference: Inference) -> None:
        self.inference = inference

    def value(self, function: Function, parameter: ast.arg) -> Value:
        """What any call gives the parameter; incomplete where there may be calls out of sight."""
        callers = self.inference.program.callers
        if callers is None or parameter not in all_parameters(function):
            return UNKNOWN
        found = callers.of(self.inference.module, function)
        value = join(self._given(function, parameter, site) for site in found.sites)
        where = f"{self.inference.module.path}:{parameter.lineno}"
        what = f"{where}: `{parameter.arg}` is a parameter of `{function.name}`"
        if found.gap:
            return value.doubted(f"{what}, but not every caller is known: {found.gap}")
        return value.because(what)

    def contradiction(self, function: Function, parameter: ast.arg) -> str:
        """The call that gives a parameter an object of a class which is not legacy, or ""."""
        callers = self.inference.program.callers
        if callers is None:
            return ""
        for site in callers.of(self.inference.module, function).sites:
            given, other = _argument(function, parameter, site), self.inference.neighbours
            if isinstance(given, ast.expr) and _is_of_another_class(other[site.module.path], given):
                return f"{site.module.path}:{site.call.lineno}: it is given something else there"
        return ""

    def _given(self, function: Function, parameter: ast.arg, site: Site) -> Value:
        other = self.inference.neighbours.get(site.module.path)
        if other is None:
            return UNKNOWN
        given = _argument(function, parameter, site)
        where = f"{site.module.path}:{site.call.lineno}"
        if given is None:
            default = default_of(function, parameter)
            return self.inference.value(default) if default is not None else NOTHING
        if isinstance(given, str):
            return UNKNOWN.because(f"{where}: {given}")
        text = site.module.source.slice(site.module.source.span(given)).split("\n")[0]
        return other.value(given).because(f"{where}: `{parameter.arg}` is given `{text}` there")


def _is_of_another_class(inference: Inference, given: ast.expr) -> bool:
    """Whether an expression makes an object of a class that is not legacy.

    By its name, where the class is in a file that refers to nothing legacy, or a mock.
    """
    value = inference.value(given)
    if not isinstance(given, ast.Call) or value.held:
        return any(isinstance(held, Own | Foreign) for held in value.held)
    function = given.func
    word = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return bool(word[:1].isupper())


def _argument(function: Function, parameter: ast.arg, site: Site) -> ast.expr | str | None:
    """The expression that a call gives a parameter; None: it gives none; a text: why not known."""
    call = of_thread(site.call) if site.is_thread else site.call
    if call is None:
        return "what the thread's function gets cannot be told"
    if any(isinstance(a, ast.Starred) for a in call.args):
        return "its arguments are unpacked from a variable"
    if any(keyword.arg is None for keyword in call.keywords):
        return "its keywords are unpacked from a variable"
    for given in (*call.args, *(keyword.value for keyword in call.keywords)):
        if parameter_of(function, call, given, site.skip) is parameter:
            return given
    return None


def of_thread(call: ast.Call) -> ast.Call | None:
    """`Thread(target=f, args=(x,), kwargs={"y": z})` as the call `f(x, y=z)`."""
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    args, named = given.get("args"), given.get("kwargs")
    if call.args or None in given:
        return None
    if args is not None and not isinstance(args, ast.Tuple | ast.List):
        return None
    keywords: list[ast.keyword] = []
    if named is not None:
        if not isinstance(named, ast.Dict):
            return None
        for key, value in zip(named.keys, named.values, strict=True):
            if not isinstance(key, ast.Constant):
                return None
            keywords.append(ast.keyword(arg=str(key.value), value=value))
    return ast.Call(func=given["target"], args=args.elts if args else [], keywords=keywords)

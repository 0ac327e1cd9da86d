"""Names and attributes that are plain containers, and everything that is put into them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nonce_migrate.resolve.by_word import ByWord
from nonce_migrate.resolve.project import ParsedModule
from nonce_migrate.resolve.scopes import Scope, ScopeKind

if TYPE_CHECKING:
    from nonce_migrate.resolve.inference import Inference

DISPLAYS = (ast.List, ast.Tuple, ast.Set, ast.Dict)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_EMPTY = frozenset(("list", "dict", "set", "deque", "OrderedDict", "field"))
SAME_ITEMS = frozenset(("list", "tuple", "set", "sorted", "reversed", "iter", "frozenset"))
_PAIRING = frozenset(("enumerate", "zip"))
_LOOKS = frozenset(("len", "bool", "print", "repr", "str", "id"))
PUTS = {"append": 0, "appendleft": 0, "add": 0, "insert": 1, "setdefault": 1}
TAKES = frozenset(("get", "pop", "popleft", "setdefault"))
_NEUTRAL = frozenset(("clear", "remove", "discard", "keys", "count", "index", "__contains__"))
_VIEWS = frozenset(("values", "copy"))
MAPPINGS = frozenset(("dict", "Dict", "Mapping", "MutableMapping", "OrderedDict"))


@dataclass(frozen=True, slots=True)
class Variable:
    """A plain container: what is put into it, and the annotations that promise its items."""

    given: tuple[tuple[ParsedModule, ast.expr], ...]
    annotations: tuple[tuple[ParsedModule, ast.expr], ...]
    is_mapping: bool


Handle = tuple[ParsedModule, ast.expr]


def read_variable(inference: Inference, home: Scope | None, name: str) -> Variable | None:
    """Everything that is done to a name of a scope, or to an attribute (home None); None: not
    plain, or no container."""
    is_wide = home is None or home.kind is not ScopeKind.FUNCTION
    if is_wide and name not in inference.program.words:
        return None
    handles = list(_handles(inference, home, name))
    made = [value for _, value in _sources(inference, home, name)]
    annotations = list(_annotations(inference, home, name))
    if any(value is None for value in made) or not (made or annotations):
        return None
    given: list[Handle] = []
    mapping = [a for m, a in annotations if _word(a) in MAPPINGS]
    is_mapping, is_container = bool(mapping), bool(annotations)
    for module, value in _sources(inference, home, name):
        assert value is not None
        if isinstance(value, ast.Constant) and value.value is None:
            continue
        if not _makes_container(value):
            return None
        is_container = True
        word = _word(value.func) if isinstance(value, ast.Call) else ""
        is_mapping = is_mapping or isinstance(value, ast.Dict | ast.DictComp) or word == "dict"
        if not isinstance(value, ast.Call):
            given += [(module, element) for element in elements(value)]
    for module, node in handles:
        put = use(module, node)
        if put is None:
            return None
        given += [(module, element) for element in put]
    return Variable(tuple(given), tuple(annotations), is_mapping) if is_container else None


def _makes_container(value: ast.expr) -> bool:
    if isinstance(value, (*DISPLAYS, *COMPREHENSIONS)):
        return not isinstance(value, ast.GeneratorExp)
    if not isinstance(value, ast.Call) or value.args or _word(value.func) not in _EMPTY:
        return False
    if _word(value.func) != "field":
        return not value.keywords
    made = {keyword.arg: keyword.value for keyword in value.keywords}.get("default_factory")
    return made is not None and getattr(made, "id", "") in _EMPTY


def _sources(
    inference: Inference, home: Scope | None, name: str
) -> Iterator[tuple[ParsedModule, ast.expr | None]]:
    """What a variable is set to; None for what is no plain assignment."""
    if home is not None:
        for binding in home.bindings[name]:
            if binding.annotation is None or binding.value is not None:
                yield inference.module, None if binding.is_entered else binding.value
        return
    program = inference.program
    yield from program.by_word.in_order(_sources_by_word(program.by_word, name))
    for store in program.stores.of(name):
        if store.target is None:
            yield store.module, None


def _sources_by_word(by_word: ByWord, name: str) -> Iterator[tuple[ParsedModule, ast.expr | None]]:
    for module, node in by_word.attributes.of(name):
        if isinstance(node.ctx, ast.Store):
            parent = module.names.parents.get(node)
            if not (isinstance(parent, ast.AnnAssign) and parent.value is None):
                yield module, module.names.assigned.get(node)
    for module, scope in by_word.class_scopes.of(name):
        for binding in scope.bindings[name]:
            if binding.annotation is None or binding.value is not None:
                yield module, binding.value


def _annotations(inference: Inference, home: Scope | None, name: str) -> Iterator[Handle]:
    scopes = [(inference.module, home)] if home is not None else []
    if home is None:
        scopes += inference.program.by_word.class_scopes.of(name)
        for module, target in inference.program.by_word.attributes.of(name):
            parent = module.names.parents.get(target)
            if isinstance(parent, ast.AnnAssign) and parent.target is target:
                yield module, parent.annotation
    for module, scope in scopes:
        for binding in scope.bindings.get(name, ()):
            if binding.annotation is not None:
                yield module, binding.annotation


def _handles(inference: Inference, home: Scope | None, name: str) -> Iterator[Handle]:
    """Every place that takes a variable up."""
    program = inference.program
    if home is not None:
        for load in program.by_word.loads.within(inference.module, name):
            if inference.names.scope_of[load].lookup(name) is home:
                yield inference.module, load
    if home is not None and home.kind is ScopeKind.FUNCTION:
        return
    yield from program.by_word.in_order(_handles_by_word(program.by_word, name))


def _handles_by_word(by_word: ByWord, name: str) -> Iterator[Handle]:
    for module, node in by_word.attributes.of(name):
        if isinstance(node.ctx, ast.Load):
            yield module, node
    for module, binding in by_word.aliases.of(name):
        for load in by_word.loads.within(module, binding.name):
            yield module, load


def use(module: ParsedModule, node: ast.expr, *, in_pairs: bool = False) -> list[ast.expr] | None:
    """What a mention of a container puts into it; None: what is in it goes out of sight there.

    in_pairs: the node gives pairs that hold an item each, as `enumerate` does.
    """
    names = module.names
    parent = names.parents.get(node)
    if isinstance(parent, ast.For | ast.AsyncFor | ast.comprehension):
        return [] if parent.iter is node and _fits(parent.target, in_pairs=in_pairs) else None
    if in_pairs:
        return None
    if isinstance(parent, ast.Subscript) and parent.value is node:
        return _use_of_item(module, parent)
    if isinstance(parent, ast.Compare | ast.Expr | ast.Delete | ast.UnaryOp | ast.FormattedValue):
        return []
    if isinstance(parent, ast.If | ast.While | ast.Assert | ast.IfExp):
        return [] if parent.test is node else None
    if isinstance(parent, ast.Attribute):
        return _use_of_method(module, parent)
    if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name):
        return _use_of_builtin(module, parent, parent.func)
    return None


def _fits(target: ast.expr, *, in_pairs: bool) -> bool:
    """Whether the items of a loop get names that are followed."""
    if not in_pairs:
        return isinstance(target, ast.Name)
    parts = target.elts if isinstance(target, ast.Tuple | ast.List) else []
    return bool(parts) and all(isinstance(part, ast.Name) for part in parts)


def _use_of_item(module: ParsedModule, node: ast.Subscript) -> list[ast.expr] | None:
    if isinstance(node.slice, ast.Slice):
        return use(module, node) if isinstance(node.ctx, ast.Load) else None
    if isinstance(node.ctx, ast.Store):
        given = module.names.assigned.get(node)
        return None if given is None else [given]
    return []


def _use_of_builtin(
    module: ParsedModule, call: ast.Call, function: ast.Name
) -> list[ast.expr] | None:
    if module.names.scope_of[function].lookup(function.id) is not None:
        return None
    if function.id in _LOOKS:
        return []
    if function.id in _PAIRING:
        return use(module, call, in_pairs=True)
    is_same = function.id in SAME_ITEMS and len(call.args) == 1 and not call.keywords
    return use(module, call) if is_same else None


def _use_of_method(module: ParsedModule, node: ast.Attribute) -> list[ast.expr] | None:
    call = module.names.parents.get(node)
    if not isinstance(call, ast.Call) or call.func is not node or call.keywords:
        return None
    if node.attr in PUTS:
        return list(call.args[PUTS[node.attr] :][:1])
    if node.attr in TAKES or node.attr in _NEUTRAL:
        return []
    if node.attr == "items":
        return use(module, call, in_pairs=True)
    return use(module, call) if node.attr in _VIEWS else None


def elements(node: ast.expr) -> list[ast.expr]:
    """The expressions of a display's items, of the values in a mapping."""
    if isinstance(node, ast.Dict):
        # `**other` has no key: its own expression stands for what is in it, which is unknown.
        return list(node.values)
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return list(node.elts)
    if isinstance(node, ast.DictComp):
        return [node.value]
    return [node.elt] if isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp) else []


def _word(node: ast.expr) -> str:
    if isinstance(node, ast.Subscript):
        return _word(node.value)
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")

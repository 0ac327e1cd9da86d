"""Where the result of a call ends up: as text, as a number, or out of sight.

A legacy int that is a str now, with the same digits, may stay a str where every place it reaches
makes a text of it. Flow-insensitive: what a local name is given reaches every load of the name.
Followed are local names, entries of dictionaries that a local name holds, and parameters of plain
functions of the project; all else counts as out of sight.
"""

from __future__ import annotations

import ast

from nonce_migrate.resolve.definitions import gives_its_result, parameter_of
from nonce_migrate.resolve.inference import Inference
from nonce_migrate.resolve.scopes import ScopeKind
from nonce_migrate.rules.contexts import imported_as, looks_names_up
from nonce_migrate.rules.ends import Ends, Place, Taken
from nonce_migrate.rules.text_formats import (
    filled_by,
    is_builtin_call,
    is_number_of,
    is_plain_field,
    is_same_of_both,
    percent_takes_text,
    template_of,
)

_URLENCODE = "urllib.parse.urlencode"
_JSON = ("json.dumps", "json.dump")
_NUMERIC = frozenset(("int", "float", "Decimal"))
# More places than that are not followed.
_MOST = 200


def ends_of(inference: Inference, call: ast.Call, *, as_amount: bool = False) -> Ends:
    """Where the result of a call of the inference's module ends up.

    as_amount: whether it matters how large it is, so that `int(x)` is no end of it.
    """
    follower = _Follower(as_amount)
    follower.value(inference, call)
    return Ends(tuple(follower.places))


class _Follower:
    """Goes from place to place. A dictionary is followed together with the key of the value."""

    def __init__(self, as_amount: bool) -> None:
        self.as_amount = as_amount
        self.places: list[Place] = []
        self.seen: set[tuple[ast.AST, str | None]] = set()

    def end(self, inference: Inference, node: ast.AST, taken: Taken, what: str) -> None:
        line = getattr(node, "lineno", 0)
        self.places.append(Place(taken, inference.module.path, line, what))

    def is_known(self, inference: Inference, node: ast.AST, key: str | None) -> bool:
        """Whether a node was followed already, or too many were."""
        if len(self.seen) >= _MOST:
            self.end(inference, node, Taken.UNSEEN, "followed no further")
            return True
        known = (node, key) in self.seen
        self.seen.add((node, key))
        return known

    # The value itself.

    def value(self, inference: Inference, node: ast.expr) -> None:
        """Follows an expression that is the value."""
        if self.is_known(inference, node, None):
            return
        parent = inference.names.parents.get(node)
        if isinstance(parent, ast.Expr):
            self.end(inference, node, Taken.TEXT, "thrown away")
        elif isinstance(parent, ast.FormattedValue):
            if parent.value is node and is_plain_field(parent):
                self.end(inference, node, Taken.TEXT, "put into a text")
            else:
                self.end(inference, node, Taken.NUMBER, "formatted as a number")
        elif isinstance(parent, ast.Call | ast.keyword):
            self.argument(inference, node, parent)
        elif (operation := filled_by(parent, inference.names)) is not None:
            self.operand(inference, node, operation)
        elif isinstance(parent, ast.IfExp) and parent.test is not node:
            self.value(inference, parent)
        elif isinstance(parent, ast.Dict):
            self.entry_of(inference, node, parent)
        elif isinstance(parent, ast.Assign | ast.AnnAssign | ast.NamedExpr):
            self.assigned(inference, node, parent)
        else:
            self.otherwise(inference, node, parent)

    def otherwise(self, inference: Inference, node: ast.expr, parent: ast.AST | None) -> None:
        if isinstance(parent, ast.BoolOp):
            self.end(inference, node, Taken.NUMBER, "tested for truth")
        elif isinstance(parent, ast.Compare):
            self.end(inference, node, Taken.COMPARED, "compared")
        elif isinstance(parent, ast.AugAssign | ast.UnaryOp):
            self.end(inference, node, Taken.RECKONED, "reckoned with")
        elif isinstance(parent, ast.If | ast.While | ast.Assert | ast.IfExp):
            self.end(inference, node, Taken.NUMBER, "tested for truth")
        elif isinstance(parent, ast.Return | ast.Yield):
            self.end(inference, node, Taken.UNSEEN, "returned, and its callers are not followed")
        else:
            self.end(inference, node, Taken.UNSEEN, "handed on out of sight")

    def argument(
        self, inference: Inference, node: ast.expr, parent: ast.Call | ast.keyword
    ) -> None:
        """The value as an argument of a call."""
        call = parent if isinstance(parent, ast.Call) else inference.names.parents.get(parent)
        given = node if isinstance(parent, ast.Call) else parent
        if not isinstance(call, ast.Call) or call.func is node:
            self.end(inference, node, Taken.UNSEEN, "handed on out of sight")
        elif self.as_amount and is_number_of(call, inference.names):
            self.value(inference, call)
        elif is_same_of_both(call, given, inference.names):
            self.end(inference, node, Taken.TEXT, "made a text of, or a number again")
        elif (
            isinstance(given, ast.keyword)
            and given.arg is not None
            and is_builtin_call(call, "dict", inference.names)
        ):
            self.entry(inference, call, given.arg)
        else:
            self.parameter(inference, call, given, None)

    def operand(self, inference: Inference, node: ast.expr, operation: ast.BinOp) -> None:
        """The value as an operand: text where `"..%s.." % value` takes it, a number else."""
        template = template_of(operation)
        if template is None:
            self.end(inference, node, Taken.RECKONED, "reckoned with")
        elif percent_takes_text(template, operation.right, node, None):
            self.end(inference, node, Taken.TEXT, "put into a text")
        else:
            self.end(inference, node, Taken.NUMBER, "formatted as a number")

    def entry_of(self, inference: Inference, node: ast.expr, display: ast.Dict) -> None:
        """The value as an entry of a dictionary that is spelt out."""
        if node in display.values:
            key = display.keys[display.values.index(node)]
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                self.entry(inference, display, key.value)
                return
        self.end(inference, node, Taken.UNSEEN, "put into a dictionary that is not followed")

    def assigned(
        self,
        inference: Inference,
        node: ast.expr,
        parent: ast.Assign | ast.AnnAssign | ast.NamedExpr,
    ) -> None:
        """The value as what an assignment gives its targets."""
        is_annotated = isinstance(parent, ast.AnnAssign) and _is_numeric(parent.annotation)
        if is_annotated and not self.as_amount:
            self.end(inference, node, Taken.NUMBER, "annotated as a number")
            return
        if isinstance(parent, ast.NamedExpr):
            self.value(inference, parent)
        targets = parent.targets if isinstance(parent, ast.Assign) else [parent.target]
        for target in targets:
            if isinstance(target, ast.Name):
                self.loads(inference, target, target.id, None)
            elif isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
                self.stored(inference, node, target, target.value)
            else:
                self.end(inference, node, Taken.UNSEEN, "kept in an object or a container")

    def stored(
        self, inference: Inference, node: ast.expr, target: ast.Subscript, owner: ast.Name
    ) -> None:
        """`data["key"] = value`."""
        key = target.slice
        home = inference.names.scope_of[owner].lookup(owner.id)
        bindings = home.bindings[owner.id] if home is not None else []
        is_own = len(bindings) == 1 and _is_dictionary(inference, bindings[0].value)
        if is_own and isinstance(key, ast.Constant) and isinstance(key.value, str):
            self.loads(inference, bindings[0].node, owner.id, key.value)
        else:
            self.end(inference, node, Taken.UNSEEN, "kept in an object or a container")

    # Names.

    def loads(self, inference: Inference, bound: ast.AST, name: str, key: str | None) -> None:
        """Follows every load of a name of a function, from one of the places that bind it."""
        if self.is_known(inference, bound, key):
            return
        names = inference.names
        scopes = (s for s in names.scopes if any(b.node is bound for b in s.bindings.get(name, ())))
        home = next(scopes, None)
        if home is None or home.kind is not ScopeKind.FUNCTION or looks_names_up(inference.module):
            self.end(inference, bound, Taken.UNSEEN, f"kept as `{name}`, which others may read")
            return
        for binding in home.bindings[name]:
            if isinstance(names.parents.get(binding.node), ast.AugAssign):
                self.end(inference, binding.node, Taken.RECKONED, "reckoned with")
        for node, scope in names.loads:
            if node.id == name and scope.lookup(name) is home:
                if key is None:
                    self.value(inference, node)
                else:
                    self.entry(inference, node, key)

    def parameter(
        self, inference: Inference, call: ast.Call, given: ast.AST, key: str | None
    ) -> None:
        """Follows an argument into a plain function of the project."""
        name = ast.unparse(call.func)
        other, function, skip = inference.calls.target(call)
        place = None
        is_plain = isinstance(call.func, ast.Name) and function is not None
        if function is not None and is_plain and gives_its_result(function):
            place = parameter_of(function, call, given, skip)
        if place is None or other is None or function is None or function.name == "__init__":
            self.end(inference, call, Taken.UNSEEN, f"handed to `{name}`, out of sight")
        elif key is None and _is_numeric(place.annotation) and not self.as_amount:
            self.end(inference, call, Taken.NUMBER, f"handed to `{name}` as a number")
        else:
            self.loads(other, place, place.arg, key)

    # A dictionary with the value under a key.

    def entry(self, inference: Inference, node: ast.expr, key: str) -> None:
        """Follows an expression that is a dictionary with the value in it."""
        if self.is_known(inference, node, key):
            return
        names = inference.names
        parent = names.parents.get(node)
        if isinstance(parent, ast.Subscript) and parent.value is node:
            self.item(inference, parent, parent.slice, key)
        elif isinstance(parent, ast.Attribute):
            self.method(inference, parent, key)
        elif isinstance(parent, ast.Assign | ast.AnnAssign) and parent.value is node:
            targets = parent.targets if isinstance(parent, ast.Assign) else [parent.target]
            for target in targets:
                if isinstance(target, ast.Name):
                    self.loads(inference, target, target.id, key)
                else:
                    self.end(inference, node, Taken.UNSEEN, "kept in an object or a container")
        elif isinstance(parent, ast.Compare) and _is_membership(parent, node):
            return
        elif isinstance(parent, ast.Dict) and _is_unpacked(parent, node):
            self.entry(inference, parent, key)
        elif isinstance(parent, ast.BinOp) and template_of(parent) is not None:
            self.percent(inference, node, parent, key)
        elif isinstance(parent, ast.Call) and parent.func is not node:
            self.given(inference, parent, node, key)
        elif isinstance(parent, ast.keyword):
            call = names.parents.get(parent)
            assert isinstance(call, ast.Call)
            if parent.arg is None and is_builtin_call(call, "dict", inference.names):
                self.entry(inference, call, key)
            else:
                self.given(inference, call, parent, key)
        elif not isinstance(parent, ast.Expr):
            self.end(inference, node, Taken.UNSEEN, "in a dictionary that is handed on")

    def percent(self, inference: Inference, node: ast.expr, parent: ast.BinOp, key: str) -> None:
        template = template_of(parent)
        is_text = template is not None and percent_takes_text(template, parent.right, node, key)
        taken = Taken.TEXT if is_text and parent.right is node else Taken.NUMBER
        self.end(inference, node, taken, "put into a text")

    def item(self, inference: Inference, found: ast.expr, at: ast.expr, key: str) -> None:
        """An entry that is read, or given anew."""
        if not isinstance(at, ast.Constant):
            self.end(inference, found, Taken.UNSEEN, "read by a key that is not spelt out")
        elif at.value == key and isinstance(getattr(found, "ctx", ast.Load()), ast.Load):
            self.value(inference, found)

    def method(self, inference: Inference, function: ast.Attribute, key: str) -> None:
        """A method of the dictionary."""
        call = inference.names.parents.get(function)
        if not isinstance(call, ast.Call) or call.func is not function:
            self.end(inference, function, Taken.UNSEEN, "in a dictionary that is handed on")
        elif function.attr in ("get", "pop") and call.args:
            self.item(inference, call, call.args[0], key)
        elif function.attr == "copy":
            self.entry(inference, call, key)
        elif function.attr != "update":
            self.end(inference, call, Taken.UNSEEN, f"read by `.{function.attr}()`")

    def given(self, inference: Inference, call: ast.Call, given: ast.AST, key: str) -> None:
        """The dictionary as an argument."""
        name = imported_as(inference.names, call.func)
        is_first = bool(call.args) and call.args[0] is given
        if is_first and name == _URLENCODE and len(call.args) == 1:
            self.end(inference, call, Taken.TEXT, "put into a form")
        elif is_first and name in _JSON:
            self.end(inference, call, Taken.NUMBER, "a number in JSON")
        elif is_first and is_builtin_call(call, "dict", inference.names):
            self.entry(inference, call, key)
        else:
            self.parameter(inference, call, given, key)


def _is_numeric(annotation: ast.expr | None) -> bool:
    if annotation is None:
        return False
    word = annotation.value if isinstance(annotation, ast.Constant) else ast.unparse(annotation)
    return word in _NUMERIC


def _is_dictionary(inference: Inference, value: ast.expr | None) -> bool:
    is_call = isinstance(value, ast.Call) and is_builtin_call(value, "dict", inference.names)
    return is_call or isinstance(value, ast.Dict)


def _is_membership(comparison: ast.Compare, node: ast.expr) -> bool:
    if comparison.comparators != [node]:
        return False
    return isinstance(comparison.ops[0], ast.In | ast.NotIn)


def _is_unpacked(display: ast.Dict, node: ast.expr) -> bool:
    return any(k is None and v is node for k, v in zip(display.keys, display.values, strict=True))

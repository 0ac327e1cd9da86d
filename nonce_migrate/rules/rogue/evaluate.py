"""Computes what an expression of a file counts, and in which unit."""

from __future__ import annotations

import ast
from dataclasses import replace

from nonce_migrate.resolve.scopes import BindingKind
from nonce_migrate.rules.rogue.catalogue import CALLS, CCXT_METHODS, FROM_FIELDS, NUMBERS, TEXTS
from nonce_migrate.rules.rogue.lookup import Lookup
from nonce_migrate.rules.rogue.reading import Form, Hop, Kind, Reading
from nonce_migrate.rules.rogue.templates import pieces

_MOST_STEPS = 40
_NUMERIC = (Form.INT, Form.FLOAT)
_MOMENT_METHODS = {
    "timestamp": Form.FLOAT,
    "float_timestamp": Form.FLOAT,
    "total_seconds": Form.FLOAT,
    "timetuple": Form.FIELDS,
    "utctimetuple": Form.FIELDS,
    "astimezone": Form.MOMENT,
    "replace": Form.MOMENT,
}


class Evaluator:
    """Readings of expressions; None for what has nothing to do with a clock or a random source."""

    def __init__(self, lookup: Lookup) -> None:
        self.lookup = lookup
        self.knows_ccxt = lookup.has_import("ccxt")
        self._known: dict[ast.expr, Reading | None] = {}

    def read(self, node: ast.expr, steps: int = 0) -> Reading | None:
        """What an expression counts; names and calls of this file's functions are followed."""
        if node not in self._known:
            self._known[node] = None
            self._known[node] = self._read(node, steps + 1) if steps < _MOST_STEPS else None
        return self._known[node]

    def _read(self, node: ast.expr, steps: int) -> Reading | None:
        if isinstance(node, ast.Call):
            return self._call(node, steps)
        if isinstance(node, ast.BinOp):
            return self._arithmetic(node, steps)
        if isinstance(node, ast.Name):
            return self._name(node, steps)
        if isinstance(node, ast.Attribute):
            return self._attribute(node, steps)
        if isinstance(node, ast.Subscript):
            return self._subscript(node, steps)
        if isinstance(node, ast.JoinedStr):
            return self._digits(node, steps)
        if isinstance(node, ast.NamedExpr | ast.Await):
            return self.read(node.value, steps)
        return None

    def _name(self, node: ast.Name, steps: int) -> Reading | None:
        bound = self.lookup.bindings(node)
        only = bound[0] if len(bound) == 1 else None
        if only is None or only.kind is not BindingKind.ASSIGNMENT or only.value is None:
            return None
        reading = self.read(only.value, steps)
        if reading is None:
            return None
        hop = Hop(only.value, f"`{node.id}` is set to `{self.lookup.text(only.value)}`")
        return replace(reading, hops=(hop, *reading.hops))

    def _attribute(self, node: ast.Attribute, steps: int) -> Reading | None:
        owner = self.read(node.value, steps)
        if owner is None:
            return None
        if owner.kind is Kind.UUID and node.attr in ("int", "time", "hex"):
            return owner.as_form(Form.TEXT if node.attr == "hex" else Form.INT)
        if owner.form is Form.MOMENT and node.attr == "value":
            return owner.times(1e9).as_form(Form.INT)
        if owner.form is Form.MOMENT and node.attr in ("timestamp", "float_timestamp"):
            return owner.as_form(Form.FLOAT)
        return None

    def _subscript(self, node: ast.Subscript, steps: int) -> Reading | None:
        """`text[:13]`, and `text.split(".")[0]`."""
        owner = self.read(node.value, steps)
        if owner is None or owner.form is not Form.TEXT:
            return None
        if isinstance(node.slice, ast.Slice) and node.slice.step is None:
            end = self.lookup.number(node.slice.upper) if node.slice.upper else None
            if node.slice.lower is None and end is not None and end > 0:
                return owner.first_digits(int(end))
            return owner.times(None)
        method = node.value.func if isinstance(node.value, ast.Call) else None
        is_split = isinstance(method, ast.Attribute) and method.attr in ("split", "partition")
        return owner if is_split and self.lookup.number(node.slice) == 0 else None

    def _arithmetic(self, node: ast.BinOp, steps: int) -> Reading | None:
        if isinstance(node.op, ast.Mod) and isinstance(node.left, ast.Constant | ast.JoinedStr):
            return self._digits(node, steps)
        left = self.read(node.left, steps)
        if left is not None and left.form is Form.TEXT:
            return self._digits(node, steps) if isinstance(node.op, ast.Add) else None
        if left is None:
            return self._from_the_right(node, steps)
        if isinstance(node.op, ast.Sub) and left.form is Form.MOMENT:
            return left.as_form(Form.SPAN) if self.read(node.right, steps) is None else None
        if left.form is Form.SPAN and isinstance(node.op, ast.Div | ast.FloorDiv):
            return self._spans(left, node)
        if left.form not in _NUMERIC:
            return None
        if not left.is_clock:
            return left.as_form(Form.INT)
        return self._changed(left, node.op, self.lookup.number(node.right), node, steps)

    def _spans(self, left: Reading, node: ast.BinOp) -> Reading | None:
        """`span / timedelta(milliseconds=1)`."""
        call = node.right
        if not isinstance(call, ast.Call) or self.lookup.dotted(call.func) != "datetime.timedelta":
            return None
        form = Form.INT if isinstance(node.op, ast.FloorDiv) else Form.FLOAT
        units = {"seconds": 1.0, "milliseconds": 1e3, "microseconds": 1e6}
        if len(call.keywords) == 1 and not call.args:
            count = self.lookup.number(call.keywords[0].value)
            unit = units.get(call.keywords[0].arg or "")
            return left.as_form(form).times(unit / count if unit and count else None)
        return left.as_form(form).times(None)

    def _from_the_right(self, node: ast.BinOp, steps: int) -> Reading | None:
        """`1000 * time.time()`, `base + int(time.time())`."""
        right = self.read(node.right, steps)
        if right is None or right.form not in _NUMERIC:
            return None
        if not right.is_clock:
            return right.as_form(Form.INT)
        number = self.lookup.number(node.left)
        if isinstance(node.op, ast.Mult):
            form = right.form if number is None or number == int(number) else Form.FLOAT
            return right.times(number).as_form(form)
        return right.plus(number) if isinstance(node.op, ast.Add) else None

    def _changed(
        self, left: Reading, op: ast.operator, number: float | None, node: ast.BinOp, steps: int
    ) -> Reading | None:
        if isinstance(op, ast.Mult):
            is_whole = left.form is Form.INT and _is_int(node.right)
            return left.times(number).as_form(Form.INT if is_whole else Form.FLOAT)
        if isinstance(op, ast.Div | ast.FloorDiv):
            form = left.form if isinstance(op, ast.FloorDiv) else Form.FLOAT
            return left.times(1 / number if number else None).as_form(form)
        if isinstance(op, ast.Add):
            return left.plus(number)
        if isinstance(op, ast.Sub):
            # Less something that is no constant is an age, not a time.
            return None if number is None else left.plus(-number)
        is_wrapped = isinstance(op, ast.Mod | ast.BitAnd | ast.BitOr | ast.BitXor)
        return left.times(None).plus(None) if is_wrapped else left.times(None)

    def _digits(self, node: ast.expr, steps: int) -> Reading | None:
        """Text that is a clock's digits, perhaps with more digits behind them."""
        parts = [part for part in pieces(node) if part != ""]
        first = parts[0] if parts else ""
        reading = None if isinstance(first, str) else self.read(first, steps)
        if reading is None:
            return None
        reading = reading.as_form(Form.TEXT)
        for part in parts[1:]:
            if isinstance(part, str):
                if not part.isdecimal():
                    return None
                reading = reading.times(10.0 ** len(part))
            else:
                reading = reading.times(None)
        return reading

    def _call(self, node: ast.Call, steps: int) -> Reading | None:
        dotted = self.lookup.dotted(node.func)
        if dotted in CALLS:
            return self._catalogued(dotted, node)
        if dotted in NUMBERS or dotted in TEXTS:
            return self._converted(dotted, node, steps)
        if dotted in FROM_FIELDS:
            fields = self._first(node, steps)
            return fields.as_form(Form.INT) if fields and fields.form is Form.FIELDS else None
        if dotted == "next":
            counter = self._first(node, steps)
            return counter.as_form(Form.INT) if counter and counter.kind is Kind.COUNTER else None
        if dotted in ("max", "min"):
            return self._one_of(node, steps)
        if dotted == "int.from_bytes":
            drawn = self._first(node, steps)
            return drawn.as_form(Form.INT) if drawn else None
        if isinstance(node.func, ast.Attribute):
            found = self._method(node, node.func, steps)
            if found is not None:
                return found
        return self._own_function(node, steps)

    def _first(self, node: ast.Call, steps: int) -> Reading | None:
        return self.read(node.args[0], steps) if node.args else None

    def _catalogued(self, dotted: str, node: ast.Call) -> Reading:
        reading = CALLS[dotted]
        if dotted == "time.strftime":
            return _formatted(reading, node)
        return reading

    def _converted(self, dotted: str, node: ast.Call, steps: int) -> Reading | None:
        reading = self._first(node, steps)
        if reading is None or reading.form in (Form.MOMENT, Form.SPAN, Form.FIELDS, Form.BYTES):
            return None
        if dotted in TEXTS:
            return reading.as_form(Form.TEXT)
        form = NUMBERS[dotted] or reading.form
        if dotted == "round" and len(node.args) > 1:
            form = reading.form
        return reading.as_form(form)

    def _one_of(self, node: ast.Call, steps: int) -> Reading | None:
        """`max(clock, last + 1)` goes on from a value of its own."""
        found = [self.read(argument, steps) for argument in node.args]
        clock = next((reading for reading in found if reading is not None), None)
        return clock.plus(None) if clock is not None and clock.form in _NUMERIC else None

    def _method(self, node: ast.Call, method: ast.Attribute, steps: int) -> Reading | None:
        if self.knows_ccxt and not node.args and method.attr in CCXT_METHODS:
            return CCXT_METHODS[method.attr]
        if method.attr == "format":
            return self._digits(node, steps)
        owner = self.read(method.value, steps)
        if owner is None:
            return None
        if owner.kind is Kind.COUNTER and method.attr == "__next__":
            return owner.as_form(Form.INT)
        if owner.form in (Form.MOMENT, Form.SPAN) and method.attr in _MOMENT_METHODS:
            return owner.as_form(_MOMENT_METHODS[method.attr])
        if owner.form is Form.MOMENT and method.attr in ("strftime", "isoformat", "format"):
            return _formatted(owner, node)
        if owner.form is Form.TEXT:
            return _changed_text(owner, node, method.attr)
        return None

    def _own_function(self, node: ast.Call, steps: int) -> Reading | None:
        function = self.lookup.function(node)
        results = list(self.lookup.results(function)) if function is not None else []
        if function is None or len(results) != 1:
            return None
        reading = self.read(results[0], steps)
        if reading is None:
            return None
        hop = Hop(results[0], f"`{function.name}` returns `{self.lookup.text(results[0])}`")
        return replace(reading, hops=(hop, *reading.hops))


def _is_int(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int)


def _formatted(moment: Reading, node: ast.Call) -> Reading:
    first = node.args[0] if node.args else None
    is_seconds = isinstance(first, ast.Constant) and first.value in ("%s", "X")
    return Reading(moment.kind, Form.TEXT, 1.0 if is_seconds else None, hops=moment.hops)


def _changed_text(text: Reading, node: ast.Call, method: str) -> Reading | None:
    if method in ("split", "partition", "strip", "lstrip"):
        return text
    if method == "replace":
        # Without the point, how many digits are left depends on the moment.
        return text.times(None)
    return text.times(None) if method in ("zfill", "ljust", "rjust", "rstrip") else None

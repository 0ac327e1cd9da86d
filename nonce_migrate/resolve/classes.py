"""The classes of a project: what inherits from what, and where a method is found."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from nonce_migrate.resolve.definitions import Function, method
from nonce_migrate.resolve.held import Own
from nonce_migrate.resolve.referents import Definition, Names

# Bases that bring no attribute and call no method on their own.
_PLAIN = frozenset(("object", "ABC", "Protocol", "Generic", "NamedTuple", "TypedDict"))
_PLAIN_META = frozenset(("ABCMeta", "abc.ABCMeta", "type"))


class Classes:
    """Answers for all classes of the files that are read."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.by_key: dict[Own, Definition] = {}
        self._key: dict[ast.AST, Own] = {}
        for module in names.modules.values():
            for scope in module.names.scopes:
                if isinstance(scope.node, ast.ClassDef):
                    own = Own(module.path, scope.node.name, scope.node.lineno)
                    self.by_key[own] = Definition(module, scope.node)
                    self._key[scope.node] = own
        self._bases = {own: tuple(self._read_bases(own)) for own in self.by_key}
        self._below: dict[Own, set[Own]] = {}
        self._orders = {own: tuple(self._order(own, ())) for own in self.by_key}
        for own, order in self._orders.items():
            for above in order:
                if above is not None:
                    self._below.setdefault(above, set()).add(own)

    def key(self, node: ast.ClassDef) -> Own:
        """The key of a class statement."""
        return self._key[node]

    def order(self, own: Own) -> tuple[Own | None, ...]:
        """A class and those it inherits from, as methods are looked up; None: one not read.

        Where two bases share one of their own, that stands after both, as in Python's own order.
        """
        return self._orders.get(own, (None,))

    def with_subclasses(self, own: Own) -> tuple[Own, ...]:
        """A class and all that inherit from it, in a fixed order."""
        return tuple(sorted(self._below.get(own, {own}), key=_place))

    def family(self, own: Own) -> tuple[Own, ...]:
        """Every class whose code can run on an object that some code takes for one of `own`."""
        found = {o for below in self.with_subclasses(own) for o in self.order(below)}
        return tuple(sorted((o for o in found if o is not None), key=_place))

    def inherits_unread(self, own: Own) -> bool:
        """Whether a base is not read, so that it may call methods of the class."""
        return any(None in self.order(below) for below in self.family(own))

    def has_metaclass(self, own: Own) -> bool:
        """Whether a class, or one it inherits from, names a metaclass of its own."""
        above = (self.by_key[key].node for key in self.order(own) if key is not None)
        return any(
            keyword.arg == "metaclass" and ast.unparse(keyword.value) not in _PLAIN_META
            for node in above
            if isinstance(node, ast.ClassDef)
            for keyword in node.keywords
        )

    def find(self, own: Own, name: str) -> tuple[Definition, Function] | None:
        """The method that objects of exactly this class have, None where that is not known."""
        return self._find(self.order(own), name)

    def after(self, own: Own, name: str) -> Iterator[tuple[Definition, Function]]:
        """The methods that `super().name` in a class can be: which one depends on the object."""
        for below in self.with_subclasses(own):
            order = self.order(below)
            found = self._find(order[order.index(own) + 1 :], name)
            if found is not None:
                yield found

    def methods(self, own: Own, name: str) -> tuple[tuple[Definition, Function], ...]:
        """The methods that `x.name` can be where x is of a class or of one that inherits it."""
        found = (self.find(below, name) for below in self.with_subclasses(own))
        return tuple(dict.fromkeys(f for f in found if f is not None))

    def field_of(self, own: Own, call: ast.Call, child: ast.AST) -> str | None:
        """The field of a dataclass or named tuple that an argument of its constructor sets."""
        names = [n for above in reversed(self.order(own)) if above for n in self._fields(above)]
        if isinstance(child, ast.keyword):
            return child.arg if child.arg in names else None
        fields = list(dict.fromkeys(names))
        place = next((i for i, given in enumerate(call.args) if given is child), len(fields))
        return fields[place] if place < len(fields) else None

    def _fields(self, own: Own) -> list[str]:
        found = [n.target for n in self.by_key[own].node.body if isinstance(n, ast.AnnAssign)]
        return [target.id for target in found if isinstance(target, ast.Name)]

    def _find(self, order: Iterable[Own | None], name: str) -> tuple[Definition, Function] | None:
        for own in order:
            if own is None:
                return None
            definition = self.by_key[own]
            assert isinstance(definition.node, ast.ClassDef)
            found = method(definition.node, name)
            if found is not None:
                return definition, found
        return None

    def _read_bases(self, own: Own) -> Iterator[Own | None]:
        definition = self.by_key[own]
        assert isinstance(definition.node, ast.ClassDef)
        for keyword in definition.node.keywords:
            if keyword.arg == "metaclass" and ast.unparse(keyword.value) not in _PLAIN_META:
                yield None
        for base in definition.node.bases:
            node = base.value if isinstance(base, ast.Subscript) else base
            found = self.names.of_expression(definition.module, node)
            classes = [d.node for d in found.definitions if isinstance(d.node, ast.ClassDef)]
            yield from (self._key[node] for node in classes)
            word = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
            if not classes and word not in _PLAIN:
                yield None

    def _order(self, own: Own, around: tuple[Own, ...]) -> list[Own | None]:
        """Depth first, each class where it comes last: what Python does in all but odd cases."""
        found: list[Own | None] = [own]
        for base in self._bases[own]:
            if base is None:
                found.append(None)
            elif base not in around:
                found.extend(self._order(base, (*around, own)))
        last = {o: position for position, o in enumerate(found)}
        return [o for position, o in enumerate(found) if o is None or last[o] == position]


def _place(own: Own) -> tuple[str, int, str]:
    return own.path, own.line, own.name

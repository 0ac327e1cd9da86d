"""The names under which a project hands legacy things from file to file."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from nonce_migrate.resolve.held import Own, Value
from nonce_migrate.resolve.inference import Inference
from nonce_migrate.resolve.program import Program
from nonce_migrate.resolve.project import ModuleTarget, Project, SymbolTarget
from nonce_migrate.resolve.scopes import Scope, ScopeKind

# Methods of builtin types: what is handed to them stays in a container, and nobody defines them.
_OF_BUILTINS = frozenset(name for kind in (list, dict, set, str) for name in dir(kind))


def handing_words(program: Program) -> frozenset[str]:
    """The names, not among the program's, that a file must be read for if it mentions one of them.

    They are bound to something legacy in one of the modules, or to what keeps, returns or is given
    a legacy object, or an object that leads to one; so are their aliases and classes that inherit.
    """
    words = program.words
    matters = _Matters(program)
    found = {own.name for own in matters.leading}
    for inference in program.inferences.values():
        calls = _giving(inference)
        found |= set(_bound(inference)) | set(_given(inference, calls, matters))
        found |= {name for name, value in inference.attributes.stored() if matters(value)}
        found |= {function.name for function, _ in inference.calls.returning()}
        found |= set(_contained(inference, calls, matters))
        if any(
            _is_legacy_class(inference, c) for t in inference.module.class_tests.values() for c in t
        ):
            found |= program.project.replacements
    found |= _aliases(program, found | words)
    return frozenset(word for word in found if word and not word.startswith("__")) - words


class _Matters:
    """Whether a value can be a legacy object, or one of the project's that leads to such a one."""

    def __init__(self, program: Program) -> None:
        keepers: dict[Own, set[Own]] = {}
        self.leading: set[Own] = set()
        words = program.legacy_trail.words
        for own, definition in program.classes.by_key.items():
            assert isinstance(definition.node, ast.ClassDef)
            attributes = program.inferences[own.path].attributes
            for name in words.intersection(attributes.sources(definition.node)):
                value = attributes.of(own, name)
                if value is not None and value.instances and not value.is_guess:
                    self.leading |= set(program.classes.family(own))
                for held in value.held if value is not None else ():
                    if isinstance(held, Own):
                        keepers.setdefault(held, set()).update(program.classes.family(own))
        waiting = list(self.leading)
        while waiting:
            for keeper in keepers.get(waiting.pop(), set()) - self.leading:
                self.leading.add(keeper)
                waiting.append(keeper)

    def at(self, inference: Inference, node: ast.expr) -> bool:
        """Whether the value of an expression can."""
        return inference.may_be_legacy(node) and self(inference.value(node))

    def __call__(self, value: Value) -> bool:
        return not value.is_guess and (
            bool(value.instances) or not self.leading.isdisjoint(value.held)
        )


def _bound(inference: Inference) -> Iterator[str]:
    """Top-level names that are legacy themselves, or hold a legacy object."""
    project, module = inference.project, inference.module
    words = inference.program.legacy_trail.words
    imported = {
        binding.name
        for binding in module.names.imported
        if binding.scope is module.names.module
        and _is_legacy(project, project.imported(module, binding))
    }
    for name in module.names.module.bindings:
        may_hold = name in words and name not in imported
        if name in imported or (may_hold and inference.name(name, module.names.module).instances):
            yield name
    for star in project.stars(module):
        system = project.index.legacy.get(star.module)
        if system is not None:
            yield from {*system.symbols, *project.defined_names(star.module)}


def _given(inference: Inference, calls: Iterable[ast.Call], matters: _Matters) -> Iterator[str]:
    """Functions and classes that one of some calls gives a legacy object."""
    for call in calls:
        given = [*call.args, *(keyword.value for keyword in call.keywords)]
        parts = [e for g in given if isinstance(g, ast.Tuple | ast.List) for e in g.elts]
        if any(matters.at(inference, part) for part in parts):
            run = next((k.value for k in call.keywords if k.arg == "target"), None)
            yield from (_last_name(run),) if run is not None else ()
        if not any(matters.at(inference, g) for g in given):
            continue
        function = call.func
        if isinstance(function, ast.Attribute) and function.attr == "__init__":
            yield from _constructed(inference, function)
            continue
        if inference.calls.references.is_foreign(inference.module, function):
            continue
        if isinstance(function, ast.Attribute) and function.attr not in _OF_BUILTINS:
            yield function.attr
        elif isinstance(function, ast.Name):
            yield function.id
        for keyword in call.keywords:
            if keyword.arg is not None and matters.at(inference, keyword.value):
                yield keyword.arg


def _giving(inference: Inference) -> list[ast.Call]:
    """The calls that may be given one, also within a tuple or list."""
    giving = inference.program.legacy_trail.calls
    return [call for call, _ in inference.names.calls if call in giving]


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _constructed(inference: Inference, function: ast.Attribute) -> Iterator[str]:
    """The classes whose constructor `super().__init__` or `Base.__init__` can be."""
    yield _last_name(function.value)
    for parent in inference.names.ancestors(function):
        if isinstance(parent, ast.ClassDef):
            yield from (_last_name(base) for base in parent.bases)
            return


def _contained(inference: Inference, calls: Iterable[ast.Call], matters: _Matters) -> Iterator[str]:
    """Variables and attributes that are containers of legacy objects, some by such calls."""
    for node, given in inference.names.assigned.items():
        if not inference.may_be_legacy(given):
            continue
        if isinstance(node, ast.Subscript) and matters.at(inference, given):
            node = node.value
        elif not _holds(inference, matters, given):
            continue
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Name) and _is_shared(inference.names.scope_of[node]):
            yield node.id
    for call in calls:
        function = call.func
        if isinstance(function, ast.Attribute) and any(matters.at(inference, g) for g in call.args):
            if isinstance(function.value, ast.Attribute):
                yield function.value.attr
            elif isinstance(function.value, ast.Name):
                yield function.value.id


def _holds(inference: Inference, matters: _Matters, node: ast.expr) -> bool:
    if not isinstance(
        node, ast.List | ast.Tuple | ast.Set | ast.Dict | ast.ListComp | ast.DictComp
    ):
        return False
    items = inference.containers.items(node)
    return items is not None and matters(items)


def _is_shared(scope: Scope) -> bool:
    return scope.kind is not ScopeKind.FUNCTION


def _aliases(program: Program, words: Iterable[str]) -> set[str]:
    """Other names of what the words name: `import x as y`, and classes that inherit."""
    known = set(words)
    size = 0
    while size != len(known):
        size = len(known)
        known |= {other for name, other in program.facts.other_names if name in known}
    return known - set(words)


def _is_legacy_class(inference: Inference, cls: ast.expr) -> bool:
    """Whether a class test is for a legacy class: an object of the new class may reach it."""
    return isinstance(inference.value(cls).proven, SymbolTarget)


def _is_legacy(project: Project, target: object) -> bool:
    if isinstance(target, ModuleTarget):
        return target.module in project.index.legacy
    return isinstance(target, SymbolTarget)
